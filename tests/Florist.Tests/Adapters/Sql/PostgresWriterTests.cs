using Florist.Adapters.Sql;
using Florist.Kernel;
using Florist.Tests.Testing;
using Florist.Tests.Testing.Postgres;
using Npgsql;
using Orleans.Runtime;
using Orleans.Storage;

namespace Florist.Tests.Adapters.Sql;

public sealed class PostgresWriterTests
{
    private const string Writers = "application_name = 'florist writer'";

    [Fact]
    public async Task A_batch_whose_connection_ends_before_the_answer_has_an_unknown_outcome_and_the_next_one_works()
    {
        using OpenPostgres db = await OpenPostgres.At();
        GrainId grain = OpenDatabase.Grain("a");
        Held<ProbeState> held = await db.Put(grain, new ProbeState { Text = "one" });
        TaskCompletionSource gate = new();
        Task holding = await db.Hold(gate.Task);
        held.State = new ProbeState { Text = "two" };
        Task write = db.Write(grain, held);
        await Until(async () => await db.Beside(
            $"SELECT count(*) FROM pg_stat_activity WHERE {Writers} AND wait_event_type = 'Lock' AND {Own(db)}") is 1L);

        await db.Beside($"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE {Writers} AND {Own(db)}");
        StorageOutcomeUnknownException unknown =
            await Assert.ThrowsAsync<StorageOutcomeUnknownException>(() => write);
        gate.SetResult();
        await holding;

        Assert.IsType<PostgresException>(unknown.InnerException);
        Assert.False(db.Fatal.HasEnded);
        Held<ProbeState> read = await db.Load(grain);
        Assert.Equal("one", read.State.Text);
        read.State = new ProbeState { Text = "three" };
        await db.Write(grain, read);
        Assert.Equal(("three", "2"), ((await db.Load(grain)).State.Text, read.ETag));
    }

