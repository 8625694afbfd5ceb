using System.Collections.Immutable;
using Florist.Customers;
using Florist.Delivery;
using Florist.Kernel;
using Florist.Orders;
using Florist.Tests.Delivery;
using Florist.Tests.Testing;
using Florist.Tests.Testing.Postgres;

namespace Florist.Tests.Orders;

/// <summary>The way of an order from its placing to the door, with PostgreSQL beneath.</summary>
public sealed class OrderOnPostgresTests
{
    private static readonly DeliveryId First = new("d1");

    [Fact]
    public async Task An_order_is_placed_paid_assigned_and_delivered_and_survives_a_crash_between_any_two_steps()
    {
        string text = await (await PostgresRun.Cluster()).NewSchema();
        await using TestShop shop = await OrderShop.Start(postgres: text);
        OrderRecord placed = (await shop.Grain<IOrderGrain>("o1").Place(OrderSamples.Place("o1"))).OrThrow();
        await shop.Restart(crash: true);
        await shop.RunDue();
        OrderRecord paid = await shop.Order("o1");
        await shop.Restart(crash: true);
        AssignDelivery assign = new(null, First, Deliveries.Anna, Deliveries.Swift, null);
        (await shop.Grain<IDeliveryGrain>("o1").Assign(assign)).OrThrow();
        await shop.Restart(crash: true);

        DeliveryState[] way = [DeliveryState.OutForDelivery, DeliveryState.Arrived, DeliveryState.Delivered];
        foreach (DeliveryState step in way)
        {
            shop.Time.Advance(TimeSpan.FromMinutes(20));
            CourierReport report = Deliveries.Report(step, at: shop.Time.GetUtcNow());
            ReportAnswer answer = (await shop.Grain<IDeliveryGrain>("o1").Report(report)).OrThrow();
            Assert.Equal((step, Disposition.Applied), (step, answer.Disposition));
            await shop.RunDue();
            await shop.Restart(crash: true);
        }

        OrderRecord delivered = await shop.Order("o1");
        Assert.Equal((OrderState.PendingPayment, OrderState.Confirmed), (placed.State, paid.State));
        Assert.Equal(DeliveryState.Delivered, delivered.CurrentDelivery?.State);
        Assert.Equal(0, await shop.RunDue());
        Page<OrderRecord> listed = await shop.Get<IOrderQueries>().List(
            new CustomerId("anna"), new FilterExpression.Everything(), new PageRequest(10, null), CancellationToken.None);
        Assert.Equal(FloristJson.Write(delivered), FloristJson.Write(Assert.Single(listed.Items)));
    }
}
