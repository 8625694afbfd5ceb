using System.Collections.Immutable;
using Florist.Kernel;
using Orleans;

namespace Florist.Operations;

/// <summary>
/// Carries out what operators order about parked items, one order after the other, and keeps who ordered it and why.
/// Key: <see cref="Key"/>.
/// </summary>
public interface IParkedItemsGrain : IGrainWithStringKey
{
    /// <summary>The only key.</summary>
    const string Key = "all";

    /// <summary>Items that one order concerns at most.</summary>
    const int ItemsMax = 500;

    /// <summary>
    /// Retries or drops items. The order is on record before the first item is touched. Safe to repeat with the same
    /// request id; one that a crash broke off is begun anew, and finds what it has done already no longer parked.
    /// </summary>
    /// <returns>
    /// How many; <see cref="Fault.NotFound"/> and <see cref="Fault.Stale"/> for a named item that is not as named;
    /// <see cref="FaultKind.Refused"/> for a named item that the verb does not fit.
    /// </returns>
    Task<Outcome<HandledItems>> Handle(HandleParked command);

    /// <summary>Notes that a backup was finished.</summary>
    Task<Outcome<Done>> NoteBackup(OperatorOrder order);

    /// <summary>When the last backup was finished; null when there was none.</summary>
    Task<LastBackup> LastBackup();
}

/// <summary>When the last backup was finished.</summary>
/// <param name="At">The instant by the product's clock; null when there was none.</param>
public sealed record LastBackup(DateTimeOffset? At);

/// <summary>What to do with parked items.</summary>
public enum ParkedVerb
{
    /// <summary>Try them again.</summary>
    Retry,

    /// <summary>Give them up.</summary>
    Drop,
}

/// <summary>An order about parked items.</summary>
/// <param name="Order">Who orders it, and why.</param>
/// <param name="Verb">What to do.</param>
/// <param name="Items">Which; empty for those of the filter.</param>
/// <param name="Filter">The filter, as it was written; null for the named ones.</param>
/// <param name="Etag">With one item: only if this is still its etag. Null for any.</param>
/// <param name="ValidateOnly">True only counts them; nothing is changed or remembered.</param>
public sealed record HandleParked(
    OperatorOrder Order,
    ParkedVerb Verb,
    ImmutableArray<ParkedId> Items,
    string? Filter,
    string? Etag,
    bool ValidateOnly);

/// <summary>What became of an order.</summary>
/// <param name="Count">Items that were handled.</param>
/// <param name="More">True when there are more that fit the filter.</param>
public sealed record HandledItems(int Count, bool More);
