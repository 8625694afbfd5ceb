using System.Collections.Immutable;
using Florist.Kernel;
using Florist.Orders;
using Florist.Stock;
using Florist.Tests.Testing;
using Florist.Vouchers;
using Microsoft.Extensions.DependencyInjection;

namespace Florist.Tests.Orders;

/// <summary>
/// What went wrong in other shops' software, in the terms of ours: each test does what is reported there and shows what
/// happens here. The names say whose report it is and its number.
/// </summary>
public sealed class PeerBugsTests
{
    private static readonly DayKey Friday = new("main", new DateOnly(2026, 6, 12));

    [Fact]
    public async Task Saleor_543_and_medusa_16569_two_checkouts_at_once_do_not_both_get_the_last_one()
    {
        await using TestShop shop = await OrderShop.Start();
        await Receive(shop, ("red-rose", 12));

        Outcome<OrderRecord>[] both = await Task.WhenAll(Place(shop, "a"), Place(shop, "b"));

        Assert.Equal("OUT_OF_STOCK", Assert.Single(both, outcome => outcome.Fault is not null).Fault?.Reason);
    }

    [Fact]
    public async Task Vendure_1738_and_3508_nothing_is_sold_between_the_check_and_the_payment()
    {
        await using TestShop shop = await OrderShop.Start(services => services.Replace(new PaymentsThatNeverAnswer()));
        await Receive(shop, ("red-rose", 12));
        await Place(shop, "a");
        await shop.RunDue();

        Outcome<OrderRecord> other = await Place(shop, "b");
        await shop.Grain<IOrderGrain>("a").Settle(new PaymentSettled(true, "pay_1"));

        Assert.Equal("OUT_OF_STOCK", other.Fault?.Reason);
        Assert.Equal(OrderState.Confirmed, (await shop.Order("a")).State);
    }

