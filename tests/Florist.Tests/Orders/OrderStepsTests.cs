using Florist.Kernel;
using Florist.Orders;
using Florist.Tests.Testing;

namespace Florist.Tests.Orders;

public sealed class OrderStepsTests
{
    private const string Once = "8b0f1f8e-8f4e-4b57-9f0e-2f1f6a1b2c3d";

    [Fact]
    public async Task The_shop_takes_a_confirmed_order_over_its_bench()
    {
        await using TestShop shop = await OrderShop.Start();
        await shop.Grain<IOrderGrain>("o1").Place(OrderSamples.Place("o1"));
        await shop.RunDue();

        OrderRecord bound = (await shop.Grain<IOrderGrain>("o1").StartPreparing(new(Once, null))).OrThrow();
        await shop.Restart(crash: true);
        OrderRecord repeated = (await shop.Grain<IOrderGrain>("o1").StartPreparing(new(Once, null))).OrThrow();
        OrderRecord ready = (await shop.Grain<IOrderGrain>("o1").MarkReady(new(null, bound.Etag))).OrThrow();

        Assert.Equal(OrderState.Preparing, bound.State);
        Assert.Equal(FloristJson.Write(bound), FloristJson.Write(repeated));
        Assert.Equal(OrderState.Ready, ready.State);
    }

    [Theory]
    [InlineData(OrderState.PendingPayment, "WRONG_STATE", "WRONG_STATE")]
    [InlineData(OrderState.Confirmed, null, "WRONG_STATE")]
    [InlineData(OrderState.Preparing, "WRONG_STATE", null)]
    [InlineData(OrderState.Ready, "WRONG_STATE", "WRONG_STATE")]
    [InlineData(OrderState.InDelivery, "WRONG_STATE", "WRONG_STATE")]
    [InlineData(OrderState.Completed, "ORDER_ENDED", "ORDER_ENDED")]
    [InlineData(OrderState.Cancelled, "ORDER_ENDED", "ORDER_ENDED")]
    [InlineData(OrderState.Expired, "ORDER_ENDED", "ORDER_ENDED")]
    public void A_step_that_does_not_fit_the_state_is_refused_aloud(
        OrderState state, string? whenPreparing, string? whenReady)
    {
        OrderRecord order = new() { Id = new OrderId("o1"), State = state };

        Fault? preparing = OrderSteps.StartPreparing(order, new StartPreparing(null, null)).Fault;
        Fault? ready = OrderSteps.MarkReady(order, new MarkReady(null, null)).Fault;

        Assert.Equal(whenPreparing, preparing?.Reason);
        Assert.Equal(whenReady, ready?.Reason);
        Assert.All(
            new[] { preparing, ready }.OfType<Fault>(), fault => Assert.True(fault.Values.ContainsKey("state")));
    }

    [Fact]
    public void A_step_decided_upon_an_older_version_is_refused()
    {
        OrderRecord order = new() { Id = new OrderId("o1"), State = OrderState.Confirmed, Revision = 3 };

        Assert.Equal(
            FaultKind.Stale, OrderSteps.StartPreparing(order, new StartPreparing(null, "\"2\"")).Fault?.Kind);
    }
}
