using Florist.Delivery;
using Florist.Kernel;

namespace Florist.Orders;

/// <summary>How an order becomes what it was changed to. Pure.</summary>
internal static class OrderAmendments
{
    /// <summary>The order as changed.</summary>
    public static OrderRecord Amended(
        OrderRecord order, PendingChange change, OrdersOptions options, DateTimeOffset now)
    {
        OrderRecord next = order with
        {
            Draft = change.Draft,
            Contact = change.Contact,
            Terms = change.Terms,
            PendingChange = null,
        };
        if (OrderHolds.ReleaseOf(order.Id, (order.Draft, order.Terms), (next.Draft, next.Terms)) is { } release)
        {
            next = next.With(next.Effects.Send(release));
        }

        Money less = order.Terms.Total - next.Terms.Total;
        if (less.Minor > 0)
        {
            // At most what is left: staff may have given some of it back before.
            Money left = next.Payment.Left(less.Currency);
            next = PaymentSteps.Return(next, left.Minor < less.Minor ? left : less, RefundCause.Change, null, now)
                .Failed(out _, out OrderRecord? cheaper)
                    ? next
                    : cheaper;
        }

        if (next.CurrentDelivery is not { } delivery || delivery.State.IsTerminal())
        {
            return next;
        }

        // A courier has agreed to a window and an address; other words on the card are none of its business.
        DeliveryPolicy policy = OrderHistory.PolicyOf(next, options);
        bool isSame = policy == delivery.Policy
            && FloristJson.Write(order.Contact) == FloristJson.Write(change.Contact);
        if (isSame)
        {
            return next;
        }

        AmendDelivery amend = new(delivery.Id, policy);
        if (next.Deliveries.Amend(amend, now, next.Effects)
            .Failed(out Fault? fault, out DeliveryStep<DeliveryRecord>? step))
        {
            throw new InvalidOperationException($"the rules let through what the deliveries refuse: {fault.Reason}");
        }

        return next with { Deliveries = step.Book, Effects = step.Effects };
    }

    /// <summary>The difference is reserved, so the change holds.</summary>
    public static OrderRecord Paid(
        OrderRecord order, AmendmentPaid paid, OrdersOptions options, DateTimeOffset now)
    {
        PendingChange change = order.PendingChange
            ?? throw new InvalidOperationException("there is no change that this pays for");
        OrderRecord next = PaymentSteps.Authorized(order, change.Charge, paid.Outcome, options);

        // Its place may be gone, or the flowers collected, while the payer confirmed: then the order stays as it was.
        return paid.Terms is { } terms && CanStillChange(order)
            ? Amended(next, change with { Terms = terms }, options, now)
            : PaymentSteps.GiveBack(next with { PendingChange = null }, change.Charge);
    }

    /// <summary>The difference is to be reserved before the change holds.</summary>
    public static OrderRecord Asked(OrderRecord order, AmendmentAsked asked) => PaymentSteps.Ask(
        order with { PendingChange = asked.Change }, asked.More, asked.Token, asked.Change.ExpiresAt);

    /// <summary>The difference was not to be had, so the order stays as it was.</summary>
    public static OrderRecord Dropped(OrderRecord order, AmendmentDropped dropped)
    {
        if (order.PendingChange is not { } change)
        {
            return order;
        }

        OrderRecord next = order with { PendingChange = null };
        return dropped.Declined
            ? PaymentSteps.Declined(next, change.Charge, null)
            : next.Payment.Charge(change.Charge) is { State: ChargeState.ActionRequired }
                ? PaymentSteps.GiveBack(next, change.Charge)
                : next;
    }

    /// <summary>True while the shop has not begun to bind the order, and no courier has the flowers.</summary>
    public static bool CanStillChange(OrderRecord order) => order.State is OrderState.Confirmed
        && order.CurrentDelivery is null or { State: DeliveryState.Pending or DeliveryState.Assigned };
}
