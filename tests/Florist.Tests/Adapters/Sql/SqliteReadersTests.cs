using Florist.Kernel;

namespace Florist.Tests.Adapters.Sql;

public sealed class SqliteReadersTests
{
    private const string Endless =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n";

    [Fact]
    public async Task A_query_is_interrupted_when_its_caller_gives_up_and_the_connection_serves_on()
    {
        using OpenDatabase db = new(options => options.ReadersMax = 1);
        using CancellationTokenSource cancellation = new();
        TaskCompletionSource begun = new();
        Task<long?> query = Task.Run(() => db.Database.Readers.Read(
            session =>
            {
                begun.SetResult();
                return session.Number(Endless);
            },
            cancellation.Token));
        await begun.Task;
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => query);
        Assert.Equal(1, await db.Number("SELECT COUNT(*) FROM owner"));
    }

    [Fact]
    public async Task A_reader_that_fails_gives_its_connection_back()
    {
        using OpenDatabase db = new(options => options.ReadersMax = 1);
        for (int i = 0; i < 3; i++)
        {
            await Assert.ThrowsAsync<InvalidDataException>(() => db.Database.Readers.Read<int>(
                _ => throw new InvalidDataException(), default));
        }

        Assert.Equal(1, await db.Number("SELECT COUNT(*) FROM owner"));
    }

    [Fact]
    public async Task Reading_after_the_end_is_refused()
    {
        OpenDatabase db = new();
        db.Dispose();

        await Assert.ThrowsAsync<StorageClosedException>(() => db.Load(OpenDatabase.Grain("a")));
    }
}
