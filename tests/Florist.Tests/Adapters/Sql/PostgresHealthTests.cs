using System.Diagnostics;
using Florist.Adapters.Sql;
using Florist.Kernel;
using Florist.Tests.Testing;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Florist.Tests.Adapters.Sql;

public sealed class PostgresHealthTests
{
    private const int Grains = 100;
    private const int Rounds = 15;

    [Fact]
    public async Task A_transaction_that_somebody_left_open_is_reported_while_wake_ups_go_on_beside_it()
    {
        using CapturedLog log = new();
        using ILoggerFactory logging = LoggerFactory.Create(builder => builder.AddProvider(log));
        using OpenPostgres db = await OpenPostgres.At(
            null,
            options =>
            {
                options.TransactionMsUsual = 100;
                options.HealthCheckMs = 50;
            },
            logging.CreateLogger("sql"));
        await using NpgsqlConnection idler = await db.Connect();
        await using NpgsqlTransaction open =
            await idler.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        await using NpgsqlCommand look = new("SELECT count(*) FROM wake", idler, open);
        await look.ExecuteScalarAsync(TestContext.Current.CancellationToken);

        List<double> polls = [];
        Held<ProbeState>[] held = new Held<ProbeState>[Grains];
        for (int round = 0; round < Rounds; round++)
        {
            DateTimeOffset due = db.Time.GetUtcNow().AddMinutes(round);
            await Task.WhenAll(Enumerable.Range(0, Grains).Select(async i =>
            {
                held[i] ??= await db.Load(OpenDatabase.Grain($"g{i}"));
                held[i].State = new ProbeState { Due = due };
                await db.Write(OpenDatabase.Grain($"g{i}"), held[i]);
            }));
            long began = Stopwatch.GetTimestamp();
            int found = (await db.AllWakes()).Length;
            polls.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            Assert.Equal(Grains, found);
        }

        await Until(() => Task.FromResult(log.Entries.Any(entry => entry.Id == 214)));
        long dead = 0;
        await Until(async () => (dead = await Dead(db)) > 0);
        polls.Sort();
        TestContext.Current.SendDiagnosticMessage(
            $"polls of four classes: median {polls[polls.Count / 2]:0.0} ms, worst {polls[^1]:0.0} ms; dead {dead}");

        // Each move of a wake-up leaves one dead row while the other transaction lasts, and never more than that;
        // afterwards they can be cleaned away.
        Assert.InRange(dead, 1, Grains * Rounds);
        await open.DisposeAsync();
        await Until(async () =>
        {
            await db.Beside("VACUUM wake");
            return await Dead(db) == 0;
        });
    }

    private static async Task<long> Dead(OpenPostgres db) => await db.Beside(
        "SELECT n_dead_tup FROM pg_stat_user_tables WHERE relname = 'wake' AND schemaname = current_schema()") as long?
        ?? -1;

    private static async Task Until(Func<Task<bool>> holds)
    {
        using CancellationTokenSource late = new(TimeSpan.FromSeconds(60));
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(20));
        while (!await holds())
        {
            await timer.WaitForNextTickAsync(late.Token);
        }
    }
}
