using Florist.Adapters.Sql;
using Florist.Kernel;
using Microsoft.Data.Sqlite;
using Orleans.Runtime;
using Orleans.Storage;

namespace Florist.Tests.Adapters.Sql;

public sealed class SqliteWriterTests
{
    private const string Insert = "INSERT INTO probe_index (customer_id, day, amount) VALUES ($1, '', $2)";

    [Fact]
    public void A_writer_that_is_given_its_turns_has_no_thread_and_commits_in_them()
    {
        Queue<Action> turns = new();
        using OpenDatabase db = new(options => options.WriterTurns = turns.Enqueue);
        Task<int> first = db.Database.Writer.Run(0, session => session.Execute("UPDATE owner SET holder = 'a'"));
        Task<int> second = db.Database.Writer.Run(0, session => session.Execute("UPDATE owner SET holder = 'b'"));

        Assert.False(first.IsCompleted);
        turns.Dequeue()();
        Assert.True(first.IsCompletedSuccessfully && second.IsCompletedSuccessfully);
        Assert.Empty(turns);
    }

    [Fact]
    public async Task The_writer_syncs_every_commit_and_never_checkpoints_by_itself()
    {
        using OpenDatabase db = new();

        Assert.Equal(2, await db.Database.Writer.Run(0, session => session.Number("PRAGMA synchronous") ?? -1));
        Assert.Equal(0, await db.Database.Writer.Run(0, session => session.Number("PRAGMA wal_autocheckpoint") ?? -1));
    }

    [Fact]
    public async Task A_reader_cannot_write()
    {
        using OpenDatabase db = new();

        SqliteException refusal = await Assert.ThrowsAsync<SqliteException>(
            () => db.Database.Readers.Read(session => session.Execute(Insert, "a", 1), default));

        Assert.Equal(SQLitePCL.raw.SQLITE_READONLY, refusal.SqliteErrorCode);
    }

    [Fact]
    public async Task One_bad_write_of_256_fails_alone()
    {
        using OpenDatabase db = new();
        TaskCompletionSource gate = new();
        Task<int> holding = db.Hold(gate.Task);
        Task[] writes = [.. Enumerable.Range(0, 256).Select(i => db.Write(
            OpenDatabase.Grain($"g{i}"),
            new Held<ProbeState> { State = new ProbeState().Send($"m{i}").Put(Amount(i, i == 100 ? -1 : i)) }))];
        gate.SetResult();
        await holding;
        await Task.WhenAll(writes).ContinueWith(_ => { }, TaskScheduler.Default);

        Task bad = Assert.Single(writes, write => write.IsFaulted);
        Assert.Same(writes[100], bad);
        Assert.Equal(
            SQLitePCL.raw.SQLITE_CONSTRAINT,
            Assert.IsType<SqliteException>(bad.Exception?.InnerException).SqliteErrorCode);
        Assert.Equal(255, await db.Number("SELECT COUNT(*) FROM grain_state"));
        Assert.Equal(255, await db.Number("SELECT COUNT(*) FROM outbox"));
        Assert.Equal(255, await db.Number("SELECT COUNT(*) FROM probe_index"));
        Assert.False((await db.Load(OpenDatabase.Grain("g100"))).RecordExists);
    }

    [Fact]
    public async Task A_conflict_fails_only_its_own_write_and_costs_the_batch_nothing()
    {
        using OpenDatabase db = new();
        Held<ProbeState> stale = await db.Put(OpenDatabase.Grain("old"), new ProbeState());
        await db.Write(OpenDatabase.Grain("old"), await db.Load(OpenDatabase.Grain("old")));
        TaskCompletionSource gate = new();
        Task<int> holding = db.Hold(gate.Task);
        Task before = db.Write(OpenDatabase.Grain("before"), new Held<ProbeState>());
        Task conflict = db.Write(OpenDatabase.Grain("old"), stale);
        Task after = db.Write(OpenDatabase.Grain("after"), new Held<ProbeState>());
        gate.SetResult();
        await Task.WhenAll(holding, before, after);

        await Assert.ThrowsAsync<InconsistentStateException>(() => conflict);
        Assert.Equal("2", (await db.Load(OpenDatabase.Grain("old"))).ETag);
    }

