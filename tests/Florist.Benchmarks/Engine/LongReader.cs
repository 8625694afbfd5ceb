using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Florist.Adapters.Sql;
using Florist.Kernel;
using Florist.Tests.Testing;
using Florist.Tests.Testing.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans;

namespace Florist.Benchmarks.Engine;

/// <summary>
/// <c>reader [SECONDS] [DEAD]</c>: somebody leaves a transaction open on PostgreSQL while 500 wake-ups a second are
/// done. Nothing that is replaced meanwhile can be cleaned away, and every look at what is due has to step over it.
/// </summary>
internal static class LongReader
{
    private const int Grains = 5000;
    private const int Bystanders = 100_000;
    private const int PerSecond = 500;
    private const double PollMsMax = 50;
    private const double LateSecondsMax = 2;
    private const double CleanedSecondsMax = 120;
    private const int AlertId = 214;
    private const int Shards = IWakeTable.Shards;

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(Grains / PerSecond);
    private static readonly TimeSpan BetweenPolls = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(new EngineOptions().WindowMinutes);

    /// <summary>Measures.</summary>
    /// <param name="held">How long the transaction stays open.</param>
    /// <param name="dead">
    /// Moved wake-ups that it has held up already when the measurement begins, as if it had been open for longer.
    /// </param>
    public static async Task<int> Run(TimeSpan held, int dead)
    {
        if (PostgresCluster.WhyNot is { } reason)
        {
            Console.WriteLine($"engine.reader skipped: {reason}");
            return 2;
        }

        await using PostgresCluster cluster = await PostgresCluster.Running();
        string database = await cluster.NewDatabase();
        using CapturedLog log = new();
        using IHost host = Build(database, log, held);
        await using NpgsqlDataSource beside = NpgsqlDataSource.Create(database);
        await host.StartAsync();
        await Fill(beside);
        await Schedule(host.Services.GetRequiredService<IGrainFactory>());

        using Lateness before = new();
        double[] polls = await Poll(host, Quiet);
        Say($"before: {At(polls, 0.5):0.0} ms a poll, p99 {At(polls, 0.99):0.0} ms, late p99 {before.P99:0.00} s");

        double rate = await Hold(host, beside, held, dead);
        Stopwatch cleaning = Stopwatch.StartNew();
        while (await Dead(beside) > Grains && cleaning.Elapsed.TotalSeconds < CleanedSecondsMax)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
        }

