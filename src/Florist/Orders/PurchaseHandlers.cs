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
        OrderFacts order = message.Read<OrderConfirmed>().Order;
        return Purchases.Concluded(
            await grains.GetGrain<ICustomerGrain>(order.CustomerId.Value).RecordPurchase(Purchases.Of(order)));
    }
}

/// <summary>
/// Takes an order that had been confirmed and was cancelled out of what its customer's purchases come to. It may be
/// handled before the confirmation, which then counts no more.
/// </summary>
internal sealed class WithdrawPurchase(IGrainFactory grains) : IOutboxHandler
{
    public string Topic => OrdersTopics.Cancelled;

    public async Task<OutboxResult> Handle(OutboxMessage message, CancellationToken cancellationToken)
    {
        OrderCancelled cancelled = message.Read<OrderCancelled>();
        if (!cancelled.WasConfirmed)
        {
            return OutboxResult.Done;
        }

        OrderFacts order = cancelled.Order;
        return Purchases.Concluded(
            await grains.GetGrain<ICustomerGrain>(order.CustomerId.Value).WithdrawPurchase(Purchases.Of(order)));
    }
}

/// <summary>An order as its customer's history keeps it.</summary>
internal static class Purchases
{
    /// <summary>The purchase that an order is; the same for every message about the order.</summary>
    public static Purchase Of(OrderFacts order) => new()
    {
        Key = $"orders-{order.OrderId.Value}",
        Day = Zones.Day(order.PlacedAt, order.TimeZone),
        Units = order.Bouquets.Sum(line => line.Quantity),
        Amount = order.Total,
    };

    /// <summary>A customer who is gone for good has no history to keep.</summary>
    public static OutboxResult Concluded(Outcome<Done> outcome) =>
        outcome.Fault is { Kind: not FaultKind.NotFound } fault
            ? OutboxResult.Retry(fault.Reason)
            : OutboxResult.Done;
}