    [Fact]
    public async Task Two_writes_of_one_state_in_a_batch_are_applied_in_order_each_with_its_own_check()
    {
        using OpenDatabase db = new();
        GrainId grain = OpenDatabase.Grain("a");
        TaskCompletionSource gate = new();
        Task<int> holding = db.Hold(gate.Task);
        Task first = db.Write(grain, new Held<ProbeState> { State = new ProbeState { Text = "first" } });
        Task second = db.Write(grain, new Held<ProbeState> { State = new ProbeState { Text = "second" }, ETag = "1" });
        Task third = db.Write(grain, new Held<ProbeState> { State = new ProbeState { Text = "third" }, ETag = "1" });
        gate.SetResult();
        await Task.WhenAll(holding, first, second);

        await Assert.ThrowsAsync<InconsistentStateException>(() => third);
        Held<ProbeState> read = await db.Load(grain);
        Assert.Equal(("second", "2"), (read.State.Text, read.ETag));
    }

    [Fact]
    public async Task Writes_complete_in_commit_order_and_not_before_the_commit()
    {
        using OpenDatabase db = new();
        TaskCompletionSource gate = new();
        Task<int> holding = db.Hold(gate.Task);
        List<Task<long?>> seen = [.. Enumerable.Range(0, 50).Select(async i =>
        {
            await db.Database.Writer.Run(0, session => session.Execute(Insert, $"{i:00}", i));
            return await db.Number("SELECT COUNT(*) FROM probe_index WHERE customer_id <= $1", $"{i:00}");
        })];
        Assert.DoesNotContain(seen, task => task.IsCompleted);
        gate.SetResult();
        await holding;

        Assert.Equal(Enumerable.Range(1, 50).Select(i => (long?)i), await Task.WhenAll(seen));
    }

    [Fact]
    public async Task A_callers_continuation_does_not_run_on_the_writers_thread()
    {
        using OpenDatabase db = new();
        int writer = await db.Database.Writer.Run(0, _ => Environment.CurrentManagedThreadId);
        int caller = await db.Database.Writer.Run(0, _ => 1)
            .ContinueWith(
                _ => Environment.CurrentManagedThreadId,
                default,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);

        Assert.NotEqual(writer, caller);
    }

    [Fact]
    public async Task A_full_queue_refuses_more_and_takes_them_again_when_there_is_room()
    {
        using OpenDatabase db = new(options => options.QueueMax = 8);
        TaskCompletionSource gate = new();
        TaskCompletionSource begun = new();
        Task<int> holding = db.Database.Writer.Run(0, _ =>
        {
            begun.SetResult();
            ((IAsyncResult)gate.Task).AsyncWaitHandle.WaitOne();
            return 1;
        });
        await begun.Task;
        Task[] waiting = [.. Enumerable.Range(0, 8).Select(i =>
            db.Write(OpenDatabase.Grain($"g{i}"), new Held<ProbeState>()))];

        await Assert.ThrowsAsync<StorageOverloadedException>(
            () => db.Write(OpenDatabase.Grain("one too many"), new Held<ProbeState>()));
        gate.SetResult();
        await Task.WhenAll([holding, .. waiting]);
        await db.Write(OpenDatabase.Grain("one too many"), new Held<ProbeState>());

        Assert.Equal(9, await db.Number("SELECT COUNT(*) FROM grain_state"));
    }

