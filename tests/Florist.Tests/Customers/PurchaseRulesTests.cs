using System.Collections.Immutable;
using Florist.Customers;
using Florist.Kernel;
using static Florist.Tests.Customers.CustomerSamples;

namespace Florist.Tests.Customers;

public class PurchaseRulesTests
{
    [Fact]
    public void Traits_follow_each_purchase()
    {
        CustomerTraits traits = Import(
            new(1, new(1997, 3, 2), 2, new(2000, "USD")),
            new(2, new(1997, 3, 2), 1, new(0, "USD")),
            new(3, new(1997, 1, 31), 1, new(1001, "USD")));
        Assert.Equal((3, 2), (traits.OrderCount, traits.PurchaseDayCount));
        Assert.Equal(new DateOnly(1997, 1, 31), traits.FirstPurchaseOn);
        Assert.Equal(new DateOnly(1997, 3, 2), traits.LastPurchaseOn);
        Assert.Equal(new Money(3001, "USD"), traits.MainSpend());
        Assert.Equal(new Money(1000, "USD"), traits.AverageOrderValue());
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 2, 2)]
    [InlineData(2, 3, 3)]
    [InlineData(0, 1, 1)]
    public void An_average_is_rounded_half_up(int first, int second, int expected)
    {
        CustomerTraits traits = Import(
            new(1, new(1997, 1, 1), 1, new(first, "USD")), new(2, new(1997, 1, 1), 1, new(second, "USD")));
        Assert.Equal(new Money(expected, "USD"), traits.AverageOrderValue());
    }

    [Fact]
    public void Currencies_are_never_added_up()
    {
        CustomerTraits traits = Import(
            new(1, new(1997, 1, 1), 1, new(5000, "USD")),
            new(2, new(1997, 1, 2), 1, new(100, "EUR")),
            new(3, new(1997, 1, 3), 1, new(200, "EUR")));
        Assert.Equal("EUR", traits.MainCurrency());
        Assert.Equal(new Money(300, "EUR"), traits.MainSpend());
        Assert.Equal(new CurrencySpend(1, 5000), traits.Spend["USD"]);
    }

    [Fact]
    public void Purchases_known_already_are_left_alone()
    {
        ImmutableArray<ImportedPurchase> two =
            [new(1, new(1997, 1, 1), 1, new(500, "USD")), new(2, new(1997, 1, 1), 1, new(500, "USD"))];
        PurchasesAdded first = Added(PurchaseRules.Import(new(), Anna, new("cdnow", "US", two), []));
        Assert.Equal(["cdnow-000001", "cdnow-000002"], first.Purchases.Select(one => one.Key));
        CustomerRecord record = new CustomerRecord().Apply(Anna, first, Now);

        Outcome<PurchasesAdded?> again = PurchaseRules.Import(record, Anna, new("cdnow", "US", two), first.Purchases);
        Assert.Null(Value(again));

        ImmutableArray<ImportedPurchase> three = two.Add(new(3, new(1997, 1, 1), 1, new(500, "USD")));
        PurchasesAdded more = Added(PurchaseRules.Import(record, Anna, new("cdnow", "US", three), first.Purchases));
        Assert.Equal("cdnow-000003", Assert.Single(more.Purchases).Key);
        Assert.Equal((3, 1), (more.Traits.OrderCount, more.Traits.PurchaseDayCount));
    }

    [Fact]
    public void A_purchase_known_otherwise_stops_the_whole_import_of_the_customer()
    {
        Purchase known = Bought("cdnow-000001", "1997-01-01", 500, "USD");
        ImmutableArray<ImportedPurchase> given =
            [new(2, new(1997, 1, 2), 1, new(700, "USD")), new(1, new(1997, 1, 1), 1, new(501, "USD"))];
        Fault fault = Refusal(PurchaseRules.Import(Created, Anna, new("cdnow", "US", given), [known]));
        Assert.Equal("PURCHASE_DIFFERS", fault.Reason);
        Assert.Equal("customers/anna/purchases/cdnow-000001", fault.Values["name"]);
    }

    [Fact]
    public void An_import_leaves_the_profile_of_a_known_customer_alone_and_makes_one_for_a_new_customer()
    {
        ImmutableArray<ImportedPurchase> one = [new(1, new(1997, 1, 1), 1, new(500, "USD"))];
        Assert.Equal(Profile, Added(PurchaseRules.Import(Created, Anna, new("cdnow", "US", one), [])).Profile);
        CustomerProfile made = Added(PurchaseRules.Import(new(), Anna, new("cdnow", "US", one), [])).Profile;
        Assert.Equal(("US", "en-US", "America/New_York"), (made.Country, made.LanguageCode, made.TimeZone));
        Assert.Equal("", made.GivenName);
    }

    [Fact]
    public void Nothing_is_imported_for_who_was_deleted_or_purged()
    {
        ImportPurchases command = new("cdnow", "US", [new(1, new(1997, 1, 1), 1, new(500, "USD"))]);
        Assert.Equal("CUSTOMER_DELETED", Refusal(PurchaseRules.Import(Deleted, Anna, command, [])).Reason);
        Assert.Equal(FaultKind.NotFound, Refusal(PurchaseRules.Import(Purged, Anna, command, [])).Kind);
    }

    [Fact]
    public void An_order_counts_once_and_also_for_a_deleted_customer()
    {
        Purchase order = Bought("orders-1", "2026-11-23");
        PurchasesAdded first = Added(PurchaseRules.Record(Created, Anna, order, []));
        Assert.Equal(1, first.Traits.OrderCount);
        Assert.Null(Value(PurchaseRules.Record(Created, Anna, order, [order])));
        Assert.Equal(1, Added(PurchaseRules.Record(Deleted, Anna, order, [])).Traits.OrderCount);
        Assert.Equal(FaultKind.NotFound, Refusal(PurchaseRules.Record(Purged, Anna, order, [])).Kind);
    }

    [Fact]
    public void A_key_is_the_last_part_of_a_name() => Assert.Equal(
        "KEY_INVALID", Refusal(PurchaseRules.Record(Created, Anna, Bought("orders/1", "2026-11-23"), [])).Reason);

    [Fact]
    public void The_second_order_of_a_day_is_no_new_day()
    {
        CustomerRecord record = Created.Apply(
            Anna, Added(PurchaseRules.Record(Created, Anna, Bought("orders-1", "2026-11-23"), [])), Now);
        PurchasesAdded second = Added(PurchaseRules.Record(
            record, Anna, Bought("orders-2", "2026-11-23"), [Bought("orders-1", "2026-11-23")]));
        Assert.Equal((2, 1), (second.Traits.OrderCount, second.Traits.PurchaseDayCount));
    }

    [Fact]
    public void A_day_takes_a_thousand_purchases_and_repeats_of_them()
    {
        const string day = "2026-11-23";
        ImmutableArray<Purchase> full =
            [.. Enumerable.Range(1, CustomerLimits.PurchasesPerDayMax).Select(i => Bought($"orders-{i}", day))];
        Fault fault = Refusal(PurchaseRules.Record(Created, Anna, Bought("orders-x", day), full));
        Assert.Equal((FaultKind.TooMany, "PURCHASES_LIMIT"), (fault.Kind, fault.Reason));
        Assert.Null(Value(PurchaseRules.Record(Created, Anna, full[7], full)));
    }

    private static CustomerTraits Import(params ImmutableArray<ImportedPurchase> purchases) =>
        Added(PurchaseRules.Import(new(), Anna, new("cdnow", "US", purchases), [])).Traits;

    private static PurchasesAdded Added(Outcome<PurchasesAdded?> outcome) =>
        Assert.IsType<PurchasesAdded>(Value(outcome));
}
