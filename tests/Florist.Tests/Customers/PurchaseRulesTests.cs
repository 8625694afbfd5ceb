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

    [Theory]
    [InlineData("a", "2026-03-01", 2, 2, "2026-03-01", "2026-05-01", 2300)]
    [InlineData("b", "2026-03-01", 2, 2, "2026-03-01", "2026-05-01", 2100)]
    [InlineData("c", "2026-05-01", 2, 1, "2026-03-01", "2026-03-01", 1400)]
    public void What_is_withdrawn_counts_in_no_trait(
        string key, string day, int orders, int days, string first, string last, int spend)
    {
        ImmutableArray<Purchase> known =
            [Bought("a", "2026-03-01", 600), Bought("b", "2026-03-01", 800), Bought("c", "2026-05-01", 1500)];
        Purchase purchase = Assert.Single(known, one => one.Key == key);

        PurchaseWithdrawn withdrawn = Withdrawn(PurchaseRules.Withdraw(Holding(known), Anna, purchase, known));

        Assert.Equal(Bought("x", day).Day, withdrawn.Purchase.Day);
        Assert.True(withdrawn.Purchase.Withdrawn);
        CustomerTraits traits = withdrawn.Traits;
        Assert.Equal((orders, days), (traits.OrderCount, traits.PurchaseDayCount));
        Assert.Equal((Bought("x", first).Day, Bought("x", last).Day), (traits.FirstPurchaseOn, traits.LastPurchaseOn));
        Assert.Equal(new Money(spend, "GBP"), traits.MainSpend());
    }

    [Fact]
    public void Without_the_only_purchase_there_are_no_traits()
    {
        Purchase only = Bought("orders-1", "2026-03-01");
        PurchaseWithdrawn withdrawn = Withdrawn(PurchaseRules.Withdraw(Holding([only]), Anna, only, [only]));
        Assert.Equal(FloristJson.Write(new CustomerTraits()), FloristJson.Write(withdrawn.Traits));
    }

    [Fact]
    public void A_withdrawal_is_for_good_and_a_repeat_changes_nothing()
    {
        Purchase order = Bought("orders-1", "2026-03-01");
        Purchase gone = order with { Withdrawn = true };
        Assert.Null(Value(PurchaseRules.Withdraw(Created, Anna, order, [gone])));
        Assert.Null(Value(PurchaseRules.Record(Created, Anna, order, [gone])));
    }

    [Fact]
    public void A_withdrawal_that_comes_before_its_purchase_is_kept_for_it()
    {
        Purchase order = Bought("orders-1", "2026-03-01");
        PurchaseWithdrawn withdrawn = Withdrawn(PurchaseRules.Withdraw(Created, Anna, order, []));
        Assert.Equal((order with { Withdrawn = true }, 0), (withdrawn.Purchase, withdrawn.Traits.OrderCount));
        Assert.Null(Value(PurchaseRules.Record(Created, Anna, order, [withdrawn.Purchase])));
    }

    [Fact]
    public void A_day_with_nothing_but_a_withdrawn_purchase_is_a_new_day_for_the_next_one()
    {
        Purchase gone = Bought("orders-1", "2026-03-01") with { Withdrawn = true };
        CustomerTraits traits =
            Added(PurchaseRules.Record(Created, Anna, Bought("orders-2", "2026-03-01"), [gone])).Traits;
        Assert.Equal((1, 1), (traits.OrderCount, traits.PurchaseDayCount));
    }

    [Fact]
    public void Only_what_was_bought_can_be_withdrawn()
    {
        Purchase order = Bought("orders-1", "2026-03-01");
        Assert.Equal(FaultKind.NotFound, Refusal(PurchaseRules.Withdraw(Purged, Anna, order, [])).Kind);
        Assert.Equal(
            "KEY_INVALID", Refusal(PurchaseRules.Withdraw(Created, Anna, order with { Key = "a/b" }, [])).Reason);
        Assert.Equal(
            "PURCHASE_DIFFERS",
            Refusal(PurchaseRules.Withdraw(Created, Anna, order with { Units = 2 }, [order])).Reason);
    }

    private static CustomerRecord Holding(ImmutableArray<Purchase> purchases) => purchases.Aggregate(
        (Record: Created, Known: ImmutableArray<Purchase>.Empty),
        (held, one) => (
            held.Record.Apply(
                Anna, Added(PurchaseRules.Record(held.Record, Anna, one, held.Known)), Now),
            held.Known.Add(one))).Record;

    private static PurchaseWithdrawn Withdrawn(Outcome<PurchaseWithdrawn?> outcome) =>
        Assert.IsType<PurchaseWithdrawn>(Value(outcome));

    private static CustomerTraits Import(params ImmutableArray<ImportedPurchase> purchases) =>
        Added(PurchaseRules.Import(new(), Anna, new("cdnow", "US", purchases), [])).Traits;

    private static PurchasesAdded Added(Outcome<PurchasesAdded?> outcome) =>
        Assert.IsType<PurchasesAdded>(Value(outcome));
}
