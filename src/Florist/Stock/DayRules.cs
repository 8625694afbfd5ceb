using System.Collections.Immutable;
using System.Globalization;
using Florist.Catalogue;
using Florist.Kernel;

namespace Florist.Stock;

/// <summary>
/// Who gets what of a day. Pure; the book comes without what has expired. Every command is safe to repeat, and what an
/// order has already counts as free while it asks for something else.
/// </summary>
internal static class DayRules
{
    /// <summary>Decides whether an order's place and stems are held.</summary>
    public static Outcome<DayStep> Hold(DayBook book, ClaimPlace command, DayTerms terms)
    {
        Claim<PlaceAndStems>? present = book.Claims.Find(command.OrderId);
        if (ClaimRules.Hold(present, command.Generation).Failed(out Fault? fault, out ClaimStep step))
        {
            return fault;
        }

        if (step == ClaimStep.Nothing)
        {
            return Unchanged(book, present);
        }

        return Open(command, terms) is { } closed
            ? closed
            : Take(book, command, terms, ClaimState.Held);
    }

    /// <summary>Decides whether what was held is promised.</summary>
    public static Outcome<DayStep> Commit(DayBook book, ClaimPlace command, DayTerms terms)
    {
        Claim<PlaceAndStems>? present = book.Claims.Find(command.OrderId);
        if (ClaimRules.Commit(present, command.Generation).Failed(out Fault? fault, out ClaimStep step))
        {
            return fault;
        }

        return (step, present) switch
        {
            (ClaimStep.Promote, { Content: { } content }) => Promised(
                book, present with { State = ClaimState.Committed, ExpiresAt = null }, content, terms),
            (ClaimStep.Nothing, _) => Unchanged(book, present),
            _ => Take(book, command, terms, ClaimState.Committed),
        };
    }

    /// <summary>Decides whether an order gets something else in place of what it has.</summary>
    public static Outcome<DayStep> Move(DayBook book, ClaimPlace command, DayTerms terms)
    {
        Claim<PlaceAndStems>? present = book.Claims.Find(command.OrderId);
        if (ClaimRules.Hold(present, command.Generation).Failed(out Fault? fault, out ClaimStep step))
        {
            return fault;
        }

        if (step == ClaimStep.Nothing)
        {
            return Unchanged(book, present);
        }

        return Open(command, terms) is { } closed
            ? closed
            : Take(book, command, terms, ClaimState.Committed);
    }

