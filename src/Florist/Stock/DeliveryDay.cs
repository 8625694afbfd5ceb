using System.Collections.Immutable;
using System.Globalization;
using Florist.Catalogue;
using Florist.Kernel;

namespace Florist.Stock;

/// <summary>A delivery day as others see it: its plan, and what is taken of it.</summary>
public sealed record DeliveryDay
{
    /// <summary>Which day of which shop.</summary>
    public DayKey Key { get; init; } = new("", default);

    /// <summary>The plan: the day's own, or else that of the settings.</summary>
    public DayPlan Plan { get; init; } = new();

    /// <summary>True when the plan is the day's own.</summary>
    public bool IsPlanned { get; init; }

    /// <summary>What is taken of the slots, by their ids; slots without an entry are free.</summary>
    public ImmutableSortedDictionary<string, Taken> Places { get; init; } =
        ImmutableSortedDictionary.Create<string, Taken>(StringComparer.Ordinal);

    /// <summary>Places that may be promised beyond a slot's capacity, by slot.</summary>
    public ImmutableSortedDictionary<string, int> ExtraPlaces { get; init; } =
        ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);

    /// <summary>The stems that are counted, by their ids.</summary>
    public ImmutableSortedDictionary<string, StemCount> Stems { get; init; } =
        ImmutableSortedDictionary.Create<string, StemCount>(StringComparer.Ordinal);

    /// <summary>Grows with every change of plan and counts by the shop; claims leave it alone.</summary>
    public long Revision { get; init; }

    /// <summary>
    /// Why an order would not get what it asks for, as far as can be told from here: <c>SLOT_FULL</c>,
    /// <c>OUT_OF_STOCK</c>, <c>BOUQUET_CLOSED</c> or what is Invalid in it. Null when it would.
    /// </summary>
    public Fault? Refusal(ClaimPlace wanted, ICatalogue catalogue)
    {
        DayRoom room = new(Key, Plan, slot => FreePlaces(slot.Id), FreeStems);
        return room.Closed(wanted) ?? room.Find(wanted, null, catalogue).Fault;
    }

    /// <summary>Places of a slot that are still to be had; 0 for a closed or unknown one.</summary>
    public int FreePlaces(string slot) => Plan.SlotOf(slot) is { Closed: false } planned
        ? Math.Max(0, planned.Capacity + ExtraPlaces.GetValueOrDefault(slot)
            - (Places.GetValueOrDefault(slot)?.Total ?? 0))
        : 0;

    /// <summary>Stems that are still to be had; null when they do not run out.</summary>
    public int? FreeStems(string stem) => Stems.GetValueOrDefault(stem) is { } count
        ? Math.Max(0, count.OnHand + count.Extra - count.Taken.Total)
        : Plan.StemsCounted ? 0 : null;
}

/// <summary>How much is taken.</summary>
/// <param name="Held">For orders whose payment is under way.</param>
/// <param name="Committed">Promised.</param>
public sealed record Taken(int Held, int Committed)
{
    /// <summary>Nothing.</summary>
    public static readonly Taken None = new(0, 0);

    /// <summary>Both.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public int Total => Held + Committed;
}

/// <summary>The count of a stem.</summary>
/// <param name="OnHand">How many there are for this day, those that are taken included.</param>
/// <param name="Extra">How many may be promised beyond that.</param>
/// <param name="Taken">How many are taken.</param>
public sealed record StemCount(int OnHand, int Extra, Taken Taken);

/// <summary>Names a shop's day.</summary>
/// <param name="Shop">The shop's id.</param>
/// <param name="Day">The civil day of delivery.</param>
public sealed record DayKey(string Shop, DateOnly Day)
{
    /// <summary>The grain's key, as <c>main/2026-06-12</c>.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Shop}/{Day:yyyy-MM-dd}");

    /// <summary>The resource name, as <c>shops/main/days/2026-06-12</c>.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Name => string.Create(CultureInfo.InvariantCulture, $"shops/{Shop}/days/{Day:yyyy-MM-dd}");

    /// <summary>Reads a grain's key.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static DayKey Parse(string text) => text.Split('/') is [string shop, string day]
        ? new DayKey(shop, DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture))
        : throw new FormatException($"'{text}' names no day of a shop");

    /// <summary>Reads a resource name; null for anything else.</summary>
    public static DayKey? Named(string name) =>
        name.Split('/') is ["shops", { Length: > 0 } shop, "days", string day]
        && DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly on)
            ? new DayKey(shop, on)
            : null;
}

/// <summary>Something that happened to a day's counts, on record.</summary>
public sealed record StockMovement
{
    /// <summary>Its place in the order of the day's movements, from 1.</summary>
    public long Number { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>What happened.</summary>
    public MovementKind Kind { get; init; }

    /// <summary>The principal who did it; <c>system</c> for what happened by itself.</summary>
    public string By { get; init; } = "";

    /// <summary>Batch, reason or order, in words; null when there is nothing to say.</summary>
    public string? Note { get; init; }

    /// <summary>By how many, by stem.</summary>
    public ImmutableSortedDictionary<string, int> Stems { get; init; } =
        ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);

    /// <summary>By how many, by slot.</summary>
    public ImmutableSortedDictionary<string, int> Places { get; init; } =
        ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);
}

/// <summary>What may happen to a day's counts.</summary>
public enum MovementKind
{
    /// <summary>Stems have come in.</summary>
    Received,

    /// <summary>Stems were thrown away.</summary>
    Wasted,

    /// <summary>Somebody has counted again.</summary>
    Recounted,

    /// <summary>The day is over, and nobody has bought them.</summary>
    Perished,

    /// <summary>More may be promised than there is.</summary>
    Overridden,

    /// <summary>The plan was replaced.</summary>
    Planned,

    /// <summary>A claim that no order had any use for was given back.</summary>
    Repaired,
}