        Figure.Limit("engine.reader.cleaned_s", Math.Max(1, cleaning.Elapsed.TotalSeconds), CleanedSecondsMax);
        Figure.Rate("engine.reader.wakes_per_second", rate, PerSecond, goal: 0.95);
        Figure.Limit("engine.reader.alerts_missing", log.Entries.Any(entry => entry.Id == AlertId) ? 0.5 : 2, 1);
        await host.StopAsync();
        return Figure.AllReached ? 0 : 1;
    }

    /// <returns>Wake-ups a second while the transaction was open.</returns>
    private static async Task<double> Hold(IHost host, NpgsqlDataSource beside, TimeSpan held, int dead)
    {
        await using NpgsqlConnection reader = await beside.OpenConnectionAsync();
        await using NpgsqlTransaction open =
            await reader.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        await using NpgsqlCommand look = new("SELECT count(*) FROM wake", reader, open);
        await look.ExecuteScalarAsync();
        await Age(beside, dead);
        long deadBefore = await Dead(beside);

        using Lateness during = new();
        Stopwatch watch = Stopwatch.StartNew();
        double[] polls = await Poll(host, held);
        double seconds = watch.Elapsed.TotalSeconds;

        // The statistics of dead rows are told to the server a little later than they arise.
        long deadNow = await Dead(beside);
        Say($"while it was open: {polls.Length} polls of {At(polls, 0.5):0.0} ms, at most {At(polls, 1):0.0} ms");
        Say($"{during.Count} wake-ups; {deadNow} rows not cleaned away, {deadBefore} of them at its beginning");
        Figure.Limit("engine.reader.poll_p99_ms", At(polls, 0.99), PollMsMax);
        Figure.Limit("engine.reader.late_p99_s", Math.Max(0.01, during.P99), LateSecondsMax);

        // Each move of a wake-up leaves one dead row, and never more; statistics of rows run a little behind.
        Figure.Limit("engine.reader.dead_rows_per_wake", (deadNow - deadBefore) / (double)during.Count, 1.5);
        return during.Count / seconds;
    }

    /// <summary>Looks as the wake service does, and as a shard of a cluster does, again and again.</summary>
    private static async Task<double[]> Poll(IHost host, TimeSpan time)
    {
        IWakeTable table = host.Services.GetRequiredService<IWakeTable>();
        int rowsMax = new EngineOptions().WindowRowsMax;
        List<double> polls = [];
        Stopwatch watch = Stopwatch.StartNew();
        WakeFloor floor = new(TimeProvider.System);
        while (watch.Elapsed < time)
        {
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            polls.Add(await Look(table, floor, new WakeQuery(WakeClass.Notice, now + Window, rowsMax), now));
            polls.Add(await Look(table, floor, new WakeQuery(WakeClass.Notice, now, 16, polls.Count % Shards), now));
            await Task.Delay(BetweenPolls);
        }

        double whole = polls[0];
        polls.Sort();
        Say($"a look at everything took {whole:0.0} ms");
        return [.. polls];
    }

    private static async Task<double> Look(IWakeTable table, WakeFloor floor, WakeQuery query, DateTimeOffset now)
    {
        WakeQuery bounded = query with { From = floor.From(now) };
        long began = Stopwatch.GetTimestamp();
        ImmutableArray<WakeRow> found = await table.Due(bounded, CancellationToken.None);
        double took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        if (query.Shard is null)
        {
            floor.Looked(bounded, now, found);
        }

        return took;
    }

    private static async Task Schedule(IGrainFactory grains)
    {
        DateTimeOffset first = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(3);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Grains),
            new ParallelOptions { MaxDegreeOfParallelism = 64 },
            async (i, _) => await grains.GetGrain<IBenchGrain>($"p{i}").Repeat(first + (Every * i / Grains), Every));
    }

    // What falls due in a year lies behind everything else in the index, as in a shop.
    private static async Task Fill(NpgsqlDataSource beside)
    {
        await using NpgsqlCommand insert = beside.CreateCommand(
            """
            INSERT INTO wake (grain_key, shard, class, due_at, not_before)
            SELECT 'bystander/' || i, i % 64, 1, $1 + i, $1 + i FROM generate_series(1, $2) AS i
            """);
        insert.Parameters.AddWithValue(TimeProvider.System.GetUtcNow().AddYears(1).ToUnixTimeMilliseconds());
        insert.Parameters.AddWithValue(Bystanders);
        await insert.ExecuteNonQueryAsync();
    }

    // Rows that nobody ever saw and that the open transaction keeps from being cleaned away: what moves leave behind.
    private static async Task Age(NpgsqlDataSource beside, int dead)
    {
        await using NpgsqlConnection connection = await beside.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await using NpgsqlCommand insert = new(
            """
            INSERT INTO wake (grain_key, shard, class, due_at, not_before)
            SELECT 'moved/' || i, i % 64, 1, $1 - 2 * i, $1 - 2 * i FROM generate_series(1, $2) AS i
            """,
            connection,
            transaction);
        insert.Parameters.AddWithValue(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        insert.Parameters.AddWithValue(dead);
        await insert.ExecuteNonQueryAsync();
        await using NpgsqlCommand delete = new("DELETE FROM wake WHERE grain_key LIKE 'moved/%'", connection, transaction);
        await delete.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }

    private static async Task<long> Dead(NpgsqlDataSource beside)
    {
        await using NpgsqlCommand look = beside.CreateCommand(
            "SELECT n_dead_tup FROM pg_stat_user_tables WHERE relname = 'wake' AND schemaname = current_schema()");
        return await look.ExecuteScalarAsync() is long rows ? rows : 0;
    }

    private static IHost Build(string database, CapturedLog log, TimeSpan held)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging(logging => logging.AddProvider(log).SetMinimumLevel(LogLevel.Warning));
        builder.Services.AddPostgresStorage();
        builder.Services.Configure<PostgresOptions>(options =>
        {
            options.ConnectionString = database;
            options.TransactionMsUsual = (int)Math.Min(options.TransactionMsUsual, held.TotalMilliseconds / 2);
            options.HealthCheckMs = 2000;
        });
        builder.AddTestGrains(typeof(LongReader).Assembly);
        builder.Services.AddEngine();
        builder.Services.Configure<EngineOptions>(options => options.SlowStartMs = 100);
        return builder.Build();
    }

    private static double At(double[] sorted, double share) =>
        sorted.Length == 0 ? 0 : sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * share)];

    private static void Say(FormattableString text) =>
        Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    /// <summary>How late wake-ups are done, as they are measured.</summary>
    private sealed class Lateness : IDisposable
    {
        private readonly MeterListener listener = new();
        private readonly ConcurrentBag<double> seconds = [];

        public Lateness()
        {
            listener.InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "florist.wake.lateness")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            };
            listener.SetMeasurementEventCallback<double>((_, value, _, _) => seconds.Add(value));
            listener.Start();
        }

        public int Count => seconds.Count;

        public double P99 => At([.. seconds.Order()], 0.99);

        public void Dispose() => listener.Dispose();
    }
}