    /// <summary>The book after an order has given back what it had; the same when that means nothing any more.</summary>
    public static DayBook Release(DayBook book, ReleasePlace command, DateTimeOffset now)
    {
        Claim<PlaceAndStems>? present = book.Claims.Find(command.OrderId);
        if (!ClaimRules.Release(present, command.Generation))
        {
            return book;
        }

        DayBook released = book.Put(new Claim<PlaceAndStems>
        {
            Id = command.OrderId,
            Generation = command.Generation,
            State = ClaimState.Released,
            ExpiresAt = now + Claims<PlaceAndStems>.RememberedFor,
        });
        return command.Reason is null || present?.Content is null
            ? released
            : released.Recorded(new StockMovement
            {
                At = now,
                Kind = MovementKind.Repaired,
                By = StockFeature.System,
                Note = $"orders/{command.OrderId}: {command.Reason}",
            });
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

    private static Fault? Open(ClaimPlace command, DayTerms terms)
    {
        string day = terms.Key.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        if (terms.CutOffAt is not { } cutOff)
        {
            return Fault.Refused("NO_DELIVERY_DAY", $"nothing is delivered on {day}").With("deliveryDate", day);
        }

        if (terms.Now >= cutOff)
        {
            return Fault.Refused("PAST_CUT_OFF", $"orders for {day} were taken until {cutOff:u}")
                .With("deliveryDate", day).With("cutoffTime", $"{cutOff:O}");
        }

        ClaimedBouquet? closed =
            command.Lines.FirstOrDefault(line => terms.Plan.ClosedBouquets.Contains(line.Bouquet.Value));
        return closed is null
            ? null
            : Fault.Refused("BOUQUET_CLOSED", $"{closed.Bouquet} is not sold for {day}")
                .With("bouquet", closed.Bouquet.Value).With("deliveryDate", day);
    }

    private static Outcome<DayStep> Take(DayBook book, ClaimPlace command, DayTerms terms, ClaimState state)
    {
        DayBook free = book.Freed(command.OrderId);
        if (Slot(free, command, terms).Failed(out Fault? full, out SlotPlan? slot))
        {
            return full;
        }

        if (StemsOf(command.Lines, terms.Catalogue)
            .Failed(out Fault? unknown, out ImmutableSortedDictionary<string, int>? stems))
        {
            return unknown;
        }

        foreach ((string stem, int wanted) in stems)
        {
            if (free.FreeStems(stem, terms.Plan) is { } left && left < wanted)
            {
                return Short(stem, wanted, left, terms);
            }
        }

        PlaceAndStems content = new() { Slot = slot.Id, Window = slot.Window, Stems = stems };
        Claim<PlaceAndStems> claim = new()
        {
            Id = command.OrderId,
            Generation = command.Generation,
            State = state,
            Content = content,
            ExpiresAt = state == ClaimState.Held ? terms.Now + terms.HeldFor : null,
        };
        return state == ClaimState.Held
            ? new DayStep(book.Put(claim), new HeldPlace(slot.Id, slot.Window, claim.ExpiresAt), IsChange: true)
            : Promised(book, claim, content, terms);
    }

    private static Outcome<SlotPlan> Slot(DayBook free, ClaimPlace command, DayTerms terms)
    {
        ImmutableArray<SlotPlan> wanted = SlotChoice.Of(terms.Plan, command.Slot, command.Window);
        if (wanted.IsEmpty)
        {
            return command.Slot is { } named
                ? Fault.Invalid("order.delivery_slot", "SLOT_UNKNOWN", $"the day has no slot {named}")
                : Fault.Invalid("order.delivery_window", "NO_SLOT", "no slot of the day is at that time");
        }

        // Where it is now, if there is room, else where there is most; the earlier of two alike.
        string? present = free.Claims.Find(command.OrderId)?.Content?.Slot;
        SlotPlan best = wanted
            .OrderByDescending(slot => slot.Id == present && free.FreePlaces(slot) > 0)
            .ThenByDescending(free.FreePlaces)
            .First();
        if (free.FreePlaces(best) > 0)
        {
            return best;
        }

        string day = terms.Key.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return Fault.Refused("SLOT_FULL", $"no place is left on {day} at that time")
            .With("deliveryDate", day).With("slots", string.Join(',', wanted.Select(slot => slot.Id)));
    }

    private static DayStep Promised(
        DayBook book, Claim<PlaceAndStems> claim, PlaceAndStems content, DayTerms terms)
    {
        DayBook promised = book.Put(claim);
        return new DayStep(
            promised with { VerifyAt = promised.VerifyAt ?? terms.Now + terms.VerifyAfter },
            new HeldPlace(content.Slot, content.Window, null),
            IsChange: true);
    }

    private static DayStep Unchanged(DayBook book, Claim<PlaceAndStems>? claim) =>
        claim?.Content is { } content
            ? new DayStep(book, new HeldPlace(content.Slot, content.Window, claim.ExpiresAt), IsChange: false)
            : throw new InvalidOperationException("a claim that counts has no content");

    private static Fault Short(string stem, int wanted, int left, DayTerms terms)
    {
        string day = terms.Key.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        int available = Math.Max(0, left);
        return Fault.Refused("OUT_OF_STOCK", $"{available} of {stem} are left for {day}, and {wanted} are needed")
            .With("deliveryDate", day)
            .With("stem", stem)
            .With("available", available.ToString(CultureInfo.InvariantCulture))
            .With("wanted", wanted.ToString(CultureInfo.InvariantCulture));
    }
}

/// <summary>What a decision about a day is made on besides its book.</summary>
internal sealed record DayTerms
{
    /// <summary>Which day.</summary>
    public required DayKey Key { get; init; }

    /// <summary>Its plan.</summary>
    public required DayPlan Plan { get; init; }

    /// <summary>Until when orders are taken where this one goes; null when nothing is delivered there.</summary>
    public required DateTimeOffset? CutOffAt { get; init; }

    /// <summary>What bouquets are made of.</summary>
    public required ICatalogue Catalogue { get; init; }

    /// <summary>The present.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>How long a hold lasts.</summary>
    public required TimeSpan HeldFor { get; init; }

    /// <summary>How long after a promise the promises are compared with the orders.</summary>
    public required TimeSpan VerifyAfter { get; init; }
}

/// <summary>What came of a claim.</summary>
/// <param name="Book">The book after it.</param>
/// <param name="Place">The place that the order has.</param>
/// <param name="IsChange">False for a repeat.</param>
internal sealed record DayStep(DayBook Book, HeldPlace Place, bool IsChange);

/// <summary>Which slots are meant by a window.</summary>
internal static class SlotChoice
{
    /// <summary>
    /// The named slot; else all within the window; else, for a window that is narrower than any, those that it touches.
    /// In the order of the plan.
    /// </summary>
    public static ImmutableArray<SlotPlan> Of(DayPlan plan, string? named, SlotWindow? window)
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
}
