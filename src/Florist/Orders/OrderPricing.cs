using System.Collections.Immutable;
using Florist.Catalogue;
using Florist.Customers;
using Florist.Kernel;
using Florist.Stock;
using Florist.Vouchers;

namespace Florist.Orders;

/// <summary>What a draft would cost and when it would come, or why it cannot be. Pure.</summary>
internal static class OrderPricing
{
    /// <summary>The terms of a draft at <paramref name="now"/>.</summary>
    public static Outcome<OrderTerms> Price(
        OrderDraft draft,
        OrderContext context,
        OrderDay day,
        ICatalogue catalogue,
        OrdersOptions options,
        DateTimeOffset now,
        VoucherTerms? voucher = null)
    {
        if (Window(draft, day, options).Failed(out Fault? badWindow, out DayWindow? window))
        {
            return badWindow;
        }

        if (OpenDay(draft.DeliveryOn, day, options, now).Failed(out Fault? closed, out DateTimeOffset cutOff))
        {
            return closed;
        }

        return Lines(draft, context, catalogue)
            .Then<OrderTerms>(lines => Terms(draft, lines, window, cutOff, day.Area, options))
            .Then(terms => Discounted(terms, voucher));
    }

    /// <summary>The terms less what a voucher takes off their lines; a refusal of the voucher's.</summary>
    public static Outcome<OrderTerms> Discounted(OrderTerms terms, VoucherTerms? voucher)
    {
        if (voucher is null)
        {
            return terms;
        }

        return voucher.DiscountOn(terms.Subtotal()).Then<OrderTerms>(discount =>
        {
            Money total = terms.Subtotal() + terms.DeliveryFee - discount;
            return terms with
            {
                Discount = discount,
                Total = total,
                Taxes = [.. terms.Taxes.Select(tax => TaxLine.Of(tax.RateBasisPoints, total))],
            };
        });
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

        if (draft.Substitution == SubstitutionPolicy.AllowEqualOrGreaterValue)
        {
            notes.Add("If a stem is missing on the day, the shop takes another of at least the same value.");
        }
        else if (draft.Substitution == SubstitutionPolicy.NoSubstitution)
        {
            notes.Add("If a stem is missing on the day, nothing takes its place: the order may have to be cancelled.");
        }

        return notes.ToImmutable();
    }

    private static Outcome<DayWindow> Window(OrderDraft draft, OrderDay day, OrdersOptions options)
    {
        if (draft.Slot is { } named)
        {
            return named.Shop == day.Area.Shop && day.Day.Plan.SlotOf(named.Slot) is { } slot
                ? new DayWindow(slot.Window.Start, slot.Window.End)
                : Fault.Invalid("order.delivery_slot", "SLOT_UNKNOWN", "is no slot of that day for that address");
        }

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

    private static Outcome<DateTimeOffset> OpenDay(
        DateOnly on, OrderDay day, OrdersOptions options, DateTimeOffset now)
    {
        DateOnly last = Zones.Day(now, day.Area.ShopTimeZone).AddDays(options.HorizonDays);
        if (on > last)
        {
            return Fault.Refused("TOO_FAR_AHEAD", $"orders are taken until {last:yyyy-MM-dd}")
                .With("deliveryDate", $"{on:yyyy-MM-dd}").With("lastDate", $"{last:yyyy-MM-dd}");
        }

        if (day.CutOffAt is { } open && open > now)
        {
            return open;
        }

        Fault fault = day.CutOffAt is { } past
            ? Fault.Refused("PAST_CUT_OFF", $"orders for {on:yyyy-MM-dd} were taken until {past:u}")
                .With("cutoffTime", $"{past:O}")
            : Fault.Refused("NO_DELIVERY_DAY", $"nothing is delivered on {on:yyyy-MM-dd}");
        fault = fault.With("deliveryDate", $"{on:yyyy-MM-dd}");
        return day.NextOpenDay is { } next ? fault.With("nextDate", $"{next:yyyy-MM-dd}") : fault;
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
        DeliveryArea area,
        OrdersOptions options)
    {
        if (!options.DeliveryFees.TryGetValue(draft.Currency, out long fee))
        {
            return Fault.Invalid(
                "order.currency_code", "CURRENCY_NOT_SOLD", $"the shop does not sell in {draft.Currency}");
        }

        Money delivery = new(fee, draft.Currency);
        Money total = lines.Aggregate(delivery, (sum, line) => sum + line.Amount);
        DateTimeOffset endsAt = Zones.Instant(draft.DeliveryOn, window.End, area.TimeZone);
        return new OrderTerms
        {
            Lines = lines,
            DeliveryFee = delivery,
            Total = total,
            Taxes = [TaxLine.Of(options.TaxRatesBasisPoints[draft.Currency], total)],
            Window = window,
            TimeZone = area.TimeZone,
            Shop = area.Shop,
            Area = area.Id,
            WindowStartsAt = Zones.Instant(draft.DeliveryOn, window.Start, area.TimeZone),
            WindowEndsAt = endsAt,
            CutOffAt = cutOff,
            FreshUntil = endsAt.AddHours(options.FreshHours),
        };
    }
}
