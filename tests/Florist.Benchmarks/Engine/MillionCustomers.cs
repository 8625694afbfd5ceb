using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Florist.Benchmarks.Engine;

/// <summary>
/// What a million customers on the disk cost the server as a process: memory beside the same server with none, the time
/// until it serves, and how soon fifty thousand wake-ups that fell due meanwhile are done, their results durable.
/// </summary>
internal static class MillionCustomers
{
    private const int Customers = 1_000_000;
    private const int Due = 50_000;
    private const double MemoryMbMax = 150;
    private const double StartSecondsMax = 5;
    private const double WakesSecondsMax = 60;
    private const string Announcement = "Florist serves gRPC at";

    private static readonly TimeSpan PatienceMax = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    public static async Task Run()
    {
        string folder = Directory.CreateTempSubdirectory("florist-million-").FullName;
        try
        {
            string full = Path.Combine(folder, "full");
            Stopwatch filling = Stopwatch.StartNew();
            await MillionFiller.Fill(full, Customers, Due);
            Say($"filled in {filling.Elapsed.TotalSeconds:0.0} s, {SizeMb(full):0} MB");

            double empty = await Idle(Path.Combine(folder, "empty"));
            await Measure(full, empty);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<double> Idle(string folder)
    {
        using Process server = Start(folder);
        await Ready(server);
        await Task.Delay(Settling);
        double memory = MemoryMb(server);
        await Stop(server);
        return memory;
    }

    private static async Task Measure(string folder, double emptyMb)
    {
        long dueBefore = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        using Process server = Start(folder);
        TimeSpan start = await Ready(server);
        Stopwatch waking = Stopwatch.StartNew();
        double highest = MemoryMb(server);
        string database = Path.Combine(folder, "florist.db");
        using SqliteConnection look = new($"Data Source={database};Mode=ReadOnly;Pooling=False");
        await look.OpenAsync();
        string countDue = string.Create(
            CultureInfo.InvariantCulture, $"SELECT COUNT(*) FROM wake WHERE not_before <= {dueBefore}");
        TimeSpan? settled = null;
        while (waking.Elapsed < PatienceMax)
        {
            highest = Math.Max(highest, MemoryMb(server));
            if (settled is null && await Number(look, countDue) == 0)
            {
                settled = waking.Elapsed;
            }

            if (settled is not null && await Number(look, "SELECT COUNT(*) FROM outbox WHERE parked = 0") == 0)
            {
                break;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }

        long reminded = await Number(look, "SELECT COUNT(*) FROM grain_row WHERE kind = 'reminded'");
        long decided = await Number(look, "SELECT COUNT(*) FROM grain_row WHERE kind = 'message'");
        Say($"{reminded} reminders settled, {decided} messages decided after {waking.Elapsed.TotalSeconds:0.0} s");
        await Stop(server);
        Figure.Limit("engine.million_customers.memory_mb_more", Math.Max(1, highest - emptyMb), MemoryMbMax);
        Figure.Limit("engine.million_customers.start_s", start.TotalSeconds, StartSecondsMax);
        Figure.Limit(
            "engine.million_customers.wakes_50000_s",
            reminded == Due && settled is { } time ? time.TotalSeconds : double.PositiveInfinity,
            WakesSecondsMax);
    }

    private static Process Start(string folder)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "Florist.Server.dll");
        ProcessStartInfo start = new("dotnet",
        [
            program, "serve", "--data", folder, "--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default=Warning",
        ])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardOutput = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        return Process.Start(start) ?? throw new InvalidOperationException("the server did not start");
    }

    private static async Task<TimeSpan> Ready(Process server)
    {
        Stopwatch waiting = Stopwatch.StartNew();
        using CancellationTokenSource limit = new(PatienceMax);
        while (await server.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.Contains(Announcement, StringComparison.Ordinal))
            {
                // Read on, or the server would wait for us once the pipe is full.
                _ = server.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                return waiting.Elapsed;
            }
        }

        throw new InvalidOperationException("the server ended before it served");
    }

    private static async Task Stop(Process server)
    {
        server.Kill();
        await server.WaitForExitAsync();
    }

    private static double MemoryMb(Process server)
    {
        server.Refresh();
        return server.WorkingSet64 / 1048576.0;
    }

    private static async Task<long> Number(SqliteConnection connection, string sql)
    {
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    private static double SizeMb(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Length) / 1048576.0;

    private static void Say(FormattableString text) =>
        Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
