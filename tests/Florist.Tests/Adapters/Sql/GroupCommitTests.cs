using System.Data.Common;
using Florist.Kernel;
using Orleans.Runtime;
using Orleans.Storage;

namespace Florist.Tests.Adapters.Sql;

/// <summary>What both databases promise about writes that share a commit.</summary>
public abstract class GroupCommitTests
{
    private const string Insert = "INSERT INTO probe_index (customer_id, day, amount) VALUES ($1, '', $2)";

    private readonly Engine engine;

    protected GroupCommitTests(Engine engine)
    {
        this.engine = engine;
    }

    [Fact]
    public async Task One_bad_write_of_256_fails_alone()
    {
        using TestDatabase db = await TestDatabase.Open(engine);
        Task[] writes = await Together(db, 256, i => db.Write(
            OpenDatabase.Grain($"g{i}"),
            new Held<ProbeState> { State = new ProbeState().Send($"m{i}").Put(Amount(i, i == 100 ? -1 : i)) }));

        Task bad = Assert.Single(writes, write => write.IsFaulted);
        Assert.Same(writes[100], bad);
        Assert.IsAssignableFrom<DbException>(bad.Exception?.InnerException);
        Assert.Equal(255, await db.Number("SELECT COUNT(*) FROM grain_state"));
        Assert.Equal(255, await db.Number("SELECT COUNT(*) FROM outbox"));
        Assert.Equal(255, await db.Number("SELECT COUNT(*) FROM probe_index"));
        Assert.False((await db.Load(OpenDatabase.Grain("g100"))).RecordExists);
    }

    [Fact]
    public async Task A_conflict_fails_only_its_own_write_and_costs_the_batch_nothing()
    {
        using TestDatabase db = await TestDatabase.Open(engine);
        Held<ProbeState> stale = await db.Put(OpenDatabase.Grain("old"), new ProbeState());
        await db.Write(OpenDatabase.Grain("old"), await db.Load(OpenDatabase.Grain("old")));
        stale.State = new ProbeState().Send("never").Put(Amount(1, 1)).Put(RowChange.PutChild("note", "1", "{}"));
        string[] grains = ["before", "old", "after"];
        Task[] writes = await Together(db, 3, i => db.Write(
            OpenDatabase.Grain(grains[i]), i == 1 ? stale : new Held<ProbeState>()));

        await Task.WhenAll(writes[0], writes[2]);
        InconsistentStateException refusal = await Assert.ThrowsAsync<InconsistentStateException>(() => writes[1]);
        Assert.Equal(("2", "1"), (refusal.StoredEtag, refusal.CurrentEtag));
        Assert.Equal("2", (await db.Load(OpenDatabase.Grain("old"))).ETag);
        Assert.Equal(3, await db.Number("SELECT COUNT(*) FROM grain_state"));
        Assert.Equal(0, await db.Number("SELECT COUNT(*) FROM outbox"));
        Assert.Equal(0, await db.Number("SELECT COUNT(*) FROM probe_index"));
        Assert.Equal(0, await db.Number("SELECT COUNT(*) FROM grain_row"));
    }

    [Fact]
    public async Task Conflicts_bad_writes_and_good_ones_of_a_batch_each_get_their_own_answer()
    {
        using TestDatabase db = await TestDatabase.Open(engine);
        Held<ProbeState>[] held = await Task.WhenAll(Enumerable.Range(0, 60).Select(
            i => db.Put(OpenDatabase.Grain($"g{i}"), new ProbeState { Text = "0" })));
        Task[] writes = await Together(db, 60, i =>
        {
            held[i].ETag = i % 10 == 3 ? "7" : held[i].ETag;
            held[i].State = new ProbeState { Text = "1" }.Put(Amount(i, i % 10 == 6 ? -1 : 1));
            return db.Write(OpenDatabase.Grain($"g{i}"), held[i]);
        });

        for (int i = 0; i < writes.Length; i++)
        {
            Exception? failure = writes[i].Exception?.InnerException;
            Assert.Equal((i, i % 10 == 3), (i, failure is InconsistentStateException));
            Assert.Equal((i, i % 10 == 6), (i, failure is DbException));
            string text = (await db.Load(OpenDatabase.Grain($"g{i}"))).State.Text;
            Assert.Equal((i, failure is null ? "1" : "0"), (i, text));
        }

        Assert.Equal(48, await db.Number("SELECT COUNT(*) FROM probe_index"));
    }

