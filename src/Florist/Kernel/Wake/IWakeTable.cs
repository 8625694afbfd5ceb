using System.Collections.Immutable;
using Orleans.Runtime;

namespace Florist.Kernel;

/// <summary>The wake rows in the database, one a grain, written by commits of grains.</summary>
public interface IWakeTable
{
    /// <summary>Shares that the grains are divided into, for hosts that divide the waking: 0 to 63.</summary>
    const int Shards = 64;

    /// <summary>
    /// Signalled (best effort) after a commit of a grain that has wake-ups, also when it has none any more.
    /// </summary>
    event Action<WakeChange>? Changed;

    /// <summary>
    /// Rows of a class that are ready before an instant, parked ones left out, earliest <see cref="WakeRow.NotBefore"/>
    /// first.
    /// </summary>
    Task<ImmutableArray<WakeRow>> Due(WakeQuery query, CancellationToken cancellationToken);

    /// <summary>The earliest instant at which any row that is not parked falls due; null when there is none.</summary>
    Task<DateTimeOffset?> NextDue(CancellationToken cancellationToken);

    /// <summary>True while the row is as it was read: nobody has moved it since.</summary>
    Task<bool> Stands(WakeRow row, CancellationToken cancellationToken);

    /// <summary>
    /// Puts a row off after its grain failed to handle the wake. Does nothing if the grain moved it since.
    /// </summary>
    /// <returns>True when the row was put off.</returns>
    Task<bool> PutOff(WakeRow row, DateTimeOffset notBefore);

    /// <summary>Takes a row out of the running until an operator looks at it or its grain commits again.</summary>
    /// <param name="row">The row as it was read.</param>
    /// <param name="reason">Why, without personal data.</param>
    /// <param name="at">The present.</param>
    Task Park(WakeRow row, string reason, DateTimeOffset at);

    /// <summary>The wake-ups of grains of one type, parked ones too, in ordinal order of keys.</summary>
    /// <param name="grainType">As <c>occasions</c>.</param>
    /// <param name="after">Begin behind this grain; null begins at the start.</param>
    /// <param name="max">At most so many, 1 or more.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    Task<ImmutableArray<WakeRow>> OfType(
        string grainType, GrainId? after, int max, CancellationToken cancellationToken);

    /// <summary>Parked rows in ordinal order of grains.</summary>
    /// <param name="after">Begin behind this grain; null begins at the start.</param>
    /// <param name="max">At most so many, 1 or more.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    Task<ImmutableArray<WakeRow>> Parked(GrainId? after, int max, CancellationToken cancellationToken);

    /// <summary>Puts a parked row back, to be tried at once and as often as a new one. Safe to repeat.</summary>
    /// <returns>False when the grain has no parked row.</returns>
    Task<bool> Retry(GrainId grain);
}

/// <summary>Which wake rows are asked for.</summary>
/// <param name="Class">Of this class.</param>
/// <param name="Until">Ready at this instant or before.</param>
/// <param name="Max">At most so many, 1 or more.</param>
/// <param name="Shard">Of this shard only, 0 to 63; null for all.</param>
public sealed record WakeQuery(WakeClass Class, DateTimeOffset Until, int Max, int? Shard = null)
{
    /// <summary>Ready at this instant or later; the least instant, unless set, for all.</summary>
    public DateTimeOffset From { get; init; } = DateTimeOffset.MinValue;
}

/// <summary>A wake-up.</summary>
/// <param name="Grain">Whom to wake.</param>
/// <param name="DueAt">When it was due, in whole milliseconds.</param>
/// <param name="Class">Its class.</param>
/// <param name="Attempts">Failed attempts so far.</param>
/// <param name="NotBefore">When it is ready: <paramref name="DueAt"/>, or later after failures.</param>
public sealed record WakeRow(
    GrainId Grain, DateTimeOffset DueAt, WakeClass Class, int Attempts, DateTimeOffset NotBefore);

/// <summary>What a commit made of a grain's wake-up.</summary>
/// <param name="Grain">Whose.</param>
/// <param name="DueAt">When it is due from now on, in whole milliseconds; null for never.</param>
/// <param name="Class">Its class.</param>
public sealed record WakeChange(GrainId Grain, DateTimeOffset? DueAt, WakeClass Class);

/// <summary>Shorter ways to ask for wake-ups.</summary>
public static class WakeTables
{
    /// <summary>Rows of a class that are due now, in any shard.</summary>
    public static Task<ImmutableArray<WakeRow>> Due(
        this IWakeTable table, WakeClass @class, DateTimeOffset now, int max, CancellationToken cancellationToken) =>
        table.Due(new WakeQuery(@class, now, max), cancellationToken);
}
