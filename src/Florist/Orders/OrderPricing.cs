using System.Collections.Immutable;
using Florist.Catalogue;
using Florist.Customers;
using Florist.Kernel;

namespace Florist.Orders;

/// <summary>What a draft would cost and when it would come, or why it cannot be. Pure.</summary>
internal static class OrderPricing
{
    /// <summary>The terms of a draft at <paramref name="now"/>.</summary>
    public static Outcome<OrderTerms> Price(
        OrderDraft draft, OrderContext context, ICatalogue catalogue, OrdersOptions options, DateTimeOffset now)
    {
        if (Window(draft, options).Failed(out Fault? badWindow, out DayWindow? window))
        {
            return badWindow;
        }

        if (OpenDay(draft.DeliveryOn, options, now).Failed(out Fault? closed, out DateTimeOffset cutOff))
        {
            return closed;
        }

        if (!options.Regions.Contains(context.Contact.Address.RegionCode))
        {
            return Fault.Refused(
                "NOT_DELIVERABLE", $"the shop does not deliver to {context.Contact.Address.RegionCode}")
                .With("regionCode", context.Contact.Address.RegionCode);
        }

        return Lines(draft, context, catalogue).Then<OrderTerms>(
            lines => Terms(draft, lines, window, cutOff, options));
    }

    /// <summary>What the customer should know before ordering, one sentence each.</summary>
    public static ImmutableArray<string> Notes(OrderDraft draft, OrderContext context, ICatalogue catalogue)
    {
        ImmutableArray<string>.Builder notes = ImmutableArray.CreateBuilder<string>();
        foreach (Bouquet bouquet in draft.Lines.Select(line => catalogue.Find(line.Bouquet)).OfType<Bouquet>())
        {
            string title = bouquet.TitleIn(context.LanguageCode);
            if (bouquet.Hazards.Contains(Hazard.TrueLily))
            {
                notes.Add($"{title} contains true lilies, which are deadly to cats, pollen and vase water included.");
            }

            if (bouquet.Hazards.Contains(Hazard.ToxicToDogs) && context.HasDogs)
            {
                notes.Add($"{title} contains stems that are poisonous to dogs.");
            }

            notes.AddRange(bouquet.Stems
                .Where(part => context.DislikedStems.Any(word => Tastes.Names(word, part.Stem)))
                .Select(part => $"{title} contains {part.Stem.Id}, which the recipient dislikes."));
        }

        return notes.ToImmutable();
    }

    private static Outcome<DayWindow> Window(OrderDraft draft, OrdersOptions options)
    {
        DayWindow window = draft.Window ?? new(options.DayStart, options.DayEnd);
        if (window.Start < options.DayStart || window.End > options.DayEnd)
        {
            return Fault.Invalid(
                "order.delivery_window",
                "OUTSIDE_DELIVERY_DAY",
                $"must lie within {options.DayStart:HH\\:mm} to {options.DayEnd:HH\\:mm}");
        }

        return window.End - window.Start < TimeSpan.FromHours(options.WindowHoursMin) || window.End <= window.Start
            ? Fault.Invalid(
                "order.delivery_window", "WINDOW_TOO_SHORT", $"must be at least {options.WindowHoursMin} hours long")
            : window;
    }

    private static Outcome<DateTimeOffset> OpenDay(DateOnly day, OrdersOptions options, DateTimeOffset now)
    {
        DateOnly last = ShopCalendar.LastOpenDay(now, options);
        if (day > last)
        {
            return Fault.Refused("TOO_FAR_AHEAD", $"orders are taken until {last:yyyy-MM-dd}")
                .With("deliveryDate", $"{day:yyyy-MM-dd}").With("lastDate", $"{last:yyyy-MM-dd}");
        }

        DateTimeOffset? cutOff = ShopCalendar.CutOff(day, options);
        if (cutOff is { } open && open > now)
        {
            return open;
        }

        DateOnly next = ShopCalendar.FirstOpenDay(now, options);
        Fault fault = cutOff is { } past
            ? Fault.Refused("PAST_CUT_OFF", $"orders for {day:yyyy-MM-dd} were taken until {past:u}")
                .With("cutoffTime", $"{past:O}")
            : Fault.Refused("NO_DELIVERY_DAY", $"nothing is delivered on {day:yyyy-MM-dd}");
        return fault.With("deliveryDate", $"{day:yyyy-MM-dd}").With("nextDate", $"{next:yyyy-MM-dd}");
    }

