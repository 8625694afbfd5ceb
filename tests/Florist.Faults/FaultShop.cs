using System.Collections.Immutable;
using System.Diagnostics;
using Florist.Faults.Checks;
using Florist.Faults.Load;
using Florist.Faults.Processes;
using Florist.Faults.Providers;
using Florist.Tests.Testing;
using Florist.Tests.Testing.Postgres;
using Microsoft.Data.Sqlite;

namespace Florist.Faults;

/// <summary>
/// A shop to be hurt: a data folder that outlives its servers, providers in a process of their own, clients with a
/// ledger, and the checker that compares all of them.
/// </summary>
internal sealed class FaultShop : IDisposable
{
    private static readonly TimeSpan QuietWithin = TimeSpan.FromSeconds(150);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    private readonly TempFolder folder;
    private readonly ProvidersProcess providers;
    private readonly string? postgres;
    private readonly int port;

    private FaultShop(TempFolder folder, ProvidersProcess providers, string? postgres)
    {
        this.postgres = postgres;
        this.folder = folder;
        this.providers = providers;
        port = ShopSettings.FreePort();
        Ledger = new ClientLedger(Path.Combine(folder.Path, "clients.log"));
        Shoppers = new Shoppers(new Uri($"http://127.0.0.1:{port}"), Ledger);
    }

    /// <summary>What clients know.</summary>
    public ClientLedger Ledger { get; }

    /// <summary>The clients.</summary>
    public Shoppers Shoppers { get; }

    /// <summary>The server's data folder.</summary>
    public string DataFolder => Path.Combine(folder.Path, "data");

    /// <summary>What providers have accepted.</summary>
    public ImmutableArray<SentMessage> Sent => providers.Sent;

    private string PaymentsPath => Path.Combine(folder.Path, "payments.log");

    /// <summary>An empty shop.</summary>
    /// <param name="onPostgres">True: on a PostgreSQL server, which must be installed; false: on SQLite.</param>
    public static async Task<FaultShop> Open(bool onPostgres = false)
    {
        string? postgres = onPostgres ? await (await PostgresCluster.Running()).NewDatabase() : null;
        TempFolder folder = new();
        ProvidersProcess providers = await ProvidersProcess.Start(
            Path.Combine(folder.Path, "sent.log"), Path.Combine(folder.Path, "data", "sandbox-clock"));
        return new FaultShop(folder, providers, postgres);
    }

    /// <summary>Starts a server on the folder.</summary>
    /// <param name="crash">The crash point to arm; null for none.</param>
    /// <param name="wrapper">A program that starts it in turn.</param>
    /// <param name="settings">Further settings.</param>
    public Task<ServerProcess> Start(
        string? crash = null, ImmutableArray<string> wrapper = default, params ImmutableArray<string> settings) =>
        ServerProcess.Start(new ServerStart
        {
            Folder = DataFolder,
            Port = port,
            Crash = crash,
            Wrapper = wrapper.IsDefault ? [] : wrapper,
            Settings = [.. Settings(), .. settings],
        });

    /// <summary>What must hold at every instant. The server is dead.</summary>
    public ImmutableArray<string> Unsafe() => new SafetyChecks(Evidence()).Run();

    /// <summary>All that must hold when nothing is left to do. The server is dead.</summary>
    /// <param name="database">What to judge; null for what its folder holds.</param>
    public ImmutableArray<string> Wrong(Snapshot? database = null)
    {
        Evidence evidence = Evidence(database);
        return [.. new SafetyChecks(evidence).Run(), .. new LivenessChecks(evidence).Run()];
    }

    /// <summary>
    /// Waits until a running server has nothing left to do, or has ended. What hundreds of lives left behind may take
    /// long, so it may go on as long as it becomes less.
    /// </summary>
    /// <exception cref="TimeoutException">It did not become less.</exception>
    public async Task Quiet(ServerProcess server)
    {
        long least = long.MaxValue;
        long progressed = Stopwatch.GetTimestamp();
        while (!server.HasEnded && Outstanding(server) is > 0 and var left)
        {
            if (left < least)
            {
                least = left;
                progressed = Stopwatch.GetTimestamp();
            }

            if (Stopwatch.GetElapsedTime(progressed) > QuietWithin)
            {
                throw new TimeoutException($"{left} messages are still to be carried out\n{server.Said}");
            }

            await Task.Delay(Between);
        }
    }

    // A server that dies while it is looked at leaves a file that cannot be read without writing.
    private long Outstanding(ServerProcess server)
    {
        try
        {
            return postgres is null ? Snapshot.Outstanding(DataFolder) : Snapshot.OutstandingOnPostgres(postgres);
        }
        catch (SqliteException) when (server.HasEnded)
        {
            return 0;
        }
    }

    public void Dispose()
    {
        Shoppers.Dispose();
        Ledger.Dispose();
        providers.Dispose();
        folder.Dispose();
    }

    /// <summary>All that can be judged by. The server is dead.</summary>
    /// <param name="database">What it stored; null for what its folder holds.</param>
    public Evidence Evidence(Snapshot? database = null) =>
        new(
            database ?? (postgres is null ? Snapshot.OfFile(DataFolder) : Snapshot.OfPostgres(postgres)),
            Ledger.All,
            Sent,
            Payments());

    private ImmutableArray<Payment> Payments() => ShopSettings.PaymentsOf(PaymentsPath);

    private ImmutableArray<string> Settings() =>
    [
        .. ShopSettings.Of(providers, PaymentsPath),
        .. postgres is null ? ImmutableArray<string>.Empty : [$"--Storage:ConnectionString={postgres}", "--standby"],
    ];
}
