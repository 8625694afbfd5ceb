using Florist.Kernel;

namespace Florist.Orders;

/// <summary>
/// The way of an order over the shop's bench. Pure. A step that does not fit the present state is refused and says
/// where the order stands: nobody is told "done" about something that was not.
/// </summary>
internal static class OrderSteps
{
    /// <summary>Whether the shop may begin to bind the order.</summary>
    public static Outcome<OrderChange> StartPreparing(OrderRecord order, StartPreparing command) =>
        (Wrong(order, command.Etag, OrderState.Confirmed) ?? OrderSubstitutions.Open(order)) is { } fault
            ? fault
            : new OrderMovedOn(OrderState.Preparing);

    /// <summary>Whether the order may be put out for the courier.</summary>
    public static Outcome<OrderChange> MarkReady(OrderRecord order, MarkReady command) =>
        (Wrong(order, command.Etag, OrderState.Preparing) ?? OrderSubstitutions.Open(order)) is { } fault
            ? fault
            : new OrderMovedOn(OrderState.Ready);

    /// <summary>Why a step of staff cannot be taken; null when it can.</summary>
    /// <param name="order">The order as it stands.</param>
    /// <param name="etag">The version decided upon; null accepts any.</param>
    /// <param name="from">The states in which the step may be taken.</param>
    public static Fault? Wrong(OrderRecord order, string? etag, params ReadOnlySpan<OrderState> from)
    {
        if (etag is not null && etag != order.Etag)
        {
            return Fault.Stale(order.Id.Name);
        }

        if (from.Contains(order.State))
        {
            return null;
        }

        return order.HasEnded
            ? Ended(order)
            : Fault.Refused("WRONG_STATE", $"{order.Id.Name} is {OrderWords.Of(order.State)}")
                .With("name", order.Id.Name).With("state", OrderWords.Of(order.State));
    }

    /// <summary>Nothing can happen to the order any more.</summary>
    public static Fault Ended(OrderRecord order) =>
        Fault.Refused("ORDER_ENDED", $"{order.Id.Name} has ended already")
            .With("name", order.Id.Name).With("state", order.State.ToString());
}
