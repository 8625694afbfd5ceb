using Florist.Catalogue;
using Florist.Customers;
using Florist.Kernel;
using Florist.Orders;
using Orleans;

namespace Florist.Occasions;

/// <summary>Tells the occasions that flowers are ordered.</summary>
internal sealed class RecordConfirmedOrder(IGrainFactory grains) : IOutboxHandler
{
    public string Topic => OrdersTopics.Confirmed;

    public async Task<OutboxResult> Handle(OutboxMessage message, CancellationToken cancellationToken)
    {
        OrderFacts order = message.Read<OrderConfirmed>().Order;
        RecordOrder command = new(
            order.OrderId,
            order.RecipientId,
            order.DeliveryOn,
            OccasionCategories.Find(order.OccasionCategory),
            order.Sympathy);
        await grains.GetGrain<IOccasionsGrain>(order.CustomerId.Value).RecordOrder(command);
        return OutboxResult.Done;
    }
}

/// <summary>Tells the occasions that flowers will not come after all.</summary>
internal sealed class ForgetCancelledOrder(IGrainFactory grains) : IOutboxHandler
{
    public string Topic => OrdersTopics.Cancelled;

    public async Task<OutboxResult> Handle(OutboxMessage message, CancellationToken cancellationToken)
    {
        OrderCancelled cancelled = message.Read<OrderCancelled>();
        if (cancelled.WasConfirmed)
        {
            await grains.GetGrain<IOccasionsGrain>(cancelled.Order.CustomerId.Value)
                .ForgetOrder(cancelled.Order.OrderId, cancelled.Order.DeliveryOn);
        }

        return OutboxResult.Done;
    }
}

/// <summary>Takes over zone, recipients and deletion of a customer.</summary>
internal sealed class FollowChangedCustomer(IGrainFactory grains) : IOutboxHandler
{
    public string Topic => CustomersTopics.Changed;

    public async Task<OutboxResult> Handle(OutboxMessage message, CancellationToken cancellationToken)
    {
        CustomerId customer = message.Read<CustomerChanged>().CustomerId;
        Outcome<CustomerView> view = await grains.GetGrain<ICustomerGrain>(customer.Value).Get();
        if (view.Failed(out Fault? fault, out CustomerView? current))
        {
            // Purged meanwhile: that has an event of its own.
            return fault.Kind == FaultKind.NotFound ? OutboxResult.Done : OutboxResult.Retry(fault.Reason);
        }

        await grains.GetGrain<IOccasionsGrain>(customer.Value).Follow(CustomerFacts.Of(current));
        return OutboxResult.Done;
    }
}

/// <summary>Removes the occasions of a customer whose data are gone.</summary>
internal sealed class PurgeWithCustomer(IGrainFactory grains) : IOutboxHandler
{
    public string Topic => CustomersTopics.Purged;

    public async Task<OutboxResult> Handle(OutboxMessage message, CancellationToken cancellationToken)
    {
        await grains.GetGrain<IOccasionsGrain>(message.Read<CustomerPurged>().CustomerId.Value).Purge();
        return OutboxResult.Done;
    }
}
