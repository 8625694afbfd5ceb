using System.Collections.Immutable;
using System.Globalization;
using Florist.Catalogue;
using Florist.Kernel;

namespace Florist.Stock;

/// <summary>What the shop may do to a day. Pure. Nothing but an override lets more be promised than there is.</summary>
internal static class StaffRules
{
    /// <summary>At most so many stems are counted.</summary>
    public const int StemsMax = 120;

    /// <summary>At most so many of a stem.</summary>
    public const int CountMax = 1_000_000;

    /// <summary>Decides about another plan.</summary>
    /// <param name="book">The day.</param>
    /// <param name="command">The plan.</param>
    /// <param name="terms">The present plan, among others.</param>
    public static Outcome<DayBook> Plan(DayBook book, PlanDay command, DayTerms terms)
    {
        if (!Etags.Matches(command.Etag, book.Revision))
        {
            return Fault.Stale(terms.Key.Name);
        }

        DayPlan plan = Changed(terms.Plan, command);
        if (!plan.Closed && plan.CutOff is null)
        {
            return Fault.Invalid(
                "delivery_day.cutoff_time_of_day", "REQUIRED", "is required unless the day is closed");
        }

        foreach ((string slot, Taken taken) in book.Places)
        {
            if (plan.SlotOf(slot) is not { } planned)
            {
                return Fault.Refused("SLOT_TAKEN", $"{taken.Total} places of slot {slot} are taken")
                    .With("slot", slot).With("taken", Text(taken.Total));
            }

            if (planned.Capacity + book.ExtraPlaces.GetValueOrDefault(slot) < taken.Total)
            {
                return Fault.Refused(
                    "CAPACITY_TAKEN", $"{taken.Total} places of slot {slot} are taken; close it, or override")
                    .With("slot", slot).With("taken", Text(taken.Total));
            }
        }

        return Changed(book with { Plan = plan }, new StockMovement
        {
            At = terms.Now,
            Kind = MovementKind.Planned,
            By = command.By,
            Note = string.Join(", ", command.Parts),
        });
    }

    /// <summary>Decides about stems that have come in.</summary>
    /// <param name="book">The day.</param>
    /// <param name="command">Which, and how many.</param>
    /// <param name="terms">The catalogue, among others.</param>
    /// <param name="endsAt">When the day is over and what is left perishes.</param>
    public static Outcome<DayBook> Receive(
        DayBook book, ReceiveStems command, DayTerms terms, DateTimeOffset endsAt)
    {
        HashSet<string> known = [.. terms.Catalogue.Stems.Select(stem => stem.Id.Value)];
        if (command.Stems.Keys.FirstOrDefault(stem => !known.Contains(stem)) is { } unknown)
        {
            return Fault.Invalid("stems", "STEM_UNKNOWN", $"{unknown} is no stem of the catalogue");
        }

        ImmutableSortedDictionary<string, int> onHand = book.OnHand;
        foreach ((string stem, int count) in command.Stems)
        {
            onHand = onHand.SetItem(stem, onHand.GetValueOrDefault(stem) + count);
        }

        if (onHand.Count > StemsMax || onHand.Values.Any(count => count > CountMax))
        {
            return Fault.TooMany(
                "STOCK_LIMIT", $"a day counts {StemsMax} stems, and {CountMax} of each, at most");
        }

        DayBook next = book with { OnHand = onHand, PerishesAt = book.PerishesAt ?? endsAt };
        return Changed(next, new StockMovement
        {
            At = terms.Now,
            Kind = MovementKind.Received,
            By = command.By,
            Note = command.Batch,
            Stems = command.Stems,
        });
    }

