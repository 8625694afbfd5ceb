using System.Collections.Immutable;
using Florist.Catalogue;
using Florist.Kernel;

namespace Florist.Stock;

/// <summary>What can be ordered for a day, and why what cannot be cannot.</summary>
/// <param name="Key">The day of the shop.</param>
/// <param name="Label">What it is called; null for an ordinary one.</param>
/// <param name="CutOffAt">Until when orders are taken; null when nothing is delivered.</param>
/// <param name="Reason">Why no order is taken, as a refusal names it; null when orders are taken.</param>
/// <param name="Slots">The slots, in order.</param>
/// <param name="Bouquets">What was asked about, in the order of the question.</param>
internal sealed record DayOffer(
    DayKey Key,
    string? Label,
    DateTimeOffset? CutOffAt,
    string? Reason,
    ImmutableArray<SlotOffer> Slots,
    ImmutableArray<BouquetOffer> Bouquets);

/// <summary>Whether a slot has room.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="Reason">Why not; null when it has.</param>
internal sealed record SlotOffer(SlotPlan Slot, string? Reason);

/// <summary>Whether one of a bouquet can be ordered.</summary>
/// <param name="Bouquet">Which.</param>
/// <param name="Reason">Why not; null when it can.</param>
internal sealed record BouquetOffer(BouquetId Bouquet, string? Reason);

/// <summary>
/// Answers what can be ordered from what is stored of days, without asking any of them: one read for all days and all
/// bouquets. It is an offer and no promise; a hold that has just run out may still count.
/// </summary>
internal static class Availability
{
    /// <summary>The days from <paramref name="from"/> on.</summary>
    /// <param name="area">Where to.</param>
    /// <param name="from">The first day.</param>
    /// <param name="count">How many days.</param>
    /// <param name="stored">What is stored of them.</param>
    /// <param name="bouquets">What is asked about.</param>
    /// <param name="plans">The plans of days that nobody has planned.</param>
    /// <param name="now">The present.</param>
    public static ImmutableArray<DayOffer> Of(
        DeliveryArea area,
        DateOnly from,
        int count,
        ImmutableArray<DeliveryDay> stored,
        ImmutableArray<Bouquet> bouquets,
        ShopPlans plans,
        DateTimeOffset now)
    {
        Dictionary<DateOnly, DeliveryDay> byDay = stored.ToDictionary(day => day.Key.Day);
        return [.. Enumerable.Range(0, count).Select(ahead =>
        {
            DateOnly day = from.AddDays(ahead);
            DeliveryDay present = Present(new DayKey(area.Shop, day), byDay.GetValueOrDefault(day), plans);
            return Of(area, present, bouquets, plans, now);
        })];
    }

    /// <summary>A day as it is stored, with the plan of the settings where it has none of its own.</summary>
    public static DeliveryDay Present(DayKey key, DeliveryDay? stored, ShopPlans plans)
    {
        DeliveryDay day = stored ?? new DeliveryDay { Key = key };
        return day.IsPlanned ? day : day with { Plan = plans.Of(key.Shop, key.Day) };
    }

    private static DayOffer Of(
        DeliveryArea area,
        DeliveryDay day,
        ImmutableArray<Bouquet> bouquets,
        ShopPlans plans,
        DateTimeOffset now)
    {
        DateTimeOffset? cutOff = plans.CutOff(day.Plan, area.Shop, area.Id, day.Key.Day);
        ImmutableArray<SlotOffer> slots = [.. day.Plan.Slots.Select(slot => new SlotOffer(slot, ReasonOf(day, slot)))];
        string? reason = cutOff is null ? "NO_DELIVERY_DAY"
            : cutOff <= now ? "PAST_CUT_OFF"
            : slots.All(slot => slot.Reason is not null) ? "SLOT_FULL"
            : null;
        return new DayOffer(
            day.Key,
            day.Plan.Label,
            cutOff,
            reason,
            slots,
            [.. bouquets.Select(bouquet => new BouquetOffer(bouquet.Id, ReasonOf(day, bouquet)))]);
    }

    private static string? ReasonOf(DeliveryDay day, SlotPlan slot) =>
        slot.Closed ? "SLOT_CLOSED"
        : day.FreePlaces(slot.Id) > 0 ? null
        : "SLOT_FULL";

    private static string? ReasonOf(DeliveryDay day, Bouquet bouquet)
    {
        bool isShort = bouquet.Stems.Any(part => day.FreeStems(part.Stem.Id.Value) < part.Count);
        return !bouquet.Months.Contains(day.Key.Day.Month) ? "OUT_OF_SEASON"
            : day.Plan.ClosedBouquets.Contains(bouquet.Id.Value) ? "BOUQUET_CLOSED"
            : isShort ? "OUT_OF_STOCK"
            : null;
    }
}

/// <summary>Tells the catalogue what can be ordered for a day.</summary>
internal sealed class BouquetsOnADay(
    IStockQueries queries, ICatalogue catalogue, ShopPlans plans, TimeProvider time) : IBouquetAvailability
{
    public async Task<ImmutableHashSet<BouquetId>> On(
        DateOnly day, string regionCode, string? postalCode, CancellationToken cancellationToken)
    {
        if (plans.AreaOf(regionCode, postalCode) is not { } area)
        {
            return [];
        }

        ImmutableArray<DeliveryDay> stored = await queries.Days(area.Shop, day, day.AddDays(1), cancellationToken);
        DayOffer offer = Availability.Of(area, day, 1, stored, catalogue.Bouquets, plans, time.GetUtcNow())[0];
        return offer.Reason is null
            ? [.. offer.Bouquets.Where(bouquet => bouquet.Reason is null).Select(bouquet => bouquet.Bouquet)]
            : [];
    }
}