    [Fact]
    public async Task A_commit_whose_answer_is_lost_is_reported_as_unknown_to_every_write_of_it_and_is_there()
    {
        PostgresCluster cluster = await PostgresRun.Cluster();
        await using CutProxy network = new(cluster.Port);
        string direct = await cluster.NewSchema();
        string through = new NpgsqlConnectionStringBuilder(direct) { Port = network.Port }.ConnectionString;
        using OpenPostgres db = await OpenPostgres.At(through, options => options.OwnerCheckMs = 60_000);
        using OpenPostgresReader beside = new(direct);
        Held<ProbeState>[] held = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            i => db.Put(OpenDatabase.Grain($"g{i}"), new ProbeState { Text = "one" })));
        network.Mute();
        Task[] writes = [.. held.Select((one, i) =>
        {
            one.State = new ProbeState { Text = "two" }.Send($"m{i}");
            return db.Write(OpenDatabase.Grain($"g{i}"), one);
        })];

        // The first batch of each writer arrives, whole; the others wait behind the answers that never come.
        await Until(async () => await beside.Number("SELECT count(*) FROM outbox") > 0);
        network.Cut();
        await Task.WhenAll(writes).ContinueWith(_ => { }, TaskScheduler.Default);

        int unknown = 0;
        for (int i = 0; i < writes.Length; i++)
        {
            Held<ProbeState> read = await db.Load(OpenDatabase.Grain($"g{i}"));
            if (writes[i].IsFaulted)
            {
                Assert.IsType<StorageOutcomeUnknownException>(writes[i].Exception?.InnerException);
                unknown++;
            }
            else
            {
                Assert.Equal("2", read.ETag);
            }
        }

        Assert.InRange(unknown, 1, 20);
        long? versions = await beside.Number("SELECT count(*) FROM grain_state WHERE version = 2");
        Assert.Equal(versions, await beside.Number("SELECT count(*) FROM outbox"));
        Assert.InRange(versions ?? 0, 1, 20);
    }

    [Fact]
    public async Task A_statement_that_takes_too_long_is_given_up_by_the_server_and_nothing_is_written()
    {
        using OpenPostgres db = await OpenPostgres.At(null, options => options.StatementMsMax = 300);
        TaskCompletionSource gate = new();
        Task holding = await db.Hold(gate.Task);

        await Assert.ThrowsAsync<StorageOverloadedException>(
            () => db.Write(OpenDatabase.Grain("a"), new Held<ProbeState>()));
        gate.SetResult();
        await holding;

        Assert.Equal(0, await db.Number("SELECT count(*) FROM grain_state"));
        await db.Put(OpenDatabase.Grain("a"), new ProbeState());
    }

    [Fact]
    public async Task Of_sixteen_processes_that_share_the_database_exactly_one_makes_the_first_write_of_a_grain()
    {
        string place = await (await PostgresRun.Cluster()).NewSchema();
        List<OpenPostgres> silos = [];
        for (int i = 0; i < 16; i++)
        {
            silos.Add(await OpenPostgres.At(
                place,
                options =>
                {
                    options.Shared = true;
                    options.Writers = 1;
                }));
        }

        try
        {
            GrainId grain = OpenDatabase.Grain("a");
            Task[] writes = [.. silos.Select((silo, i) => silo.Write(
                grain, new Held<ProbeState> { State = new ProbeState { Text = $"{i}" }.Send($"message-{i}") }))];
            await Task.WhenAll(writes).ContinueWith(_ => { }, TaskScheduler.Default);

            _ = Assert.Single(writes, write => write.IsCompletedSuccessfully);
            Assert.All(
                writes.Where(write => write.IsFaulted),
                write => Assert.IsType<InconsistentStateException>(write.Exception?.InnerException));
            Assert.Equal(1, await silos[0].Number("SELECT count(*) FROM grain_state"));
            OutboxRow message = Assert.Single(await silos[0].AllMessages());
            Assert.Equal("message-" + (await silos[1].Load(grain)).State.Text, message.Message.Key);
        }
        finally
        {
            foreach (OpenPostgres silo in silos)
            {
                silo.Dispose();
            }
        }
    }

    [Fact]
    public async Task Commits_wait_for_the_disk_and_plans_do_not_depend_on_statistics()
    {
        using OpenPostgres db = await OpenPostgres.At();
        using NpgsqlConnection writer = PostgresConnections.Writer(db.Options);
        await writer.OpenAsync(TestContext.Current.CancellationToken);
        await using NpgsqlCommand command = new(
            "SELECT current_setting('synchronous_commit') || current_setting('enable_seqscan')", writer);

        Assert.Equal("onoff", await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_reader_cannot_write()
    {
        using OpenPostgres db = await OpenPostgres.At();

        PostgresException refusal = await Assert.ThrowsAsync<PostgresException>(() => db.Sql.Read(
            "INSERT INTO secret (name, value) VALUES ('x', '') RETURNING 1", [], row => row.GetInt32(0), default));

        Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, refusal.SqlState);
    }

    [Fact]
    public async Task A_text_that_the_server_cannot_hold_fails_its_own_write_only()
    {
        using OpenPostgres db = await OpenPostgres.At();
        TaskCompletionSource gate = new();
        Task holding = await db.Hold(gate.Task);
        Task[] writes = [.. Enumerable.Range(0, 30).Select(i => db.Write(
            OpenDatabase.Grain($"g{i}"),
            new Held<ProbeState>
            {
                State = new ProbeState().Put(RowChange.PutChild("note", "1", i == 7 ? "\0" : "{}")),
            }))];
        gate.SetResult();
        await holding;
        await Task.WhenAll(writes).ContinueWith(_ => { }, TaskScheduler.Default);

        Assert.Same(writes[7], Assert.Single(writes, write => write.IsFaulted));
        Assert.Equal(29, await db.Number("SELECT count(*) FROM grain_state"));
    }

    private static string Own(OpenPostgres db) =>
        $"pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory' "
        + $"AND objid = '{new NpgsqlConnectionStringBuilder(db.Options.ConnectionString).SearchPath}'::regnamespace)";

    private static async Task Until(Func<Task<bool>> holds)
    {
        using CancellationTokenSource late = new(TimeSpan.FromSeconds(60));
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(10));
        while (!await holds())
        {
            await timer.WaitForNextTickAsync(late.Token);
        }
    }

    /// <summary>Reads past the storage.</summary>
    private sealed class OpenPostgresReader(string text) : IDisposable
    {
        private readonly NpgsqlDataSource source = NpgsqlDataSource.Create(text);

        public async Task<long?> Number(string sql)
        {
            await using NpgsqlCommand command = source.CreateCommand(sql);
            return await command.ExecuteScalarAsync() as long?;
        }

        public void Dispose() => source.Dispose();
    }
}