    private static Outcome<ImmutableArray<PricedLine>> Lines(
        OrderDraft draft, OrderContext context, ICatalogue catalogue)
    {
        ImmutableArray<PricedLine>.Builder lines = ImmutableArray.CreateBuilder<PricedLine>(draft.Lines.Length);
        for (int i = 0; i < draft.Lines.Length; i++)
        {
            DraftLine line = draft.Lines[i];
            if (catalogue.Find(line.Bouquet) is not { } bouquet)
            {
                return Fault.Invalid($"order.lines[{i}].bouquet", "BOUQUET_UNKNOWN", "is not in the catalogue");
            }

            if (bouquet.PriceIn(draft.Currency) is not { } price)
            {
                return Fault.Invalid(
                    "order.currency_code", "CURRENCY_NOT_SOLD", $"{bouquet.Id} is not sold in {draft.Currency}");
            }

            if (!bouquet.Months.Contains(draft.DeliveryOn.Month))
            {
                return Fault.Refused("OUT_OF_SEASON", $"{bouquet.Id} is not in season on {draft.DeliveryOn:yyyy-MM-dd}")
                    .With("bouquet", bouquet.Id.Value).With("deliveryDate", $"{draft.DeliveryOn:yyyy-MM-dd}");
            }

            if (Harm(bouquet, draft, context) is { } fault)
            {
                return fault;
            }

            lines.Add(new(bouquet.Id, bouquet.TitleIn(context.LanguageCode), line.Quantity, price));
        }

        return lines.MoveToImmutable();
    }

    private static Fault? Harm(Bouquet bouquet, OrderDraft draft, OrderContext context)
    {
        if (draft.HazardsAcknowledged)
        {
            return null;
        }

        if (bouquet.Hazards.Overlaps(Tastes.HazardsFor([], context.HasCats, context.HasDogs)))
        {
            return Fault.Refused("HAZARD_FOR_PET", $"{bouquet.Id} is dangerous to a pet of the recipient")
                .With("bouquet", bouquet.Id.Value);
        }

        return bouquet.Hazards.Overlaps(Tastes.HazardsFor(context.Allergies, hasCats: false, hasDogs: false))
            ? Fault.Refused("HAZARD_FOR_RECIPIENT", $"{bouquet.Id} has what the recipient is allergic to")
                .With("bouquet", bouquet.Id.Value)
            : null;
    }

    private static Outcome<OrderTerms> Terms(
        OrderDraft draft,
        ImmutableArray<PricedLine> lines,
        DayWindow window,
        DateTimeOffset cutOff,
        OrdersOptions options)
    {
        if (!options.DeliveryFees.TryGetValue(draft.Currency, out long fee))
        {
            return Fault.Invalid(
                "order.currency_code", "CURRENCY_NOT_SOLD", $"the shop does not sell in {draft.Currency}");
        }

        Money delivery = new(fee, draft.Currency);
        Money total = lines.Aggregate(delivery, (sum, line) => sum + line.Amount);
        DateTimeOffset endsAt = Zones.Instant(draft.DeliveryOn, window.End, options.TimeZone);
        return new OrderTerms
        {
            Lines = lines,
            DeliveryFee = delivery,
            Total = total,
            Taxes = [TaxLine.Of(options.TaxRatesBasisPoints[draft.Currency], total)],
            Window = window,
            TimeZone = options.TimeZone,
            WindowStartsAt = Zones.Instant(draft.DeliveryOn, window.Start, options.TimeZone),
            WindowEndsAt = endsAt,
            CutOffAt = cutOff,
            FreshUntil = endsAt.AddHours(options.FreshHours),
        };
    }
}
