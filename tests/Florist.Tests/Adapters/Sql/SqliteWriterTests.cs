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
        Task holding = await db.Hold(gate.Task);
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
    public async Task The_end_empties_the_log()
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
    public async Task A_log_past_its_limit_is_checkpointed_between_commits()
    {
        using OpenDatabase db = new(options => options.WalBytesMax = 1 << 20);
        for (int i = 0; i < 40; i++)
        {
            await db.Put(OpenDatabase.Grain("a"), new ProbeState { Text = new string('x', 100_000) });
        }

        Assert.InRange(new FileInfo(db.Options.DatabasePath + "-wal").Length, 1, 2 << 20);
    }
}
