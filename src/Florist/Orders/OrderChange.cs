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
internal sealed record OrderPaid(PaymentOutcome Outcome) : OrderChange;

/// <summary>It was never paid for.</summary>
/// <param name="Declined">The payment was declined.</param>
/// <param name="DueAt">When its time was over, however late that is noticed; null when it was declined now.</param>
internal sealed record OrderLapsed(bool Declined, DateTimeOffset? DueAt = null) : OrderChange;

/// <summary>It was paid for when its place was gone: the payment is given back.</summary>
internal sealed record OrderSoldOut(PaymentOutcome Outcome) : OrderChange;

/// <summary>It was cancelled.</summary>
internal sealed record OrderCancelledBy(Cancellation Cancellation) : OrderChange;

/// <summary>The shop has taken it a step further.</summary>
internal sealed record OrderMovedOn(OrderState To) : OrderChange;

/// <summary>The payer has to confirm a charge.</summary>
internal sealed record PayerAsked(int Charge, PaymentOutcome Outcome) : OrderChange;

/// <summary>A payment that came too late is given back.</summary>
internal sealed record PaymentCameLate(int Charge, PaymentOutcome Outcome) : OrderChange;

/// <summary>The provider has answered to a capture.</summary>
internal sealed record ChargeTaken(int Charge, PaymentOutcome Outcome) : OrderChange;

/// <summary>The provider has answered to a release.</summary>
internal sealed record ChargeReleased(int Charge, PaymentOutcome Outcome) : OrderChange;

/// <summary>The provider has answered to a refund.</summary>
internal sealed record RefundSettled(int Refund, PaymentOutcome Outcome) : OrderChange;

/// <summary>The difference that a change makes is reserved: the change holds.</summary>
internal sealed record AmendmentPaid(PaymentOutcome Outcome) : OrderChange
{
    /// <summary>The terms with the place that is promised; null when there was none any more.</summary>
    public OrderTerms? Terms { get; init; }
}

/// <summary>It becomes another order, as the customer wants it.</summary>
internal sealed record OrderAmended(PendingChange Change) : OrderChange;

/// <summary>A change costs more, and the difference is to be reserved.</summary>
internal sealed record AmendmentAsked(PendingChange Change, Money More, string Token) : OrderChange;

/// <summary>The difference that a change makes was not to be had: the order stays as it was.</summary>
internal sealed record AmendmentDropped(bool Declined) : OrderChange;

/// <summary>An amount is given back; with everything that is left, an order that failed ends.</summary>
internal sealed record MoneyReturned(OrderRecord Order, bool Ends, Cancellation Cancellation) : OrderChange;

/// <summary>
/// Another delivery was opened in the place of one that failed; the effects stand before the order's own.
/// </summary>
internal sealed record DeliveredAnew(DeliveryBook Deliveries, Effects Effects, OrderState State) : OrderChange;

/// <summary>Its deliveries moved; the effects of that stand before the order's own.</summary>
internal sealed record DeliveriesMoved(DeliveryBook Deliveries, Effects Effects) : OrderChange;

/// <summary>A tracking link was opened or revoked.</summary>
internal sealed record TrackingChanged(OrderTracking Tracking) : OrderChange;

/// <summary>The recipient's number is not needed any more.</summary>
internal sealed record PhoneForgotten : OrderChange
{
    /// <summary>Whether the order has a number.</summary>
    public static bool Concerns(OrderRecord order) => (order.Contact.Phone ?? order.Draft.Contact?.Phone) is not null;

    /// <summary>The order without it.</summary>
    public static OrderRecord Without(OrderRecord order) => order with
    {
        Contact = order.Contact with { Phone = null },
        Draft = order.Draft with
        {
            Contact = order.Draft.Contact is { } contact ? contact with { Phone = null } : null,
        },
    };
}

/// <summary>A repeat: nothing to do.</summary>
internal sealed record NothingChanged : OrderChange;

/// <summary>The budget has answered for a broken promise.</summary>
internal sealed record PromiseCompensated(int Promise, Money Granted) : OrderChange;

/// <summary>A stem takes the place of another, or the customer is asked whether it may.</summary>
internal sealed record SubstitutionMade(Substitution Substitution) : OrderChange;

/// <summary>The customer has answered, or has not in time.</summary>
internal sealed record SubstitutionAnswered(Substitution Substitution) : OrderChange;

/// <summary>Time alone has made something due.</summary>
internal sealed record TimePassed : OrderChange;
