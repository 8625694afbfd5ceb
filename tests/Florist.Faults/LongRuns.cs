using System.Collections.Immutable;
using System.Diagnostics;
using Florist.Faults.Checks;
using Florist.Faults.Cluster;
using Florist.Faults.Load;
using Florist.Kernel;

namespace Florist.Faults;

/// <summary>The long forms of the tests: each runs for a given time, or to its end, and prints figures.</summary>
internal static class LongRuns
{
    // Steps that PostgreSQL takes itself, where nothing of ours can stand between.
    private static readonly ImmutableArray<string> OnSqliteOnly =
    [
        CrashPoint.StorageOpen, CrashPoint.StorageState, CrashPoint.StorageWake, CrashPoint.StorageOutbox,
        CrashPoint.StorageRows, CrashPoint.StorageCheckpoint, CrashPoint.StorageCheckpointed,
    ];

    /// <summary><c>sweep [SECONDS]</c>: every crash point, at every pass until none is left.</summary>
    public static async Task<int> Sweep(int secondsMax, bool onPostgres)
    {
        using FaultShop shop = await FaultShop.Open(onPostgres);
        CrashPointSweep sweep = new(shop);
        ImmutableArray<string> points = onPostgres ? [.. CrashPoint.All.Except(OnSqliteOnly)] : CrashPoint.All;
        HashSet<string> left = [.. points];
        long begun = Stopwatch.GetTimestamp();
        int pass = 0;
        while (left.Count > 0 && sweep.Violations.IsEmpty && Stopwatch.GetElapsedTime(begun).TotalSeconds < secondsMax)
        {
            pass++;
            foreach (string point in points.Where(left.Contains))
            {
                if (Stopwatch.GetElapsedTime(begun).TotalSeconds >= secondsMax)
                {
                    break;
                }

                if (!await sweep.Die(point, pass))
                {
                    left.Remove(point);
                }
            }
        }

        await sweep.Finish();
        foreach ((string point, int deaths) in sweep.Deaths)
        {
            Say($"{point,-22} {deaths,4} deaths{(left.Contains(point) ? ", more passes possible" : "")}");
        }

        Say($"{sweep.Deaths.Values.Sum()} deaths at {sweep.Deaths.Count(point => point.Value > 0)} of "
            + $"{points.Length} points, up to pass {pass}, in {Stopwatch.GetElapsedTime(begun).TotalSeconds:0} s");
        bool all = points.All(point => sweep.Deaths[point] > 0);
        return End(shop, sweep.Violations, all ? "" : "not every point was passed");
    }

    /// <summary><c>kill [KILLS] [CLIENTS] [SECONDS]</c>: kills at random moments under load.</summary>
    public static async Task<int> Kill(int kills, int clients, int secondsMax, bool onPostgres)
    {
        int seed = (int)(Stopwatch.GetTimestamp() & int.MaxValue);
        Say($"seed {seed}");
        using FaultShop shop = await FaultShop.Open(onPostgres);
        KillLoop loop = new(shop, seed, Say);
        using CancellationTokenSource stop = new(TimeSpan.FromSeconds(secondsMax), TimeProvider.System);
        long begun = Stopwatch.GetTimestamp();
        await loop.Run(kills, clients, TimeSpan.FromSeconds(3), stop.Token);
        Say($"{loop.Kills} kills under {clients} clients in {Stopwatch.GetElapsedTime(begun).TotalSeconds:0} s; "
            + $"slowest start {loop.SlowestStart.TotalSeconds:0.0} s");
        return End(shop, loop.Violations, "");
    }

    /// <summary><c>torn [ROUNDS] [BYTES]</c>: the log cut at every frame and at random bytes.</summary>
    public static async Task<int> Torn(int rounds, int bytes)
    {
        long begun = Stopwatch.GetTimestamp();
        int tried = await TornLogTests.Cut(rounds, bytes);
        Say($"{tried} logs cut short, {bytes} of them at random bytes, in "
            + $"{Stopwatch.GetElapsedTime(begun).TotalSeconds:0} s; all opened whole");
        return 0;
    }

