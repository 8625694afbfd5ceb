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
    public static Outcome<DayStep> Hold(DayBook book, ClaimPlace command, DayTerms terms) =>
        Ask(book, command, terms, ClaimState.Held);

    /// <summary>Decides whether an order is promised something else in place of what it has.</summary>
    public static Outcome<DayStep> Move(DayBook book, ClaimPlace command, DayTerms terms) =>
        Ask(book, command, terms, ClaimState.Committed);

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

    /// <summary>
    /// The book after an order has given back what it had; the same when that means nothing any more.
    /// </summary>
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
        released = released.Places.Values.Any(taken => taken.Committed > 0)
            ? released
            : released with { VerifyAt = null };
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

    private static Outcome<DayStep> Ask(DayBook book, ClaimPlace command, DayTerms terms, ClaimState state)
    {
        Claim<PlaceAndStems>? present = book.Claims.Find(command.OrderId);
        if (ClaimRules.Hold(present, command.Generation).Failed(out Fault? fault, out ClaimStep step))
        {
            return fault;
        }

        // A promise stays one, also when a change that was given up half-way is asked for again with something else.
        ClaimState next = present is { State: ClaimState.Committed } && step == ClaimStep.Nothing
            ? ClaimState.Committed
            : state;
        if (step == ClaimStep.Nothing && IsSame(present, command, terms))
        {
            return Unchanged(book, present);
        }

        return Open(command, terms) is { } closed ? closed : Take(book, command, terms, next);
    }

    private static bool IsSame(Claim<PlaceAndStems>? present, ClaimPlace command, DayTerms terms) =>
        present?.Content is { } content
        && DayRoom.Meant(terms.Plan, command.Slot, command.Window).Any(slot => slot.Id == content.Slot)
        && DayRoom.StemsOf(command.Lines, terms.Catalogue).Value is { } stems
        && stems.Count == content.Stems.Count
        && stems.All(stem => content.Stems.GetValueOrDefault(stem.Key) == stem.Value);

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

        return new DayRoom(terms.Key, terms.Plan, _ => 0, _ => 0).Closed(command);
    }

    private static Outcome<DayStep> Take(DayBook book, ClaimPlace command, DayTerms terms, ClaimState state)
    {
        DayBook free = book.Freed(command.OrderId);
        DayRoom room = new(
            terms.Key, terms.Plan, free.FreePlaces, stem => free.FreeStems(stem, terms.Plan));
        string? present = book.Claims.Find(command.OrderId)?.Content?.Slot;
        if (room.Find(command, present, terms.Catalogue).Failed(out Fault? fault, out PlaceAndStems? content))
        {
            return fault;
        }

        Claim<PlaceAndStems> claim = new()
        {
            Id = command.OrderId,
            Generation = command.Generation,
            State = state,
            Content = content,
            ExpiresAt = state == ClaimState.Held ? terms.Now + terms.HeldFor : null,
        };
        return state == ClaimState.Held
            ? new DayStep(book.Put(claim), new HeldPlace(content.Slot, content.Window, claim.ExpiresAt), IsChange: true)
            : Promised(book, claim, content, terms);
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
