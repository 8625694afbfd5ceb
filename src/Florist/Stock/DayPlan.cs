using System.Collections.Immutable;

namespace Florist.Stock;

/// <summary>What a shop does on a day.</summary>
public sealed record DayPlan
{
    /// <summary>At most so many slots.</summary>
    public const int SlotsMax = 24;

    /// <summary>At most so many bouquets that are not sold for the day.</summary>
    public const int ClosedBouquetsMax = 100;

    /// <summary>Most places of a slot.</summary>
    public const int CapacityMax = 100_000;

    /// <summary>Most days between the last order and the day.</summary>
    public const int LeadDaysMax = 60;

    /// <summary>What the day is called, as <c>Valentine's Day</c>; null for an ordinary one.</summary>
    public string? Label { get; init; }

    /// <summary>True when nothing is delivered.</summary>
    public bool Closed { get; init; }

    /// <summary>
    /// Until when orders are taken, in the shop's civil time; null, as for a closed day, takes none.
    /// </summary>
    public TimeOnly? CutOff { get; init; }

    /// <summary>How many days before the day that cut-off is; 0 for orders on the same day.</summary>
    public int LeadDays { get; init; }

    /// <summary>The slots, in order of their begin.</summary>
    public ImmutableArray<SlotPlan> Slots { get; init; } = [];

    /// <summary>Ids of bouquets that are not sold for this day.</summary>
    public ImmutableArray<string> ClosedBouquets { get; init; } = [];

    /// <summary>True when stems that nobody has counted are not there; false when they do not run out.</summary>
    public bool StemsCounted { get; init; }

    /// <summary>The slot of an id; null when there is none.</summary>
    public SlotPlan? SlotOf(string id) => Slots.FirstOrDefault(slot => slot.Id == id);
}

/// <summary>What of a plan may be changed.</summary>
public enum PlanPart
{
    /// <summary><see cref="DayPlan.Label"/>.</summary>
    Label,

    /// <summary><see cref="DayPlan.Closed"/>.</summary>
    Closed,

    /// <summary><see cref="DayPlan.CutOff"/>.</summary>
    CutOff,

    /// <summary><see cref="DayPlan.LeadDays"/>.</summary>
    LeadDays,

    /// <summary><see cref="DayPlan.Slots"/>, all of them.</summary>
    Slots,

    /// <summary><see cref="DayPlan.ClosedBouquets"/>, all of them.</summary>
    ClosedBouquets,

    /// <summary><see cref="DayPlan.StemsCounted"/>.</summary>
    StemsCounted,
}

/// <summary>A part of a delivery day with so many places: an order takes one, whatever is in it.</summary>
/// <param name="Id">As <c>morning</c>; lower-case letters, digits and hyphens.</param>
/// <param name="Window">When, in the civil time of the place of delivery.</param>
/// <param name="Capacity">Places, 0 to <see cref="DayPlan.CapacityMax"/>.</param>
/// <param name="Closed">True when it takes no further orders.</param>
public sealed record SlotPlan(string Id, SlotWindow Window, int Capacity, bool Closed = false);

/// <summary>Names a slot of a day that is known otherwise.</summary>
/// <param name="Shop">The shop.</param>
/// <param name="Slot">The slot's id.</param>
public sealed record SlotName(string Shop, string Slot);

/// <summary>A window of a day, in civil time; half open.</summary>
/// <param name="Start">Its begin.</param>
/// <param name="End">Its end, later than its begin.</param>
public sealed record SlotWindow(TimeOnly Start, TimeOnly End)
{
    /// <summary>True when all of the other lies within.</summary>
    public bool Contains(SlotWindow other) => Start <= other.Start && other.End <= End;

    /// <summary>True when both have some time in common.</summary>
    public bool Overlaps(SlotWindow other) => Start < other.End && other.Start < End;
}