    /// <summary>Decides about a correction.</summary>
    public static Outcome<DayBook> Adjust(DayBook book, AdjustStems command, DayTerms terms)
    {
        if (!Etags.Matches(command.Etag, book.Revision))
        {
            return Fault.Stale(terms.Key.Name);
        }

        ImmutableSortedDictionary<string, int> onHand = book.OnHand;
        foreach ((string stem, int by) in command.Stems)
        {
            if (!onHand.TryGetValue(stem, out int count))
            {
                return NotCounted(stem);
            }

            int left = count + by;
            int promised = book.Stems.GetValueOrDefault(stem, Taken.None).Total;
            if (by < 0 && (left < 0 || left + book.ExtraStems.GetValueOrDefault(stem) < promised))
            {
                return Fault.Refused("STEMS_PROMISED", $"of {count} {stem} {promised} are taken; override first")
                    .With("stem", stem).With("onHand", Text(count)).With("taken", Text(promised));
            }

            if (left > CountMax)
            {
                return Fault.TooMany("STOCK_LIMIT", $"a day counts {CountMax} of a stem at most");
            }

            onHand = onHand.SetItem(stem, left);
        }

        return Changed(book with { OnHand = onHand }, new StockMovement
        {
            At = terms.Now,
            Kind = command.Kind,
            By = command.By,
            Note = command.Reason,
            Stems = command.Stems,
        });
    }

    /// <summary>Decides about an override.</summary>
    public static Outcome<DayBook> Override(DayBook book, OverrideDay command, DayTerms terms)
    {
        ImmutableSortedDictionary<string, int> places = book.ExtraPlaces;
        foreach ((string slot, int more) in command.Places)
        {
            if (terms.Plan.SlotOf(slot) is null)
            {
                return Fault.Invalid("places", "SLOT_UNKNOWN", $"the day has no slot {slot}");
            }

            places = places.SetItem(slot, Math.Min(CountMax, places.GetValueOrDefault(slot) + more));
        }

        ImmutableSortedDictionary<string, int> stems = book.ExtraStems;
        foreach ((string stem, int more) in command.Stems)
        {
            if (!book.OnHand.ContainsKey(stem))
            {
                return NotCounted(stem);
            }

            stems = stems.SetItem(stem, Math.Min(CountMax, stems.GetValueOrDefault(stem) + more));
        }

        return Changed(book with { ExtraPlaces = places, ExtraStems = stems }, new StockMovement
        {
            At = terms.Now,
            Kind = MovementKind.Overridden,
            By = command.By,
            Note = command.Reason,
            Places = command.Places,
            Stems = command.Stems,
        });
    }

    /// <summary>The book once the day is over: what nobody was promised has perished.</summary>
    public static DayBook Perished(DayBook book, DateTimeOffset now)
    {
        if (book.PerishesAt is not { } at || at > now)
        {
            return book;
        }

        ImmutableSortedDictionary<string, int> left = ImmutableSortedDictionary.CreateRange(
            StringComparer.Ordinal,
            book.OnHand
                .Select(stem => KeyValuePair.Create(
                    stem.Key, book.Stems.GetValueOrDefault(stem.Key, Taken.None).Committed - stem.Value))
                .Where(stem => stem.Value < 0));
        DayBook next = book with
        {
            PerishesAt = null,
            OnHand = book.OnHand.SetItems(
                left.Select(stem => KeyValuePair.Create(stem.Key, book.OnHand[stem.Key] + stem.Value))),
        };
        return left.IsEmpty
            ? next
            : Changed(next, new StockMovement
            {
                At = now,
                Kind = MovementKind.Perished,
                By = StockFeature.System,
                Stems = left,
            });
    }

    private static DayPlan Changed(DayPlan present, PlanDay command)
    {
        DayPlan sent = command.Plan;
        return command.Parts.Aggregate(present, (plan, part) => part switch
        {
            PlanPart.Label => plan with { Label = sent.Label },
            PlanPart.Closed => plan with { Closed = sent.Closed },
            PlanPart.CutOff => plan with { CutOff = sent.CutOff },
            PlanPart.LeadDays => plan with { LeadDays = sent.LeadDays },
            PlanPart.Slots => plan with { Slots = sent.Slots },
            PlanPart.ClosedBouquets => plan with { ClosedBouquets = sent.ClosedBouquets },
            PlanPart.StemsCounted => plan with { StemsCounted = sent.StemsCounted },
            _ => throw new ArgumentOutOfRangeException(nameof(command), part, "a part without a place in the plan"),
        });
    }

    private static DayBook Changed(DayBook book, StockMovement movement) =>
        (book with { Revision = book.Revision + 1 }).Recorded(movement);

    private static Fault NotCounted(string stem) =>
        Fault.Refused("STEM_NOT_COUNTED", $"{stem} was never counted in for this day").With("stem", stem);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
