using Florist.Delivery;
using Florist.Kernel;

namespace Florist.Orders;

/// <summary>Something that happened to an order.</summary>
internal abstract record OrderChange;

/// <summary>It was taken, on these terms.</summary>
internal sealed record OrderPlaced(
    OrderId Id, OrderDraft Draft, OrderContext Context, OrderTerms Terms, DateTimeOffset ExpiresAt, string PaymentToken)
    : OrderChange;

/// <summary>The payment was authorised: the promise is given.</summary>
internal sealed record OrderPaid(string Reference) : OrderChange;

/// <summary>It was never paid for.</summary>
/// <param name="Declined">The payment was declined.</param>
/// <param name="DueAt">When its time was over, however late that is noticed; null when it was declined now.</param>
internal sealed record OrderLapsed(bool Declined, DateTimeOffset? DueAt = null) : OrderChange;

/// <summary>It was paid for when its place was gone: the payment is given back.</summary>
internal sealed record OrderSoldOut(string Reference) : OrderChange;

/// <summary>It was cancelled.</summary>
internal sealed record OrderCancelledBy(Cancellation Cancellation) : OrderChange;

/// <summary>The shop has taken it a step further.</summary>
internal sealed record OrderMovedOn(OrderState To) : OrderChange;

/// <summary>A payment that came too late is given back.</summary>
internal sealed record PaymentReleased(string Reference) : OrderChange;

/// <summary>Its deliveries moved; the effects of that stand before the order's own.</summary>
internal sealed record DeliveriesMoved(DeliveryBook Deliveries, Effects Effects) : OrderChange;

/// <summary>A tracking link was opened or revoked.</summary>
internal sealed record TrackingChanged(OrderTracking Tracking) : OrderChange;

/// <summary>A repeat: nothing to do.</summary>
internal sealed record NothingChanged : OrderChange;
