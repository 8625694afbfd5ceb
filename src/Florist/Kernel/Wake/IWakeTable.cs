using System.Collections.Immutable;
using Orleans.Runtime;

namespace Florist.Kernel;

/// <summary>The wake rows in the database, one a grain, written by commits of grains.</summary>
public interface IWakeTable
{
    /// <summary>
    /// Signalled (best effort) after a commit that made a wake-up earlier than the poll would notice.
    /// </summary>
    event Action<DateTimeOffset>? Scheduled;

    /// <summary>Rows due at <paramref name="now"/> whose back-off has passed, earliest first within a class.</summary>
    Task<ImmutableArray<WakeRow>> Due(
        WakeClass @class, DateTimeOffset now, int max, CancellationToken cancellationToken);

    /// <summary>The earliest instant at which any row that is not parked falls due; null when there is none.</summary>
    Task<DateTimeOffset?> NextDue(CancellationToken cancellationToken);

    /// <summary>True while the row is as it was read: nobody has moved it since.</summary>
    Task<bool> Stands(WakeRow row, CancellationToken cancellationToken);

    /// <summary>
    /// Puts a row off after its grain failed to handle the wake. Does nothing if the grain moved it since.
    /// </summary>
    Task PutOff(WakeRow row, DateTimeOffset notBefore);

    /// <summary>Takes a row out of the running until an operator looks at it or its grain commits again.</summary>
    Task Park(WakeRow row);
}

/// <summary>A due wake-up.</summary>
/// <param name="Grain">Whom to wake.</param>
/// <param name="DueAt">When it was due.</param>
/// <param name="Class">Its class.</param>
/// <param name="Attempts">Failed attempts so far.</param>
public sealed record WakeRow(GrainId Grain, DateTimeOffset DueAt, WakeClass Class, int Attempts);
