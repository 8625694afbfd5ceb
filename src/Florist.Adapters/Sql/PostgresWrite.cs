using Npgsql;

namespace Florist.Adapters.Sql;

/// <summary>One write that waits for, or is part of, a batch on PostgreSQL.</summary>
internal abstract class PostgresWrite : QueuedWrite
{
    private readonly TaskCompletionSource<long> settled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What it is about; writes of one subject are made in order.</summary>
    public abstract string Subject { get; }

    /// <summary>The new version of a state, or the rows that a statement changed, once it is durable.</summary>
    public Task<long> Settled => settled.Task;

    /// <summary>What it answers when it succeeded.</summary>
    protected abstract long Answer { get; }

    public override void Settle()
    {
        if (Failure is null)
        {
            settled.SetResult(Answer);
        }
        else
        {
            settled.SetException(Failure);
        }
    }
}

/// <summary>A grain's commit.</summary>
/// <param name="write">What it writes.</param>
/// <param name="shapes">The shapes of its rows, checked on the grain's turn.</param>
internal sealed class PostgresCommit(StateWrite write, RowShape[] shapes) : PostgresWrite
{
    public override string Subject => write.GrainKey;

    /// <summary>What it writes.</summary>
    public StateWrite Write => write;

    /// <summary>The shapes of its rows.</summary>
    public RowShape[] Shapes => shapes;

    protected override long Answer => (write.Expected ?? 0) + 1;
}

/// <summary>A change by one statement.</summary>
internal sealed class PostgresChange(string subject, string sql, object[] values) : PostgresWrite
{
    public override string Subject => subject;

    /// <summary>The statement.</summary>
    public string Sql => sql;

    /// <summary>Its values.</summary>
    public object[] Values => values;

    /// <summary>The command of the last attempt.</summary>
    public NpgsqlBatchCommand? Command { get; set; }

    protected override long Answer => Command?.RecordsAffected ?? 0;
}
