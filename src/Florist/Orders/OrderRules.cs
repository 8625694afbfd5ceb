using Florist.Catalogue;
using Florist.Delivery;
using Florist.Kernel;
using Florist.Vouchers;

namespace Florist.Orders;

/// <summary>
/// What may happen to an order. Pure: time comes in as a value, and every answer is a change or a refusal.
/// </summary>
internal static class OrderRules
{
    /// <summary>Decides whether an order is taken, and on which terms.</summary>
    public static Outcome<OrderPlaced> Place(
        PlaceOrder command,
        OrderDay day,
        ICatalogue catalogue,
        OrdersOptions options,
        DateTimeOffset now,
        VoucherTerms? voucher = null)
    {
        if (command.Quote is { } offered && Expired(offered, now) is { } expired)
        {
            return expired;
        }

        if (OrderPricing.Price(command.Draft, command.Context, day, catalogue, options, now, voucher)
            .Failed(out Fault? fault, out OrderTerms? terms))
        {
            return fault;
        }

        if (command.Quote is { } quote && quote.Total != terms.Total)
        {
            return Fault.Refused("PRICE_CHANGED", $"the order now costs {terms.Total}, not {quote.Total}")
                .With("quoted", quote.Total.ToString()).With("present", terms.Total.ToString());
        }

        return new OrderPlaced(
            command.OrderId,
            command.Draft,
            command.Context,
            terms,
            now.AddMinutes(options.PaymentMinutes),
            command.PaymentToken);
    }

    /// <summary>What time alone does to an unpaid order; null when nothing is due.</summary>
    public static OrderLapsed? Lapse(OrderRecord order, DateTimeOffset now) =>
        order.ExpiresAt is { } due && due <= now ? new OrderLapsed(Declined: false, due) : null;

    /// <summary>Decides whether an order may be cancelled by this caller now.</summary>
    public static Outcome<OrderCancelledBy> Cancel(OrderRecord order, CancelOrder command, DateTimeOffset now)
    {
        if (command.Etag is { } etag && etag != order.Etag)
        {
            return Fault.Stale(order.Id.Name);
        }

        if (order.HasEnded)
        {
            return OrderSteps.Ended(order);
        }

        if (order.State == OrderState.InDelivery || order.CurrentDelivery is { } current
            && current.State is not (DeliveryState.Pending or DeliveryState.Assigned or DeliveryState.Cancelled))
        {
            return Fault.Refused("ALREADY_COLLECTED", "the flowers are with the courier").With("name", order.Id.Name);
        }

        return !command.ByStaff && order.State != OrderState.PendingPayment && now >= order.Terms.CutOffAt
            ? Fault.Refused("PAST_CUT_OFF", $"{order.Id.Name} could be cancelled until {order.Terms.CutOffAt:u}")
                .With("name", order.Id.Name).With("cutoffTime", $"{order.Terms.CutOffAt:O}")
            : new OrderCancelledBy(new Cancellation(command.By, command.Reason));
    }

    /// <summary>
    /// The state of an order as its delivery stands; a failed delivery leaves it and asks for attention.
    /// </summary>
    public static OrderState StateBy(OrderState present, DeliveryState delivery) => delivery switch
    {
        _ when present is OrderState.Cancelled or OrderState.Expired or OrderState.PendingPayment => present,
        DeliveryState.Delivered => OrderState.Completed,
        DeliveryState.OutForDelivery or DeliveryState.Arrived or DeliveryState.AttemptFailed
            or DeliveryState.Returning => OrderState.InDelivery,
        _ => present,
    };

    /// <summary>True when the delivery has ended without the flowers being handed over.</summary>
    public static bool NeedsAttention(OrderRecord order) =>
        !order.HasEnded && order.CurrentDelivery is { State: DeliveryState.Returned or DeliveryState.Failed };

    private static Fault? Expired(QuotedTerms quote, DateTimeOffset now) => quote.ExpiresAt <= now
        ? Fault.Refused("QUOTE_EXPIRED", $"the quote was good until {quote.ExpiresAt:u}")
            .With("expireTime", $"{quote.ExpiresAt:O}")
        : null;
}
