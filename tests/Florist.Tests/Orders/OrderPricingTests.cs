using Florist.Catalogue;
using Florist.Customers;
using Florist.Kernel;
using Florist.Orders;
using Florist.Tests.Catalogue;

namespace Florist.Tests.Orders;

public sealed class OrderPricingTests
{
    [Fact]
    public void The_total_is_the_sum_of_lines_and_delivery_and_contains_the_tax()
    {
        OrderTerms terms = Price(OrderSamples.Draft with
        {
            Lines = [new(new("dozen-red-roses"), 2), new(new("single-rose"), 1)],
        });

        Assert.Equal(new Money((2 * 4500) + 1500, "GBP"), terms.Subtotal());
        Assert.Equal(terms.Subtotal() + terms.DeliveryFee, terms.Total);
        TaxLine tax = Assert.Single(terms.Taxes);
        Assert.Equal(terms.Total, tax.Gross);
        Assert.Equal(new Money(1833, "GBP"), tax.Tax);
    }

    [Theory]
    [InlineData(2000, 120, 20)]
    [InlineData(2000, 100, 17)]
    [InlineData(700, 5200, 340)]
    [InlineData(2000, 3, 1)]
    [InlineData(0, 999, 0)]
    public void Tax_is_taken_out_of_the_gross_amount_and_rounded_once(int rate, long gross, long tax) =>
        Assert.Equal(tax, TaxLine.Of(rate, new Money(gross, "GBP")).Tax.Minor);

    [Theory]
    [InlineData("2026-06-10T12:59:59Z", null)]
    [InlineData("2026-06-10T13:00:00Z", "PAST_CUT_OFF")]
    [InlineData("2026-06-11T00:00:00Z", "PAST_CUT_OFF")]
    public void The_same_day_is_open_until_two_in_the_shops_own_time(string now, string? reason)
    {
        OrderDraft today = OrderSamples.Draft with { DeliveryOn = new DateOnly(2026, 6, 10) };

        Outcome<OrderTerms> outcome = Outcome(today, at: DateTimeOffset.Parse(now, null));

        Assert.Equal(reason, outcome.Fault?.Reason);
    }

    [Fact]
    public void A_refused_day_names_the_next_one_that_is_open()
    {
        OrderDraft sunday = OrderSamples.Draft with { DeliveryOn = new DateOnly(2026, 6, 14) };

        Fault? fault = Outcome(sunday, at: new DateTimeOffset(2026, 6, 13, 9, 30, 0, TimeSpan.Zero)).Fault;

        Assert.Equal("NO_DELIVERY_DAY", fault?.Reason);
        Assert.Equal("2026-06-15", fault?.Values["nextDate"]);
    }

    [Theory]
    [InlineData(180, null)]
    [InlineData(181, "TOO_FAR_AHEAD")]
    public void Orders_are_taken_for_half_a_year_ahead(int days, string? reason)
    {
        OrderDraft ahead = OrderSamples.Draft with { DeliveryOn = new DateOnly(2026, 6, 10).AddDays(days) };

        Assert.Equal(reason, Outcome(ahead).Fault?.Reason);
    }

    [Theory]
    [InlineData("08:59", "12:00", "OUTSIDE_DELIVERY_DAY")]
    [InlineData("09:00", "10:59", "WINDOW_TOO_SHORT")]
    [InlineData("12:00", "10:00", "WINDOW_TOO_SHORT")]
    [InlineData("16:00", "18:01", "OUTSIDE_DELIVERY_DAY")]
    [InlineData("09:00", "11:00", null)]
    [InlineData("16:00", "18:00", null)]
    public void A_window_lies_within_the_delivery_day_and_is_long_enough(string start, string end, string? reason)
    {
        OrderDraft draft = OrderSamples.Draft with
        {
            Window = new(TimeOnly.Parse(start, null), TimeOnly.Parse(end, null)),
        };

        Assert.Equal(reason, Outcome(draft).Fault?.Reason);
    }

