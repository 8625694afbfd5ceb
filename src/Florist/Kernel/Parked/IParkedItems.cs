using System.Collections.Immutable;

namespace Florist.Kernel;

/// <summary>What is parked, wherever it comes from, as the database has it.</summary>
public interface IParkedItems
{
    /// <summary>What a listing can be filtered by.</summary>
    static FilterSchema Filters { get; } = new(
        FilterField.Enum(
            "source", [.. Enum.GetValues<ParkedSource>().Select(source => source.ToString().ToUpperInvariant())]),
        FilterField.Text("subject"),
        FilterField.Text("key"),
        FilterField.Text("reason"),
        FilterField.Integer("attempt_count"),
        FilterField.Timestamp("park_time"));

    /// <summary>A page of items, the longest waiting first.</summary>
    Task<Page<ParkedItem>> List(FilterExpression filter, PageRequest page, CancellationToken cancellationToken);

    /// <summary>An item as it is now; null when it is not parked.</summary>
    Task<ParkedItem?> Find(ParkedId id, CancellationToken cancellationToken);

    /// <summary>How many there are of each source, and since when the first of them waits.</summary>
    Task<ImmutableArray<ParkedCount>> Counts(CancellationToken cancellationToken);
}

/// <summary>How many items of a source are parked.</summary>
/// <param name="Source">The source.</param>
/// <param name="Count">How many, 1 or more.</param>
/// <param name="Oldest">Since when the first of them is.</param>
public sealed record ParkedCount(ParkedSource Source, long Count, DateTimeOffset Oldest);

/// <summary>
/// Acts on the parked items of one source. Declared by whoever parks them; every verb is safe to repeat.
/// </summary>
public interface IParkedSource
{
    /// <summary>Whose items it acts on.</summary>
    ParkedSource Source { get; }

    /// <summary>False where an item cannot be tried again.</summary>
    bool CanRetry { get; }

    /// <summary>False where an item must not be given up.</summary>
    bool CanDrop { get; }

    /// <summary>Sets an item going again.</summary>
    /// <returns>False when it is not parked any more, or trying again has become useless.</returns>
    Task<bool> Retry(string key, CancellationToken cancellationToken);

    /// <summary>Gives an item up, and has what it was about record that.</summary>
    /// <returns>False when it is not parked any more.</returns>
    Task<bool> Drop(string key, CancellationToken cancellationToken);
}
