using System.Collections.Immutable;
using System.Globalization;
using Florist.Catalogue;
using Florist.Kernel;

namespace Florist.Stock;

/// <summary>
/// What is left of a day, and what of it an order would get. Quotes look with it at what is stored, and the day at what
/// it is about to write, so that both mean the same by enough.
/// </summary>
/// <param name="Key">Which day.</param>
/// <param name="Plan">Its plan.</param>
/// <param name="FreePlaces">Places of a slot that are left.</param>
/// <param name="FreeStems">Stems that are left; null when they do not run out.</param>
internal sealed record DayRoom(
    DayKey Key, DayPlan Plan, Func<SlotPlan, int> FreePlaces, Func<string, int?> FreeStems)
{
    private string Day => Key.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The refusal of a bouquet that is not sold for the day; null when all are.</summary>
    public Fault? Closed(ClaimPlace wanted)
    {
        ClaimedBouquet? closed =
            wanted.Lines.FirstOrDefault(line => Plan.ClosedBouquets.Contains(line.Bouquet.Value));
        return closed is null
            ? null
            : Fault.Refused("BOUQUET_CLOSED", $"{closed.Bouquet} is not sold for {Day}")
                .With("bouquet", closed.Bouquet.Value).With("deliveryDate", Day);
    }

    /// <summary>A place and all stems for an order.</summary>
    /// <param name="wanted">What is asked for.</param>
    /// <param name="present">The slot that it has now, which it keeps if it may; null for none.</param>
    /// <param name="catalogue">What bouquets are made of.</param>
    public Outcome<PlaceAndStems> Find(ClaimPlace wanted, string? present, ICatalogue catalogue)
    {
        if (Slot(wanted, present).Failed(out Fault? full, out SlotPlan? slot))
        {
            return full;
        }

        if (StemsOf(wanted.Lines, catalogue)
            .Failed(out Fault? unknown, out ImmutableSortedDictionary<string, int>? stems))
        {
            return unknown;
        }

        foreach ((string stem, int count) in stems)
        {
            if (FreeStems(stem) is { } left && left < count)
            {
                return Short(stem, count, Math.Max(0, left));
            }
        }

        return new PlaceAndStems { Slot = slot.Id, Window = slot.Window, Stems = stems };
    }

    /// <summary>
    /// The slots that are meant: the named one; else all within the window; else, for a window that is narrower than
    /// any, those that it touches. In the order of the plan.
    /// </summary>
    public static ImmutableArray<SlotPlan> Meant(DayPlan plan, string? named, SlotWindow? window)
    {
        if (named is not null)
        {
            return [.. plan.Slots.Where(slot => slot.Id == named)];
        }

        if (window is null)
        {
            return plan.Slots;
        }

        ImmutableArray<SlotPlan> within = [.. plan.Slots.Where(slot => window.Contains(slot.Window))];
        return within.IsEmpty ? [.. plan.Slots.Where(slot => slot.Window.Overlaps(window))] : within;
    }

    /// <summary>The stems of lines, summed up before anything is compared with a count.</summary>
    public static Outcome<ImmutableSortedDictionary<string, int>> StemsOf(
        ImmutableArray<ClaimedBouquet> lines, ICatalogue catalogue)
    {
        ImmutableSortedDictionary<string, int>.Builder stems =
            ImmutableSortedDictionary.CreateBuilder<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < lines.Length; i++)
        {
            if (catalogue.Find(lines[i].Bouquet) is not { } bouquet)
            {
                return Fault.Invalid($"order.lines[{i}].bouquet", "BOUQUET_UNKNOWN", "is not in the catalogue");
            }

            foreach (BouquetStem part in bouquet.Stems)
            {
                string stem = part.Stem.Id.Value;
                stems[stem] = checked(stems.GetValueOrDefault(stem) + (part.Count * lines[i].Quantity));
            }
        }

        return stems.ToImmutable();
    }

    private Outcome<SlotPlan> Slot(ClaimPlace wanted, string? present)
    {
        ImmutableArray<SlotPlan> meant = Meant(Plan, wanted.Slot, wanted.Window);
        if (meant.IsEmpty)
        {
            return wanted.Slot is { } named
                ? Fault.Invalid("order.delivery_slot", "SLOT_UNKNOWN", $"the day has no slot {named}")
                : Fault.Invalid("order.delivery_window", "NO_SLOT", "no slot of the day is at that time");
        }

        // Where it is now, if there is room, else where there is most; the earlier of two alike.
        SlotPlan best = meant
            .OrderByDescending(slot => slot.Id == present && FreePlaces(slot) > 0)
            .ThenByDescending(FreePlaces)
            .First();
        return FreePlaces(best) > 0
            ? best
            : Fault.Refused("SLOT_FULL", $"no place is left on {Day} at that time")
                .With("deliveryDate", Day).With("slots", string.Join(',', meant.Select(slot => slot.Id)));
    }

    private Fault Short(string stem, int wanted, int available) =>
        Fault.Refused("OUT_OF_STOCK", $"{available} of {stem} are left for {Day}, and {wanted} are needed")
            .With("deliveryDate", Day)
            .With("stem", stem)
            .With("available", available.ToString(CultureInfo.InvariantCulture))
            .With("wanted", wanted.ToString(CultureInfo.InvariantCulture));
}
