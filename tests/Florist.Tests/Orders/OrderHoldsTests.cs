using System.Collections.Immutable;
using Florist.Adapters.Sql;
using Florist.Kernel;
using Florist.Orders;
using Florist.Stock;
using Florist.Tests.Testing;
using Florist.Vouchers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Florist.Tests.Orders;

public sealed class OrderHoldsTests
{
    private const string Code = "SPRING20";
    private static readonly DayKey Day = new("main", new DateOnly(2026, 6, 12));

    // The hold, the order, the intent to reserve the money, the promise, the confirmation.
    [Theory]
    [InlineData(null, 5)]
    [InlineData(Code, 7)]
    public async Task An_order_costs_five_durable_writes_and_two_more_with_a_voucher(string? voucher, int writes)
    {
        await using TestShop shop = await OrderShop.Start();
        await Issue(shop);
        long before = await Writes(shop);

        (await shop.Grain<IOrderGrain>("o1").Place(Order("o1", voucher))).OrThrow();
        await shop.RunDue();

        Assert.Equal(OrderState.Confirmed, (await shop.Order("o1")).State);
        Assert.Equal(writes, await Writes(shop) - before);
    }

    [Fact]
    public async Task The_voucher_comes_off_the_lines_and_the_tax_is_of_what_is_left()
    {
        await using TestShop shop = await OrderShop.Start();
        await Issue(shop);

        OrderTerms terms = (await shop.Grain<IOrderGrain>("o1").Place(Order("o1", Code))).OrThrow().Terms;

        Assert.Equal(new Money(900, "GBP"), terms.Discount);
        Assert.Equal(terms.Subtotal() + terms.DeliveryFee - new Money(900, "GBP"), terms.Total);
        Assert.Equal(terms.Total, Assert.Single(terms.Taxes).Gross);
    }

    [Theory]
    [InlineData("declined")]
    [InlineData("expired")]
    [InlineData("cancelled")]
    public async Task What_an_order_has_is_given_back_when_it_ends(string how)
    {
        IPaymentPort? silent = how == "expired" ? new PaymentsThatNeverAnswer() : null;
        await using TestShop shop = await OrderShop.Start(services =>
        {
            if (silent is not null)
            {
                services.Replace(silent);
            }
        });
        await Issue(shop);
        PlaceOrder order = Order("o1", Code) with { PaymentToken = how == "declined" ? "tok_declined" : "tok_ok" };
        (await shop.Grain<IOrderGrain>("o1").Place(order)).OrThrow();
        DeliveryDay held = await TheDay(shop).Get();

        await shop.RunDue();
        if (how == "cancelled")
        {
            await shop.Grain<IOrderGrain>("o1").Cancel(new CancelOrder(null, null, "customer:anna", false, null));
        }

        await shop.RunUntil(OrderSamples.Morning.AddMinutes(10));
        DeliveryDay after = await TheDay(shop).Get();
        VoucherView voucher = (await shop.Grain<IVoucherGrain>(Code).Get()).OrThrow();

        Assert.Equal([new Taken(1, 0)], held.Places.Values);
        Assert.Empty(after.Places);
        Assert.Equal((0, 0), (voucher.ReservedCount, voucher.RedeemedCount));
    }

    [Fact]
    public async Task A_voucher_that_is_refused_leaves_no_place_held()
    {
        await using TestShop shop = await OrderShop.Start();
        await Issue(shop);
        (await shop.Grain<IVoucherGrain>(Code).Reserve(new UseVoucher("other", "ben"))).OrThrow();

        Outcome<OrderRecord> refused = await shop.Grain<IOrderGrain>("o1").Place(Order("o1", Code));

        Assert.Equal("VOUCHER_USED_UP", refused.Fault?.Reason);
        Assert.Empty((await TheDay(shop).Get()).Places);
    }

    [Fact]
    public async Task A_payment_that_comes_when_the_place_is_gone_is_given_back_and_nothing_is_oversold()
    {
        PaymentsThatNeverAnswer payments = new();
        await using TestShop shop = await OrderShop.Start(services =>
        {
            services.Replace(payments);
            services.Configure<StockOptions>(stock => (stock.SlotHours, stock.SlotCapacity, stock.HoldMinutes) = (9, 1, 2));
        });
        await shop.Grain<IOrderGrain>("slow").Place(Order("slow", null));
        await shop.RunUntil(OrderSamples.Morning.AddMinutes(3));
        (await shop.Grain<IOrderGrain>("quick").Place(Order("quick", null))).OrThrow();
        (await shop.Grain<IOrderGrain>("quick").Settle(new PaymentSettled(true, "pay_quick"))).OrThrow();

        (await shop.Grain<IOrderGrain>("slow").Settle(new PaymentSettled(true, "pay_slow"))).OrThrow();
        await shop.RunDue();

        Assert.Equal(OrderState.Confirmed, (await shop.Order("quick")).State);
        Assert.Equal(
            (OrderState.Expired, PaymentState.Refunded),
            ((await shop.Order("slow")).State, (await shop.Order("slow")).PaymentState));
        Assert.Equal(["pay_slow"], payments.Released);
        Assert.Equal([new Taken(0, 1)], (await TheDay(shop).Get()).Places.Values);
    }

