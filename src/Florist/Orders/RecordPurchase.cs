using Florist.Customers;
using Florist.Kernel;
using Orleans;

namespace Florist.Orders;

/// <summary>Counts a confirmed order among its customer's purchases.</summary>
internal sealed class RecordPurchase(IGrainFactory grains) : IOutboxHandler
{
    public string Topic => OrdersTopics.Confirmed;

    public async Task<OutboxResult> Handle(OutboxMessage message, CancellationToken cancellationToken)
    {
        OrderConfirmed confirmed = message.Read<OrderConfirmed>();
        Purchase purchase = new()
        {
            Key = $"orders-{confirmed.Order.OrderId.Value}",
            Day = Zones.Day(confirmed.Order.PlacedAt, confirmed.Order.TimeZone),
            Units = confirmed.Order.Bouquets.Sum(line => line.Quantity),
            Amount = confirmed.Order.Total,
        };
        Outcome<Done> recorded =
            await grains.GetGrain<ICustomerGrain>(confirmed.Order.CustomerId.Value).RecordPurchase(purchase);

        // A customer who is gone for good has no traits to keep.
        return recorded.Fault is { Kind: not FaultKind.NotFound } fault
            ? OutboxResult.Retry(fault.Reason)
            : OutboxResult.Done;
    }
}
