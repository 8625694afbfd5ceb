namespace Florist.Adapters.Sql;

/// <summary>Tells those who poll the tables that a commit has put something into them.</summary>
internal sealed class CommitSignals
{
    /// <summary>After a commit that put messages into the outbox.</summary>
    public event Action? MessagesInserted;

    /// <summary>After a commit that set a wake-up, with when it is due.</summary>
    public event Action<DateTimeOffset>? WakeScheduled;

    /// <summary>Signals what a durable write did.</summary>
    public void Committed(StateWrite write)
    {
        if (!write.Messages.IsEmpty)
        {
            MessagesInserted?.Invoke();
        }

        if (write.NextDue is { } due)
        {
            WakeScheduled?.Invoke(due);
        }
    }
}