    [Fact]
    public async Task Nopcommerce_4184_and_prestashop_10762_a_campaign_sells_what_there_is_and_no_apology_is_due()
    {
        await using TestShop shop = await OrderShop.Start();
        await Receive(shop, ("red-rose", 60));

        Outcome<OrderRecord>[] all = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Place(shop, $"o{i}")));
        await shop.RunDue();

        Assert.Equal(5, all.Count(outcome => outcome.Fault is null));
        Assert.Equal(new Taken(0, 60), (await Day(shop).Get()).Stems["red-rose"].Taken);
    }

    [Theory]
    [InlineData(12 + 8, null)]
    [InlineData(12 + 7, "OUT_OF_STOCK")]
    public async Task Medusa_16502_two_lines_of_one_stem_are_summed_up_before_they_are_checked(int roses, string? reason)
    {
        await using TestShop shop = await OrderShop.Start();
        await Receive(shop, ("red-rose", roses));

        // A dozen red roses, and eight more in the second line: either alone would pass.
        Outcome<OrderRecord> outcome = await Place(shop, "a", ("dozen-red-roses", 1), ("lily-and-rose", 1));

        Assert.Equal(reason, outcome.Fault?.Reason);
        Assert.Equal(reason is null ? 1 : 0, (await Day(shop).Get()).Places.Count);
    }

    [Fact]
    public async Task Medusa_11403_lines_that_share_stems_do_not_wait_for_one_another()
    {
        await using TestShop shop = await OrderShop.Start();
        await Receive(shop, ("red-rose", 1000));

        Outcome<OrderRecord>[] all = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => i % 2 == 0
            ? Place(shop, $"o{i}", ("dozen-red-roses", 1), ("lily-and-rose", 1))
            : Place(shop, $"o{i}", ("lily-and-rose", 1), ("dozen-red-roses", 1))));

        Assert.All(all, outcome => Assert.Null(outcome.Fault));
    }

    [Fact]
    public async Task Woocommerce_44231_and_saleor_7589_an_expired_hold_counts_no_more_though_no_cleaner_ran()
    {
        await using TestShop shop = await OrderShop.Start(services => services.Replace(new PaymentsThatNeverAnswer()));
        await Receive(shop, ("red-rose", 12));
        await Place(shop, "a");

        shop.Time.Set(OrderSamples.Morning.AddMinutes(10).AddTicks(-1));
        Outcome<OrderRecord> before = await Place(shop, "b");
        shop.Time.Set(OrderSamples.Morning.AddMinutes(10));
        Outcome<OrderRecord> after = await Place(shop, "c");

        Assert.Equal("OUT_OF_STOCK", before.Fault?.Reason);
        Assert.Null(after.Fault);
    }

    [Fact]
    public async Task Vendure_1571_and_medusa_5198_what_is_said_twice_is_allocated_and_given_back_once()
    {
        await using TestShop shop = await OrderShop.Start();
        await Receive(shop, ("red-rose", 24));
        await Place(shop, "a");
        await shop.RunDue();
        await shop.Grain<IOrderGrain>("a").Settle(new PaymentSettled(true, "pay_again"));
        Taken sold = (await Day(shop).Get()).Stems["red-rose"].Taken;

        CancelOrder cancel = new(null, null, "staff:sam", true, null);
        await shop.Grain<IOrderGrain>("a").Cancel(cancel);
        await shop.RunDue();
        await Day(shop).Release(new ReleasePlace("a", 0));

        Assert.Equal(new Taken(0, 12), sold);
        Assert.Equal(Taken.None, (await Day(shop).Get()).Stems["red-rose"].Taken);
    }

    [Fact]
    public async Task Medusa_6500_an_orders_own_hold_does_not_stand_in_its_own_way()
    {
        await using TestShop shop = await OrderShop.Start(services =>
            services.Configure<StockOptions>(stock => (stock.SlotHours, stock.SlotCapacity) = (9, 1)));
        await Receive(shop, ("red-rose", 12));
        PlaceOrder order = OrderSamples.Place("a", "r1");

        // The first attempt held everything and was lost before the order was written.
        await Day(shop).Hold(new ClaimPlace
        {
            OrderId = "a",
            Area = "main:0",
            Lines = [new(new("dozen-red-roses"), 1)],
        });
        Outcome<OrderRecord> again = await shop.Grain<IOrderGrain>("a").Place(order);
        await shop.RunDue();

        Assert.Null(again.Fault);
        Assert.Equal(OrderState.Confirmed, (await shop.Order("a")).State);
    }

    [Fact]
    public async Task Saleor_544_vendure_4660_and_prestashop_29493_a_single_use_is_used_once()
    {
        await using TestShop shop = await OrderShop.Start();
        await Issue(shop, new VoucherTerms { PercentBasisPoints = 2000 });

        Outcome<OrderRecord>[] all = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => shop.Grain<IOrderGrain>($"o{i}").Place(With("ONCE", $"o{i}"))));
        await shop.RunDue();

        Assert.Equal(1, all.Count(outcome => outcome.Fault is null));
        Assert.Equal(1, (await shop.Grain<IVoucherGrain>("ONCE").Get()).OrThrow().RedeemedCount);
    }

    [Fact]
    public async Task Saleor_15855_the_loser_of_a_race_for_a_voucher_gets_their_own_payment_back_and_the_winner_keeps_theirs()
    {
        PaymentsThatNeverAnswer payments = new();
        await using TestShop shop = await OrderShop.Start(services =>
        {
            services.Replace(payments);
            services.Configure<VouchersOptions>(vouchers => vouchers.HoldMinutes = 1);
        });
        await Issue(shop, new VoucherTerms { PercentBasisPoints = 2000 });
        (await shop.Grain<IOrderGrain>("slow").Place(With("ONCE", "slow"))).OrThrow();
        shop.Time.Set(OrderSamples.Morning.AddMinutes(1));
        (await shop.Grain<IOrderGrain>("quick").Place(With("ONCE", "quick"))).OrThrow();

        await shop.Grain<IOrderGrain>("quick").Settle(new PaymentSettled(true, "pay_quick"));
        await shop.Grain<IOrderGrain>("slow").Settle(new PaymentSettled(true, "pay_slow"));
        await shop.RunDue();

        Assert.Equal(OrderState.Confirmed, (await shop.Order("quick")).State);
        Assert.Equal(OrderState.Expired, (await shop.Order("slow")).State);
        Assert.Equal(["pay_slow"], payments.Released);
    }

    [Fact]
    public async Task Eshoponcontainers_1935_and_eshop_284_a_request_that_is_sent_again_is_one_order_with_one_place()
    {
        await using TestShop shop = await OrderShop.Start();
        PlaceOrder order = OrderSamples.Place("a", "r1");

        Outcome<OrderRecord>[] all = await Task.WhenAll(
            Enumerable.Range(0, 5).Select(_ => shop.Grain<IOrderGrain>("a").Place(order)));

        Assert.All(all, outcome => Assert.Equal("a", outcome.Value?.Id.Value));
        Assert.Equal([new Taken(1, 0)], (await Day(shop).Get()).Places.Values);
    }

    [Theory]
    [InlineData("2026-06-12T12:59:59Z", null)]
    [InlineData("2026-06-12T13:00:00Z", "PAST_CUT_OFF")]
    public async Task Coopcycle_2614_and_1650_the_cut_off_is_kept_by_the_day_itself_to_the_second(string now, string? reason)
    {
        await using TestShop shop = await OrderShop.Start();
        shop.Time.Set(DateTimeOffset.Parse(now, null));

        Outcome<HeldPlace> held = await Day(shop).Hold(new ClaimPlace
        {
            OrderId = "a",
            Area = "main:0",
            Lines = [new(new("dozen-red-roses"), 1)],
        });

        Assert.Equal(reason, held.Fault?.Reason);
        Assert.Equal(reason, (await Place(shop, "b")).Fault?.Reason);
    }

    [Fact]
    public async Task Coopcycle_3573_and_3869_a_cut_off_may_be_on_the_day_before()
    {
        await using TestShop shop = await OrderShop.Start(services => services.Configure<StockOptions>(stock =>
            stock.SpecialDays.Add(new() { Date = Friday.Day, CutOff = new(16, 0), LeadDays = 1 })));

        shop.Time.Set(new DateTimeOffset(2026, 6, 11, 14, 59, 59, TimeSpan.Zero));
        Outcome<OrderRecord> before = await Place(shop, "a");
        shop.Time.Set(new DateTimeOffset(2026, 6, 11, 15, 0, 0, TimeSpan.Zero));
        Outcome<OrderRecord> after = await Place(shop, "b");

        Assert.Null(before.Fault);
        Assert.Equal(("PAST_CUT_OFF", "2026-06-13"), (after.Fault?.Reason, after.Fault?.Values["nextDate"]));
    }

    [Fact]
    public async Task Nopcommerce_1828_capacity_belongs_to_the_day_of_delivery()
    {
        await using TestShop shop = await OrderShop.Start(services =>
            services.Configure<StockOptions>(stock => (stock.SlotHours, stock.SlotCapacity) = (9, 1)));
        PlaceOrder saturday = OrderSamples.Place("c");

        Outcome<OrderRecord> first = await Place(shop, "a");
        Outcome<OrderRecord> full = await Place(shop, "b");
        Outcome<OrderRecord> next = await shop.Grain<IOrderGrain>("c").Place(
            saturday with { Draft = saturday.Draft with { DeliveryOn = new DateOnly(2026, 6, 13) } });

        Assert.Equal((null, "SLOT_FULL", null), (first.Fault?.Reason, full.Fault?.Reason, next.Fault?.Reason));
    }

    private static IDeliveryDayGrain Day(TestShop shop) => shop.Grain<IDeliveryDayGrain>(Friday.Text);

    private static async Task Receive(TestShop shop, params (string Stem, int Count)[] stems) =>
        (await Day(shop).Receive(new(null, "staff:sam", null, stems.ToImmutableSortedDictionary(
            stem => stem.Stem, stem => stem.Count, StringComparer.Ordinal)))).OrThrow();

    private static async Task Issue(TestShop shop, VoucherTerms terms) =>
        (await shop.Grain<IVoucherGrain>("ONCE").Issue(new IssueVoucher(null, "staff:sam", null, terms))).OrThrow();

    private static PlaceOrder With(string voucher, string id)
    {
        PlaceOrder order = OrderSamples.Place(id);
        return order with { Draft = order.Draft with { Voucher = voucher } };
    }

    private static Task<Outcome<OrderRecord>> Place(
        TestShop shop, string id, params (string Bouquet, int Quantity)[] lines)
    {
        PlaceOrder order = OrderSamples.Place(id);
        return shop.Grain<IOrderGrain>(id).Place(lines.Length == 0
            ? order
            : order with
            {
                Draft = order.Draft with
                {
                    Lines = [.. lines.Select(line => new DraftLine(new(line.Bouquet), line.Quantity))],
                },
            });
    }
}