    [Fact]
    public async Task A_failed_commit_has_an_unknown_outcome_and_ends_the_process()
    {
        using OpenDatabase db = new();
        await db.Database.Writer.Run(0, session =>
        {
            SQLitePCL.raw.sqlite3_commit_hook(session.Connection.Handle, _ => 1, null);
            return 1;
        }).ContinueWith(_ => { }, TaskScheduler.Default);

        // The hook turned this very commit into a failure; the next write finds the storage closed.
        Assert.StartsWith("a commit failed", await db.Fatal.Ended, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StorageClosedException>(() => db.Put(OpenDatabase.Grain("a"), new ProbeState()));
        Assert.Equal(0, await db.Number("SELECT COUNT(*) FROM grain_state"));
    }

    [Fact]
    public async Task Every_write_of_a_batch_whose_commit_fails_is_told_that_its_outcome_is_unknown()
    {
        using OpenDatabase db = new();
        TaskCompletionSource gate = new();
        Task<int> holding = db.Hold(gate.Task);
        Task<int> hooking = db.Database.Writer.Run(0, session =>
        {
            SQLitePCL.raw.sqlite3_commit_hook(session.Connection.Handle, _ => 1, null);
            return 1;
        });
        Task write = db.Write(OpenDatabase.Grain("a"), new Held<ProbeState>());
        gate.SetResult();

        await Assert.ThrowsAsync<StorageOutcomeUnknownException>(() => write);
        await Assert.ThrowsAsync<StorageOutcomeUnknownException>(() => hooking);
        await Assert.ThrowsAsync<StorageOutcomeUnknownException>(() => holding);
        Assert.True(db.Fatal.HasEnded);
    }

    [Fact]
    public async Task A_full_disk_ends_the_process()
    {
        using OpenDatabase db = new();
        await db.Database.Writer.Run(0, session => session.Number(
            $"PRAGMA max_page_count = {session.Number("PRAGMA page_count")}") ?? 0);

        await Assert.ThrowsAsync<StorageOutcomeUnknownException>(async () =>
        {
            for (int i = 0; i < 100; i++)
            {
                await db.Put(OpenDatabase.Grain($"{i}"), new ProbeState { Text = new string('x', 10_000) });
            }
        });

        Assert.True(db.Fatal.HasEnded);
    }

    [Fact]
    public async Task A_database_that_another_owner_took_over_is_written_no_more()
    {
        using OpenDatabase db = new();
        await db.Database.Writer.Run(0, session => session.Execute("UPDATE owner SET epoch = epoch + 1"));

        await Assert.ThrowsAsync<StorageOutcomeUnknownException>(
            () => db.Put(OpenDatabase.Grain("a"), new ProbeState()));

        Assert.Contains("another process took over", await db.Fatal.Ended, StringComparison.Ordinal);
        Assert.Equal(0, await db.Number("SELECT COUNT(*) FROM grain_state"));
    }

    [Fact]
    public async Task What_is_queued_at_the_end_is_still_written_and_the_log_is_empty()
    {
        using Testing.TempFolder folder = new();
        OpenDatabase db = new(folder: folder.Path);
        Task[] writes = [.. Enumerable.Range(0, 100).Select(i =>
            db.Write(OpenDatabase.Grain($"g{i}"), new Held<ProbeState>()))];
        db.Dispose();
        await Task.WhenAll(writes);

        Assert.False(File.Exists(db.Options.DatabasePath + "-wal"));
        using OpenDatabase again = new(folder: folder.Path);
        Assert.Equal(100, await again.Number("SELECT COUNT(*) FROM grain_state"));
    }

    [Fact]
    public async Task A_write_after_the_end_is_refused()
    {
        OpenDatabase db = new();
        Held<ProbeState> held = await db.Load(OpenDatabase.Grain("a"));
        db.Dispose();

        await Assert.ThrowsAsync<StorageClosedException>(() => db.Write(OpenDatabase.Grain("a"), held));
    }

    [Fact]
    public async Task A_log_past_its_limit_is_checkpointed_between_commits()
    {
        using OpenDatabase db = new(options => options.WalBytesMax = 1 << 20);
        for (int i = 0; i < 40; i++)
        {
            await db.Put(OpenDatabase.Grain("a"), new ProbeState { Text = new string('x', 100_000) });
        }

        Assert.InRange(new FileInfo(db.Options.DatabasePath + "-wal").Length, 1, 2 << 20);
    }

    private static RowChange Amount(int i, long amount) => new()
    {
        Table = "probe_index",
        Key = [new("customer_id", $"c{i}"), new("day", "")],
        Values = [new("amount", amount)],
    };
}
