using Florist.Customers;
using Florist.Kernel;
using Florist.Orders;
using Florist.Tests.Customers;
using Florist.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans;

namespace Florist.Tests.Orders;

public sealed class PurchaseHandlersTests
{
    private static readonly CancelOrder Cancel = new(null, null, "staff:sam", true, null);

    [Fact]
    public async Task A_confirmed_order_counts_and_a_cancelled_one_no_more()
    {
        await using TestShop shop = await OrderShop.Start();
        ICustomerGrain anna = await Anna(shop);
        await shop.Grain<IOrderGrain>("o1").Place(OrderSamples.Place("o1"));
        await shop.Grain<IOrderGrain>("o2").Place(OrderSamples.Place("o2"));
        await shop.RunDue();
        CustomerTraits both = (await anna.Get()).OrThrow().Traits;

        await shop.Grain<IOrderGrain>("o1").Cancel(Cancel);
        await shop.RunDue();
        CustomerTraits one = (await anna.Get()).OrThrow().Traits;

        Assert.Equal((2, 1), (both.OrderCount, one.OrderCount));
        Assert.Equal((await shop.Order("o2")).Terms.Total, one.MainSpend());
        Assert.Equal(
            [("orders-o2", false), ("orders-o1", true)],
            (await anna.Purchases(new(10, null))).OrThrow().Items.Select(each => (each.Key, each.Withdrawn)));
    }

    [Fact]
    public async Task An_order_that_was_never_confirmed_is_no_purchase_to_withdraw()
    {
        await using TestShop shop = await OrderShop.Start(services => services.Replace(new PaymentsThatNeverAnswer()));
        ICustomerGrain anna = await Anna(shop);
        await shop.Grain<IOrderGrain>("o1").Place(OrderSamples.Place("o1"));

        await shop.Grain<IOrderGrain>("o1").Cancel(Cancel);
        await shop.RunDue();

        Assert.Empty((await anna.Purchases(new(10, null))).OrThrow().Items);
    }

    [Fact]
    public async Task News_of_a_cancellation_that_overtakes_the_confirmation_leaves_the_same()
    {
        await using TestShop shop = await OrderShop.Start();
        ICustomerGrain anna = await Anna(shop);
        IGrainFactory grains = shop.Get<IGrainFactory>();
        await shop.Grain<IOrderGrain>("o1").Place(OrderSamples.Place("o1"));
        OrderFacts order = (await shop.Order("o1")).Facts();
        OutboxMessage confirmed =
            OutboxMessage.Of(OrdersTopics.Confirmed, "1", new OrderConfirmed(order, OrderSamples.Morning));
        OutboxMessage cancelled =
            OutboxMessage.Of(OrdersTopics.Cancelled, "2", new OrderCancelled(order, OrderSamples.Morning, true));

        Assert.True((await new WithdrawPurchase(grains).Handle(cancelled, default)).IsDone);
        Assert.True((await new RecordPurchase(grains).Handle(confirmed, default)).IsDone);
        Assert.True((await new WithdrawPurchase(grains).Handle(cancelled, default)).IsDone);

        Assert.Equal(0, (await anna.Get()).OrThrow().Traits.OrderCount);
        Assert.True(Assert.Single((await anna.Purchases(new(10, null))).OrThrow().Items).Withdrawn);
    }

    [Fact]
    public async Task A_customer_who_is_gone_for_good_holds_nothing_up()
    {
        await using TestShop shop = await OrderShop.Start();
        await shop.Grain<IOrderGrain>("o1").Place(OrderSamples.Place("o1"));
        await shop.RunDue();
        await shop.Grain<IOrderGrain>("o1").Cancel(Cancel);

        await shop.RunDue();

        Assert.Null(await shop.Get<IEngineDriver>().NextDue(default));
    }

    private static async Task<ICustomerGrain> Anna(TestShop shop)
    {
        ICustomerGrain anna = shop.Grain<ICustomerGrain>("anna");
        (await anna.Create(new(null, CustomerSamples.Profile))).OrThrow();
        return anna;
    }
}
