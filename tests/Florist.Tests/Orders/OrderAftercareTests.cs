using Florist.Delivery;
using Florist.Kernel;
using Florist.Orders;
using Florist.Tests.Testing;

namespace Florist.Tests.Orders;

public sealed class OrderAftercareTests
{
    private static readonly DateOnly NextDay = new(2026, 6, 13);

    [Fact]
    public async Task Flowers_that_came_back_are_delivered_again_in_a_delivery_that_names_the_first()
    {
        await using TestShop shop = await OrderShop.Start();
        await CameBack(shop);

        OrderRecord again = (await shop.Grain<IOrderGrain>("o1").Redeliver(
            new RedeliverOrder(null, null, new DateOnly(2026, 6, 12), null))).OrThrow();

        Assert.Equal(OrderState.Ready, again.State);
        Assert.Equal(
            ("d2", "d1", DeliveryState.Pending),
            (again.CurrentDelivery?.Id.Value,
                again.CurrentDelivery?.PreviousDelivery?.Value,
                again.CurrentDelivery?.State));
        Assert.False(again.NeedsAttention);
        await shop.CollectedBy("moto", "o1", "d2");
        Assert.Equal(OrderState.InDelivery, (await shop.Order("o1")).State);
    }

    [Fact]
    public async Task Flowers_that_are_not_fresh_any_more_are_made_anew_and_go_over_the_bench_again()
    {
        await using TestShop shop = await OrderShop.Start();
        await CameBack(shop);
        IOrderGrain order = shop.Grain<IOrderGrain>("o1");

        Outcome<OrderRecord> stale = await order.Redeliver(new RedeliverOrder(null, null, NextDay, null));
        OrderRecord anew = (await order.Remake(new RemakeOrder(null, null, NextDay, null))).OrThrow();

        Assert.Equal("NOT_FRESH", stale.Fault?.Reason);
        Assert.Equal(OrderState.Confirmed, anew.State);
        Assert.Equal(NextDay, DateOnly.FromDateTime(anew.CurrentDelivery?.Policy.Window.From.UtcDateTime ?? default));
        Assert.Equal(OrderState.Preparing, (await order.StartPreparing(new(null, null))).Value?.State);
    }

    [Fact]
    public async Task All_the_money_back_for_flowers_that_never_arrived_ends_the_order()
    {
        await using TestShop shop = await OrderShop.Start();
        await CameBack(shop);
        IOrderGrain order = shop.Grain<IOrderGrain>("o1");

        OrderRecord part = (await order.Refund(
            new RefundOrder(null, null, "staff:sam", new Money(500, "GBP"), [], null))).OrThrow();
        OrderRecord ended = (await order.Refund(new RefundOrder(null, null, "staff:sam", null, [], "lost"))).OrThrow();
        await shop.RunDue();
        OrderRecord done = await shop.Order("o1");

        Assert.True(part.NeedsAttention);
        Assert.Equal(OrderState.InDelivery, part.State);
        Assert.Equal((OrderState.Cancelled, "lost"), (ended.State, ended.Cancellation?.Reason));
        Assert.Equal(PaymentState.Refunded, done.PaymentState);
        Assert.Equal("ORDER_ENDED", (await order.Remake(new RemakeOrder(null, null, NextDay, null))).Fault?.Reason);
    }

    [Fact]
    public async Task An_order_that_goes_well_needs_nothing_of_this()
    {
        await using TestShop shop = await OrderShop.Start();
        await shop.Grain<IOrderGrain>("o1").Place(OrderSamples.Place("o1"));
        IOrderGrain order = shop.Grain<IOrderGrain>("o1");

        Outcome<OrderRecord> unpaid = await order.Refund(new RefundOrder(null, null, "staff:sam", null, [], null));
        await shop.RunDue();
        Outcome<OrderRecord> well = await order.Redeliver(new RedeliverOrder(null, null, NextDay, null));

        Assert.Equal("NOTHING_PAID", unpaid.Fault?.Reason);
        Assert.Equal("NO_ATTENTION_NEEDED", well.Fault?.Reason);
    }

    private static async Task CameBack(TestShop shop)
    {
        await shop.Grain<IOrderGrain>("o1").Place(OrderSamples.Place("o1"));
        await shop.RunDue();
        await shop.CollectedBy("velo", "o1");
        await shop.Reports("velo", "o1", "d1", DeliveryState.Returning, FailureReason.RecipientNotHome);
        await shop.Reports("velo", "o1", "d1", DeliveryState.Returned);
        await shop.RunDue();
    }
}
