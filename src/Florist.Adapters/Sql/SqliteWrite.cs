namespace Florist.Adapters.Sql;

/// <summary>One write on SQLite.</summary>
internal abstract class SqliteWrite : QueuedWrite
{
    /// <summary>
    /// Runs its statements inside the batch's transaction. May run again after a rollback. Throws
    /// <see cref="Orleans.Storage.InconsistentStateException"/> only before it has changed anything.
    /// </summary>
    public abstract void Apply(SqliteSession session);
}

/// <summary>A write with an answer.</summary>
/// <param name="work">Its statements.</param>
/// <param name="settlesInTurn">
/// True where the writer has turns instead of a thread: then nothing may leave for the thread pool.
/// </param>
internal sealed class SqliteWrite<T>(Func<SqliteSession, T> work, bool settlesInTurn) : SqliteWrite
{
    private readonly TaskCompletionSource<T> settled = new(
        settlesInTurn ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);

    private T? answer;

    /// <summary>The answer once it is durable.</summary>
    public Task<T> Settled => settled.Task;

    public override void Apply(SqliteSession session) => answer = work(session);

    public override void Settle()
    {
        if (Failure is not null)
        {
            settled.SetException(Failure);
            return;
        }

        if (answer is not null)
        {
            settled.SetResult(answer);
            return;
        }

        settled.SetException(new InvalidOperationException("a write came to no answer"));
    }
}
