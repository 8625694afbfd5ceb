using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Florist.Tests.Testing.Postgres;

/// <summary>
/// A PostgreSQL server of this process's own: made in a temporary folder when it is first asked for, on a free port of
/// the loopback, flushing to disk as in production. It ends with the process that started it, however that ends.
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private const string User = "postgres";

    // The server runs beside the shell, which reads from the test's process until that ends or closes the pipe, and
    // then takes the server away. Each line is a crash: the server ends without finishing anything and starts again. The locale is one in which "a" stands before "B", which nothing of ours may depend on.
    private const string Script = """
        set -e
        "$BIN/initdb" -D "$DIR/data" -U postgres -A trust -E UTF8 --no-sync --locale=C.UTF-8 \
            --locale-provider=icu --icu-locale=en >"$DIR/initdb.log" 2>&1
        serve() {
            "$BIN/postgres" -D "$DIR/data" -p "$PORT" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
                -c max_connections=200 -c shared_buffers=64MB -c fsync=on -c autovacuum_naptime=5 \
                >>"$DIR/server.log" 2>&1 &
            server=$!
        }
        serve
        trap '' INT TERM HUP
        while read -r line; do
            kill -QUIT $server
            wait $server || true
            serve
        done
        kill -INT $server || true
        wait $server || true
        rm -rf "$DIR/data"
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly Lazy<Task<PostgresCluster>> Shared = new(Start);
    private static int names;

    private readonly Process process;
    private readonly string folder;

    private PostgresCluster(Process process, string folder, int port)
    {
        this.process = process;
        this.folder = folder;
        Port = port;
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>Why there can be none; null when there can.</summary>
    public static string? WhyNot =>
        Binaries is null ? "PostgreSQL is not installed here (Debian: apt-get install postgresql-15)" : null;

    /// <summary>True when this process has started it.</summary>
    public static bool IsStarted => Shared.IsValueCreated;

    /// <summary>The server of this process, started when it is first asked for.</summary>
    public static Task<PostgresCluster> Running() => Shared.Value;

    /// <summary>A server of the caller's alone, to be disposed by it.</summary>
    public static async Task<PostgresCluster> Start()
    {
        string folder = Directory.CreateTempSubdirectory("florist-postgres-").FullName;
        int port = FreePort();
        bool isRoot = Environment.UserName == "root";
        if (isRoot)
        {
            // PostgreSQL refuses to run as root.
            await Run("chown", "postgres", folder);
        }

        ProcessStartInfo start = isRoot
            ? new("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", "sh", "-c", Script])
            : new("sh", ["-c", Script]);
        start.WorkingDirectory = folder;
        start.RedirectStandardInput = true;
        start.Environment["BIN"] = Binaries;
        start.Environment["DIR"] = folder;
        start.Environment["PORT"] = port.ToString(CultureInfo.InvariantCulture);
        start.Environment["LC_ALL"] = "C.UTF-8";
        Process process = Process.Start(start) ?? throw new InvalidOperationException("the shell did not start");
        PostgresCluster cluster = new(process, folder, port);
        await cluster.UntilReady();
        return cluster;
    }

    /// <summary>Lets the server end as in a crash, and returns when it has recovered.</summary>
    public async Task Crash()
    {
        string before = await Started();
        await process.StandardInput.WriteLineAsync("crash");
        await process.StandardInput.FlushAsync();
        using CancellationTokenSource limit = new(Patience);
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(50));
        while (await Started() is var now && (now.Length == 0 || now == before))
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>How to reach an empty database of its own.</summary>
    public async Task<string> NewDatabase()
    {
        string name = Name();
        await Execute($"CREATE DATABASE {name}");
        return Text(name).ConnectionString;
    }

    /// <summary>How to reach an empty schema of its own, which is made faster than a database.</summary>
    public async Task<string> NewSchema()
    {
        string name = Name();
        await Execute($"CREATE SCHEMA {name}");
        NpgsqlConnectionStringBuilder text = Text(User);
        text.SearchPath = name;
        return text.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        using CancellationTokenSource limit = new(Patience);
        await process.WaitForExitAsync(limit.Token);
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static string? Binaries { get; } = new[] { 17, 16, 15 }
        .Select(version => $"/usr/lib/postgresql/{version}/bin")
        .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
        .FirstOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")) && File.Exists(Path.Combine(bin, "postgres")));

    private static NpgsqlConnectionStringBuilder Text(string database, int port) => new()
    {
        Host = "127.0.0.1",
        Port = port,
        Username = User,
        Database = database,
    };

    private static string Name() =>
        string.Create(CultureInfo.InvariantCulture, $"t{Environment.ProcessId}_{Interlocked.Increment(ref names)}");

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task Run(string program, params string[] arguments)
    {
        using Process run = Process.Start(program, arguments);
        await run.WaitForExitAsync();
        _ = run.ExitCode == 0 ? 0 : throw new InvalidOperationException($"{program} failed");
    }

    private NpgsqlConnectionStringBuilder Text(string database) => Text(database, Port);

    private async Task UntilReady()
    {
        using CancellationTokenSource limit = new(Patience);
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            await timer.WaitForNextTickAsync(limit.Token);
            if (process.HasExited)
            {
                throw new InvalidOperationException($"PostgreSQL did not start: {Logs()}");
            }

            try
            {
                await Execute("SELECT 1");
                return;
            }
            catch (NpgsqlException)
            {
                // Not yet.
            }
        }
    }

    /// <summary>When it was started, as text; the empty text while it cannot be asked.</summary>
    private async Task<string> Started()
    {
        try
        {
            return await Execute("SELECT pg_postmaster_start_time()::text") as string ?? "";
        }
        catch (NpgsqlException)
        {
            return "";
        }
    }

    private string Logs() => string.Join(
        '\n', Directory.GetFiles(folder, "*.log").Order(StringComparer.Ordinal).Select(File.ReadAllText));

    private async Task<object?> Execute(string sql)
    {
        NpgsqlConnectionStringBuilder text = Text(User);
        text.Pooling = false;
        await using NpgsqlConnection connection = new(text.ConnectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
