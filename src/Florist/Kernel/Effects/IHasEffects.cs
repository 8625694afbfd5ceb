using System.Collections.Immutable;

namespace Florist.Kernel;

/// <summary>
/// What a grain's state tells the storage provider to write in the same commit as itself, so that application code
/// has one call to make and no second one to forget.
/// </summary>
public interface IHasEffects
{
    /// <summary>When the grain must be woken next; null when nothing is due, which removes its wake row.</summary>
    DateTimeOffset? NextDue { get; }

    /// <summary>How urgent that wake-up is.</summary>
    WakeClass WakeClass => WakeClass.Notice;

    /// <summary>Messages emitted since the last successful write.</summary>
    ImmutableArray<OutboxMessage> Pending { get; }

    /// <summary>Index and child rows changed since the last successful write, in order.</summary>
    ImmutableArray<RowChange> Rows { get; }
}

/// <summary>
/// A grain's state that carries its effects to the commit. It may say <see cref="IHasEffects.Rows"/> itself, to add
/// rows that are computed when they are written: an index row is then written once a commit, not once a change.
/// </summary>
/// <typeparam name="TSelf">The state record itself.</typeparam>
public interface IDurableState<TSelf> : IHasEffects
    where TSelf : class, IDurableState<TSelf>
{
    /// <summary>Effects that are not written yet. Never part of the JSON: mark it <c>[JsonIgnore]</c>.</summary>
    Effects Effects { get; }

    /// <summary>The same state with other effects.</summary>
    TSelf With(Effects effects);

    /// <inheritdoc/>
    ImmutableArray<OutboxMessage> IHasEffects.Pending => Effects.Pending;

    /// <inheritdoc/>
    ImmutableArray<RowChange> IHasEffects.Rows => Effects.Rows;
}

/// <summary>Messages and rows that the next commit writes along with the state.</summary>
public sealed record Effects
{
    /// <summary>No effects.</summary>
    public static readonly Effects None = new();

    /// <summary>Messages to write to the outbox.</summary>
    public ImmutableArray<OutboxMessage> Pending { get; init; } = [];

    /// <summary>Rows to put or to delete.</summary>
    public ImmutableArray<RowChange> Rows { get; init; } = [];

    /// <summary>These and one message more.</summary>
    public Effects Send(OutboxMessage message) => this with { Pending = Pending.Add(message) };

    /// <summary>These and one row change more.</summary>
    public Effects Put(RowChange row) => this with { Rows = Rows.Add(row) };

    /// <summary>
    /// What is left after the first <paramref name="pending"/> messages and <paramref name="rows"/> rows were
    /// written.
    /// </summary>
    public Effects Written(int pending, int rows) => this with
    {
        Pending = Pending.RemoveRange(0, pending),
        Rows = Rows.RemoveRange(0, rows),
    };
}