    [Fact]
    public async Task Two_writes_of_one_state_in_a_batch_are_applied_in_order_each_with_its_own_check()
    {
        using TestDatabase db = await TestDatabase.Open(engine);
        GrainId grain = OpenDatabase.Grain("a");
        (string Text, string? ETag)[] all = [("first", null), ("second", "1"), ("third", "1"), ("fourth", "2")];
        Task[] writes = await Together(db, 4, i => db.Write(grain, new Held<ProbeState>
        {
            State = new ProbeState { Text = all[i].Text }
                .Put(RowChange.PutChild("note", "1", $"{i}")).Put(Amount(1, i)).Put(Amount(1, i + 10)),
            ETag = all[i].ETag,
        }));

        await Task.WhenAll(writes[0], writes[1], writes[3]);
        await Assert.ThrowsAsync<InconsistentStateException>(() => writes[2]);
        Held<ProbeState> read = await db.Load(grain);
        Assert.Equal(("fourth", "3"), (read.State.Text, read.ETag));
        Assert.Equal("3", Assert.Single(await db.Rows.Read(grain, "note", 10)).Body);
        Assert.Equal(13, await db.Number("SELECT amount FROM probe_index"));
    }

    [Fact]
    public async Task A_grain_that_is_cleared_and_made_anew_in_one_batch_keeps_only_what_is_new()
    {
        using TestDatabase db = await TestDatabase.Open(engine);
        GrainId grain = OpenDatabase.Grain("a");
        Held<ProbeState> held = await db.Put(
            grain,
            new ProbeState { Due = db.Time.GetUtcNow() }.Put(RowChange.PutChild("note", "old", "1")));
        held.State = new ProbeState();
        Held<ProbeState> anew = new()
        {
            State = new ProbeState { Text = "new", Due = db.Time.GetUtcNow().AddDays(1) }
                .Put(RowChange.PutChild("note", "new", "2")),
            ETag = "2",
        };
        await Task.WhenAll(await Together(db, 2, i =>
            i == 0 ? db.Storage.ClearStateAsync("state", grain, held) : db.Write(grain, anew)));

        Assert.Equal(("new", "3"), ((await db.Load(grain)).State.Text, anew.ETag));
        Assert.Equal("new", Assert.Single(await db.Rows.Read(grain, "note", 10)).Id);
        Assert.Equal(db.Time.GetUtcNow().AddDays(1), Assert.Single(await db.AllWakes()).DueAt);
    }

    [Fact]
    public async Task Writes_complete_in_commit_order_and_not_before_the_commit()
    {
        using TestDatabase db = await TestDatabase.Open(engine);
        TaskCompletionSource gate = new();
        Task holding = await db.Hold(gate.Task);
        List<Task<long?>> seen = [.. Enumerable.Range(0, 50).Select(async i =>
        {
            await db.Sql.Change("same", Insert, $"{i:00}", i);
            return await db.Number("SELECT COUNT(*) FROM probe_index WHERE customer_id <= $1", $"{i:00}");
        })];
        Assert.DoesNotContain(seen, task => task.IsCompleted);
        gate.SetResult();
        await holding;

        Assert.Equal(Enumerable.Range(1, 50).Select(i => (long?)i), await Task.WhenAll(seen));
    }

    [Fact]
    public async Task A_change_answers_how_many_rows_it_changed_also_when_it_shares_its_commit()
    {
        using TestDatabase db = await TestDatabase.Open(engine);
        await db.Put(OpenDatabase.Grain("a"), new ProbeState { Due = db.Time.GetUtcNow() }.Send("m"));
        WakeRow wake = Assert.Single(await db.AllWakes());
        OutboxRow message = Assert.Single(await db.AllMessages());
        DateTimeOffset later = db.Time.GetUtcNow().AddHours(1);

        bool[] answers = await Task.WhenAll(
            db.Wakes.PutOff(wake, later),
            db.Wakes.PutOff(wake with { Attempts = 7 }, later),
            db.Wakes.Retry(OpenDatabase.Grain("a")),
            db.Outbox.Claim(message, later),
            db.Outbox.Claim(message, later),
            db.Outbox.Retry("m"));

        Assert.Equal([true, false, false, true, false, false], answers);
    }