    /// <summary><c>cluster [KILLS] [CLIENTS] [SECONDS]</c>: silos and gateways killed, stopped and replaced.</summary>
    public static Task<int> Cluster(int kills, int clients, int secondsMax) => OnCluster(clients, async faults =>
    {
        using CancellationTokenSource stop = new(TimeSpan.FromSeconds(secondsMax), TimeProvider.System);
        await faults.Run(kills, clients, stop.Token);
    });

    /// <summary><c>claims [CLIENTS] [PASSES]</c>: silos that die with messages claimed.</summary>
    public static Task<int> Claims(int clients, int passes) =>
        OnCluster(clients, faults => faults.DieWithClaims(clients, passes));

    private static async Task<int> OnCluster(int clients, Func<ClusterFaults, Task> run)
    {
        if (ClusterShop.WhyNot is { } whyNot)
        {
            Say(whyNot);
            return 2;
        }

        int seed = (int)(Stopwatch.GetTimestamp() & int.MaxValue);
        Say($"seed {seed}");
        long begun = Stopwatch.GetTimestamp();
        await using ClusterShop shop = await ClusterShop.Open();
        ClusterFaults faults = new(shop, seed);
        await run(faults);
        Say($"{faults.Kills} silos killed, {faults.Deaths} died with a claim, {faults.Pauses} stood still "
            + $"({faults.GivenUp} given up, after {faults.GivenUpAfter.TotalSeconds:0} s), {faults.Replaced} replaced, {faults.GatewayKills} gateways killed "
            + $"under {clients} clients in {Stopwatch.GetElapsedTime(begun).TotalSeconds:0} s; "
            + $"slowest start {shop.SlowestStart.TotalSeconds:0.0} s");
        if (!faults.Violations.IsEmpty)
        {
            string path = Path.Combine(Path.GetTempPath(), $"florist-cluster-{seed}.log");
            shop.WriteLogs(path);
            Say($"what the processes said: {path}");
        }

        Waits(shop.Ledger.All, shop.Shoppers.Overtakings);
        return End(shop.Ledger, shop.Evidence(), faults.Violations, "");
    }

    private static void Waits(ImmutableArray<Operation> operations, int overtakings)
    {
        DateTimeOffset[] answers = [.. operations.Select(one => one.AnsweredAt).OfType<DateTimeOffset>().Order()];
        double[] waits = [.. operations
            .Select(one => one.AnsweredAt - one.AskedAt).OfType<TimeSpan>().Select(wait => wait.TotalSeconds).Order()];
        double silence = answers.Zip(answers.Skip(1), (one, next) => (next - one).TotalSeconds).DefaultIfEmpty().Max();
        Say($"answers after p50 {At(waits, 0.5):0.00} s, p99 {At(waits, 0.99):0.0} s, at most {At(waits, 1):0.0} s, "
            + $"repeats included; nobody was answered for {silence:0.0} s at most; {overtakings} overtaken");
    }

    private static double At(double[] sorted, double share) =>
        sorted.Length == 0 ? 0 : sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * share)];

    private static int End(FaultShop shop, ImmutableArray<string> violations, string missing) =>
        End(shop.Ledger, shop.Evidence(), violations, missing);

    private static int End(
        ClientLedger ledger, Evidence evidence, ImmutableArray<string> violations, string missing)
    {
        int resent = evidence.Letters.Count(letter => letter.Message.Resent);
        int unclear = evidence.Letters.Count(letter => letter.Message.State == Messaging.MessageState.Uncertain);
        Say($"{ledger.DoneCount} operations answered, {evidence.Orders.Count} orders, "
            + $"{evidence.Payments.Length} payments, {evidence.Sent.Sum(key => key.Count())} messages sent; "
            + $"{resent} e-mails sent again and marked, {unclear} left uncertain");
        foreach (string violation in violations)
        {
            Say(violation);
        }

        Say($"{violations.Length} violations{(missing.Length > 0 ? $", and {missing}" : "")}");
        return violations.IsEmpty && missing.Length == 0 ? 0 : 1;
    }

    private static void Say(string text) => Console.WriteLine(text);
}