    [Fact]
    public async Task A_place_that_was_held_for_an_order_that_never_came_to_be_is_free_after_ten_minutes()
    {
        await using TestShop shop = await OrderShop.Start();
        await TheDay(shop).Hold(Claim("lost"));
        await shop.Restart(crash: true);

        await shop.RunUntil(OrderSamples.Morning.AddMinutes(10));

        Assert.Empty((await TheDay(shop).Get()).Places);
        Assert.Null(await shop.Get<IEngineDriver>().NextDue(default));
    }

    [Fact]
    public async Task A_promise_without_an_order_is_found_and_given_back_on_record()
    {
        await using TestShop shop = await OrderShop.Start();
        (await shop.Grain<IOrderGrain>("o1").Place(Order("o1", null))).OrThrow();
        await shop.RunDue();
        (await TheDay(shop).Commit(Claim("ghost"))).OrThrow();

        await shop.RunUntil(OrderSamples.Morning.AddMinutes(61));

        ImmutableArray<CommittedPlace> left = await TheDay(shop).Committed(null, 10);
        StockMovement repaired = Assert.Single(await TheDay(shop).Movements(null, 10));
        Assert.Equal(["o1"], left.Select(place => place.OrderId));
        Assert.Equal((MovementKind.Repaired, "orders/ghost: no such order"), (repaired.Kind, repaired.Note));
    }

    [Fact]
    public async Task A_confirmed_order_without_a_place_gets_one_when_the_day_is_compared()
    {
        await using TestShop shop = await OrderShop.Start();
        foreach (string id in (string[])["o1", "o2"])
        {
            (await shop.Grain<IOrderGrain>(id).Place(Order(id, null))).OrThrow();
        }

        await shop.RunDue();
        await TheDay(shop).Release(new ReleasePlace("o1", 0));
        await shop.RunUntil(OrderSamples.Morning.AddDays(1).AddMinutes(1));
        (await TheDay(shop).Commit(Claim("o2") with { Generation = 1 })).OrThrow();

        await shop.RunUntil(OrderSamples.Morning.AddDays(1).AddMinutes(62));

        Assert.Equal(["o1", "o2"], (await TheDay(shop).Committed(null, 10)).Select(place => place.OrderId));
    }

    [Fact]
    public async Task A_move_to_another_day_takes_the_new_place_before_the_old_one_is_given_back()
    {
        await using TestShop shop = await OrderShop.Start();
        (await shop.Grain<IOrderGrain>("o1").Place(Order("o1", null))).OrThrow();
        await shop.RunDue();
        OrderRecord order = await shop.Order("o1");
        OrderHolds holds = shop.Get<OrderHolds>();
        OrderDraft draft = order.Draft with { DeliveryOn = order.Draft.DeliveryOn.AddDays(1) };

        OrderTerms terms = (await holds.Move(order, draft, order.Terms)).OrThrow();
        OutboxMessage? release = OrderHolds.ReleaseOf(order.Id, (order.Draft, order.Terms), (draft, terms));
        DeliveryDay old = await TheDay(shop).Get();
        await new ReleasePlaces(shop.Get<Orleans.IGrainFactory>())
            .Handle(release ?? throw new InvalidOperationException("nothing is given back"), default);

        Assert.Equal(1, terms.PlaceGeneration);
        Assert.Single(old.Places);
        Assert.Empty((await TheDay(shop).Get()).Places);
        Assert.Equal(
            [new Taken(0, 1)],
            (await shop.Grain<IDeliveryDayGrain>((Day with { Day = draft.DeliveryOn }).Text).Get()).Places.Values);
        Assert.Null(OrderHolds.ReleaseOf(order.Id, (draft, terms), (draft, terms)));
    }

    private static IDeliveryDayGrain TheDay(TestShop shop) => shop.Grain<IDeliveryDayGrain>(Day.Text);

    private static ClaimPlace Claim(string order) => new()
    {
        OrderId = order,
        Area = "main:0",
        Lines = [new(new("dozen-red-roses"), 1)],
    };

    private static PlaceOrder Order(string id, string? voucher)
    {
        PlaceOrder order = OrderSamples.Place(id, $"request-{id}");
        return order with { Draft = order.Draft with { Voucher = voucher } };
    }

    private static async Task Issue(TestShop shop) => (await shop.Grain<IVoucherGrain>(Code).Issue(
        new IssueVoucher(null, "staff:sam", null, new VoucherTerms { PercentBasisPoints = 2000 }))).OrThrow();

    // Every write of a state raises its version by one.
    private static async Task<long> Writes(TestShop shop) => await shop.Get<SqlQueries>().Number(
        """
        SELECT SUM(version) FROM grain_state
        WHERE grain_key LIKE 'order/%' OR grain_key LIKE 'delivery-day/%' OR grain_key LIKE 'voucher/%'
        """,
        [],
        default) ?? 0;
}