    [Fact]
    public async Task Slow_storage_fills_a_bounded_queue_refuses_the_rest_and_recovers_whole()
    {
        using TestDatabase db = await TestDatabase.Open(engine, queueMax: 16, writers: 1);
        TaskCompletionSource gate = new();
        Task holding = await db.Hold(gate.Task);
        Task inHand = db.Write(OpenDatabase.Grain("in hand"), new Held<ProbeState>());
        await UntilTaken(db, engine);
        Task[] writes = [.. Enumerable.Range(0, 400).Select(async i =>
            await db.Write(OpenDatabase.Grain($"g{i}"), new Held<ProbeState>()))];

        int refused = writes.Count(write => write.IsFaulted);
        Assert.Equal(16, db.Waiting);
        Assert.Equal(engine == Engine.Sqlite ? 400 - 15 : 400 - 16, refused);
        Assert.All(writes.Where(write => write.IsFaulted), write =>
            Assert.IsType<StorageOverloadedException>(write.Exception?.InnerException));
        gate.SetResult();
        await Task.WhenAll([holding, inHand, .. writes.Where(write => !write.IsFaulted)]);
        Assert.Equal(401 - refused, await db.Number("SELECT COUNT(*) FROM grain_state"));

        foreach (int i in Enumerable.Range(0, 400).Where(i => writes[i].IsFaulted))
        {
            await db.Write(OpenDatabase.Grain($"g{i}"), new Held<ProbeState>());
        }

        Assert.Equal(401, await db.Number("SELECT COUNT(*) FROM grain_state"));
    }

    [Fact]
    public async Task A_database_that_another_owner_took_over_is_written_no_more()
    {
        using TestDatabase db = await TestDatabase.Open(engine);
        await db.Sql.Change("owner", "UPDATE owner SET epoch = epoch + 1");

        await Assert.ThrowsAsync<StorageOutcomeUnknownException>(
            () => db.Put(OpenDatabase.Grain("a"), new ProbeState()));

        Assert.Contains("another process took over", await db.Fatal.Ended, StringComparison.Ordinal);
        Assert.Equal(0, await db.Number("SELECT COUNT(*) FROM grain_state"));
    }

    [Fact]
    public async Task What_is_queued_at_the_end_is_still_written()
    {
        using TestPlace place = await TestPlace.New(engine);
        TestDatabase db = await TestDatabase.Open(engine, at: place.At);
        Task[] writes = [.. Enumerable.Range(0, 100).Select(i =>
            db.Write(OpenDatabase.Grain($"g{i}"), new Held<ProbeState>()))];
        db.Dispose();
        await Task.WhenAll(writes);

        using TestDatabase again = await TestDatabase.Open(engine, at: place.At);
        Assert.Equal(100, await again.Number("SELECT COUNT(*) FROM grain_state"));
    }

    [Fact]
    public async Task A_write_after_the_end_is_refused()
    {
        TestDatabase db = await TestDatabase.Open(engine);
        Held<ProbeState> held = await db.Load(OpenDatabase.Grain("a"));
        db.Dispose();

        await Assert.ThrowsAsync<StorageClosedException>(() => db.Write(OpenDatabase.Grain("a"), held));
    }

    /// <summary>Begins writes while the storage is busy, so that they share batches, and waits for all to end.</summary>
    private static async Task<Task[]> Together(TestDatabase db, int count, Func<int, Task> write)
    {
        TaskCompletionSource gate = new();
        Task holding = await db.Hold(gate.Task);
        Task[] writes = [.. Enumerable.Range(0, count).Select(write)];
        gate.SetResult();
        await holding;
        await Task.WhenAll(writes).ContinueWith(_ => { }, TaskScheduler.Default);
        return writes;
    }

    // On SQLite what holds the writer is itself the write that it has in its hands.
    private static async Task UntilTaken(TestDatabase db, Engine engine)
    {
        using CancellationTokenSource late = new(TimeSpan.FromSeconds(60));
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(5));
        while (db.Waiting > (engine == Engine.Sqlite ? 1 : 0))
        {
            await timer.WaitForNextTickAsync(late.Token);
        }
    }

    private static RowChange Amount(int i, long amount) => new()
    {
        Table = "probe_index",
        Key = [new("customer_id", $"c{i}"), new("day", "")],
        Values = [new("amount", amount)],
    };
}

public sealed class GroupCommitOnSqliteTests() : GroupCommitTests(Engine.Sqlite);

public sealed class GroupCommitOnPostgresTests() : GroupCommitTests(Engine.Postgres);
