using System.Collections.Immutable;
using System.Diagnostics;
using Florist.Faults.Checks;
using Florist.Faults.Load;
using Florist.Faults.Processes;
using Florist.Tests.Testing;
using Florist.Tests.Testing.Postgres;
using Npgsql;

namespace Florist.Faults.Cluster;

/// <summary>
/// A shop on several processes: silos that share a PostgreSQL database, a gateway that clients call, providers in a
/// process of their own, and the checker that compares all of them. Takes a build against the published packages.
/// </summary>
internal sealed class ClusterShop : IAsyncDisposable
{
    private static readonly TimeSpan QuietWithin = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);

    private readonly TempFolder folder = new();
    private readonly ProvidersProcess providers;
    private readonly string postgres;
    private readonly int port = ShopSettings.FreePort();
    private readonly List<ServerProcess> silos = [];
    private readonly List<string> payments = [];
    private readonly List<ServerProcess> gone = [];
    private int started;

    private ClusterShop(TempFolder folder, ProvidersProcess providers, string postgres)
    {
        this.folder = folder;
        this.providers = providers;
        this.postgres = postgres;
        Ledger = new ClientLedger(Path.Combine(folder.Path, "clients.log"));
        Shoppers = new Shoppers(new Uri($"http://127.0.0.1:{port}"), Ledger);
    }

    /// <summary>Why there can be none; null when there can.</summary>
    public static string? WhyNot => !File.Exists(Path.Combine(AppContext.BaseDirectory, "Orleans.Runtime.dll"))
        ? "a cluster takes the published packages: run this project with -p:UpstreamPackages=true"
        : PostgresCluster.WhyNot;

    /// <summary>What clients know.</summary>
    public ClientLedger Ledger { get; }

    /// <summary>The clients.</summary>
    public Shoppers Shoppers { get; }

    /// <summary>The silos that run, oldest first.</summary>
    public IReadOnlyList<ServerProcess> Silos => silos;

    /// <summary>The process that clients call.</summary>
    public ServerProcess? Gateway { get; private set; }

    /// <summary>The longest time from a silo's start to its being ready.</summary>
    public TimeSpan SlowestStart { get; private set; }

    /// <summary>An empty shop, without a process yet.</summary>
    public static async Task<ClusterShop> Open()
    {
        string postgres = await (await PostgresCluster.Running()).NewDatabase();
        TempFolder folder = new();
        ProvidersProcess providers = await ProvidersProcess.Start(
            Path.Combine(folder.Path, "sent.log"), Path.Combine(folder.Path, "sandbox-clock"));
        return new ClusterShop(folder, providers, postgres);
    }

    /// <summary>Starts one more silo.</summary>
    /// <param name="crash">The crash point to arm; null for none.</param>
    /// <returns>The silo, which is ready, or has ended already.</returns>
    public async Task<ServerProcess> AddSilo(string? crash = null)
    {
        string name = $"s{++started}";
        int siloPort = ShopSettings.FreePort();
        string ledger = Path.Combine(folder.Path, $"payments-{name}.log");
        payments.Add(ledger);
        ServerProcess silo = await ServerProcess.Start(new ServerStart
        {
            Folder = Path.Combine(folder.Path, name),
            Port = 0,
            SiloPort = siloPort,
            Crash = crash,
            Settings =
            [
                "--role", "silo", .. ShopSettings.Of(providers, ledger), .. Shared(),
                $"--Cluster:SiloPort={siloPort}", $"--Cluster:GatewayPort={ShopSettings.FreePort()}",
            ],
        });
        silos.Add(silo);
        SlowestStart = silo.StartedIn > SlowestStart ? silo.StartedIn : SlowestStart;
        return silo;
    }

    /// <summary>Starts the gateway, or another one after it ended.</summary>
    public async Task StartGateway() => Gateway = await ServerProcess.Start(new ServerStart
    {
        Folder = Path.Combine(folder.Path, "gateway"),
        Port = port,
        Settings = ["--role", "gateway", .. Shared()],
    });

    /// <summary>A silo or a gateway has ended; what it said is kept.</summary>
    public async Task Bury(ServerProcess process)
    {
        silos.Remove(process);
        gone.Add(process);
        await process.DisposeAsync();
    }

    /// <summary>True once the other silos have given this one up.</summary>
    public async Task<bool> IsGivenUp(ServerProcess silo)
    {
        await using NpgsqlConnection connection = new(postgres);
        await connection.OpenAsync();
        await using NpgsqlCommand look = new(
            "SELECT count(*) FROM OrleansMembershipTable WHERE Port = $1 AND Status = 6", connection)
        {
            Parameters = { new() { Value = silo.SiloPort } },
        };
        return await look.ExecuteScalarAsync() is > 0L;
    }

    /// <summary>What all processes have said, one after the other.</summary>
    public void WriteLogs(string path) => File.WriteAllLines(
        path,
        gone.Concat(silos).Concat(Gateway is null ? [] : [Gateway]).Select(process =>
            $"==== {process.Id}, port {process.SiloPort}\n{process.Said}"));

    /// <summary>Waits until nothing is left to do.</summary>
    /// <returns>False when it never came to that.</returns>
    public async Task<bool> Quiet()
    {
        long begun = Stopwatch.GetTimestamp();
        while (Snapshot.OutstandingOnPostgres(postgres) > 0)
        {
            if (Stopwatch.GetElapsedTime(begun) > QuietWithin)
            {
                return false;
            }

            await Task.Delay(Between);
        }

        return true;
    }

    /// <summary>All that can be judged by. No process runs any more.</summary>
    public Evidence Evidence() => new(
        Snapshot.OfPostgres(postgres),
        Ledger.All,
        providers.Sent,

        // Each silo notes for itself what it asks of the one provider, which does the same thing once.
        [.. payments.SelectMany(path => ShopSettings.PaymentsOf(path)).DistinctBy(payment => payment.Key)]);

    /// <summary>What does not hold. No process runs any more.</summary>
    public ImmutableArray<string> Wrong()
    {
        Evidence evidence = Evidence();
        return [.. new SafetyChecks(evidence).Run(), .. new LivenessChecks(evidence).Run()];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ServerProcess silo in silos)
        {
            await silo.DisposeAsync();
        }

        if (Gateway is { } gateway)
        {
            await gateway.DisposeAsync();
        }

        Shoppers.Dispose();
        Ledger.Dispose();
        providers.Dispose();
        folder.Dispose();
    }

    // A claim lasts little longer than handling may take, so that what a dead silo has claimed is soon another's.
    private ImmutableArray<string> Shared() =>
    [
        $"--Storage:ConnectionString={postgres}", "--Cluster:AdvertisedAddress=127.0.0.1",
        "--Engine:HandleMsMax=8000", "--Engine:ClaimMs=10000", "--Cluster:ResponseSeconds=8",
    ];
}