    [Fact]
    public void True_lilies_do_not_go_where_cats_live_unless_that_is_acknowledged()
    {
        OrderDraft lilies = OrderSamples.Draft with { Lines = [new(new("pink-orientals"), 1)] };
        OrderContext cats = OrderSamples.Parties with { HasCats = true };

        Assert.Equal("HAZARD_FOR_PET", Outcome(lilies, cats).Fault?.Reason);
        Assert.Null(Outcome(lilies).Fault);
        Assert.Null(Outcome(lilies with { HazardsAcknowledged = true }, cats).Fault);
    }

    [Fact]
    public void An_allergy_of_the_recipient_is_told_apart_from_a_danger_to_a_pet()
    {
        OrderDraft pralines = OrderSamples.Draft with
        {
            Lines = [new(new("christmas-roses-pralines"), 1)],
            DeliveryOn = new DateOnly(2026, 12, 1),
        };

        Fault? fault = Outcome(pralines, OrderSamples.Parties with { Allergies = ["nuts"] }).Fault;

        Assert.Equal("HAZARD_FOR_RECIPIENT", fault?.Reason);
        Assert.Equal("christmas-roses-pralines", fault?.Values["bouquet"]);
    }

    [Fact]
    public void A_bouquet_out_of_season_is_refused()
    {
        OrderDraft peonies = OrderSamples.Draft with
        {
            Lines = [new(new("peony-season"), 1)],
            DeliveryOn = new DateOnly(2026, 7, 1),
        };

        Assert.Equal("OUT_OF_SEASON", Outcome(peonies).Fault?.Reason);
        Assert.Null(Outcome(peonies with { DeliveryOn = new DateOnly(2026, 6, 30) }).Fault);
    }

    [Theory]
    [InlineData("JPY", "order.currency_code", "CURRENCY_NOT_SOLD")]
    public void A_currency_that_the_shop_does_not_sell_in_is_named(string currency, string field, string reason)
    {
        Fault? fault = Outcome(OrderSamples.Draft with { Currency = currency }).Fault;

        Assert.Equal((field, reason), (fault?.Fields[0].Field, fault?.Reason));
    }

    [Fact]
    public void An_unknown_bouquet_is_named_by_its_line()
    {
        OrderDraft draft = OrderSamples.Draft with { Lines = [new(new("single-rose"), 1), new(new("no-such"), 1)] };

        Assert.Equal("order.lines[1].bouquet", Outcome(draft).Fault?.Fields[0].Field);
    }

    [Fact]
    public void Mothering_Sunday_on_the_clock_change_is_promised_in_civil_time()
    {
        OrdersOptions sundays = new() { CutOffs = new() { [DayOfWeek.Sunday] = new(10, 0) } };
        OrderDraft draft = OrderSamples.Draft with { DeliveryOn = new DateOnly(2028, 3, 26) };

        OrderTerms terms = Outcome(draft, at: new(2028, 3, 20, 9, 0, 0, TimeSpan.Zero), options: sundays).OrThrow();

        Assert.Equal(new DateTimeOffset(2028, 3, 26, 9, 0, 0, TimeSpan.Zero), terms.CutOffAt);
        Assert.Equal(new DateTimeOffset(2028, 3, 26, 8, 0, 0, TimeSpan.Zero), terms.WindowStartsAt);
    }

    private static OrderTerms Price(OrderDraft draft) => Outcome(draft).OrThrow();

    private static Outcome<OrderTerms> Outcome(
        OrderDraft draft, OrderContext? parties = null, DateTimeOffset? at = null, OrdersOptions? options = null)
    {
        OrderContext context = parties ?? OrderSamples.Parties;
        DateTimeOffset now = at ?? OrderSamples.Morning;
        OrdersOptions settings = options ?? OrderSamples.Options;
        return OrderPricing.Price(
            draft, context, OrderSamples.DayOf(draft, settings, now), DemoCatalogue.Value, settings, now);
    }
}
