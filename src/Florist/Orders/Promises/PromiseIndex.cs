using Florist.Delivery;
using Florist.Kernel;

namespace Florist.Orders;

/// <summary>
/// The row of a promised window, written in the commit in which something becomes of the promise; reports add up its
/// columns. Columns are never null; absent is the empty text or 0.
/// </summary>
internal static class PromiseIndex
{
    /// <summary>The table.</summary>
    public const string Table = "promise_index";

    /// <summary>The row of a promise.</summary>
    public static RowChange Row(OrderRecord order, Promise promise)
    {
        DeliveryRecord? delivery =
            order.Deliveries.Deliveries.FirstOrDefault(one => one.Id == promise.Delivery);
        Money granted = promise.Compensation?.Granted ?? Money.Zero(order.Terms.Total.Currency);
        DateOnly day = Zones.Day(promise.DueAt ?? promise.GivenAt, order.Terms.TimeZone);
        return new RowChange
        {
            Table = Table,
            Key = [new("order_id", order.Id.Value), new("number", promise.Number)],
            Values =
            [
                new("day", (DateOnly?)day),
                new("courier", delivery?.Courier?.Value ?? ""),
                new("region_code", order.Contact.Address.RegionCode),
                new("state", OrderWords.Of(promise.State)),
                new("kept", promise.KeptAt is not null),
                new("endangered", promise.AtRiskAt is not null),
                new("breached", promise.BreachedAt is not null && promise.KeptAt is null),
                new("apologised", promise.ApologisedAt is not null),
                new("apologised_first", promise.ApologisedFirst && promise.KeptAt is null),
                new("made_good", promise.MadeGoodAt is not null),
                new("currency_code", granted.Currency),
                new("granted_minor", granted.Minor),
            ],
        };
    }
}
