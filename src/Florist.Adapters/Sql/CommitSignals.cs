using Florist.Kernel;
using Orleans.Runtime;

namespace Florist.Adapters.Sql;

/// <summary>Tells those who poll the tables that a commit has put something into them.</summary>
internal sealed class CommitSignals
{
    /// <summary>After a commit that put messages into the outbox.</summary>
    public event Action? MessagesInserted;

    /// <summary>After a commit of a grain that has wake-ups.</summary>
    public event Action<WakeChange>? WakeChanged;

    /// <summary>Signals what a durable write did.</summary>
    public void Committed(StateWrite write)
    {
        if (!write.Messages.IsEmpty)
        {
            MessagesReady();
        }

        if (write.HasEffects && WakeChanged is not null)
        {
            DateTimeOffset? due = write.NextDue is { } at ? SqlValue.Instant(SqlValue.RoundedUp(at)) : null;
            WakeMoved(new WakeChange(GrainId.Parse(write.GrainKey), due, write.WakeClass));
        }
    }

    /// <summary>Signals that there are messages to hand over.</summary>
    public void MessagesReady() => MessagesInserted?.Invoke();

    /// <summary>Signals what has become of a wake-up.</summary>
    public void WakeMoved(WakeChange change) => WakeChanged?.Invoke(change);
}
