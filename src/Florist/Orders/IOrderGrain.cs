using System.Collections.Immutable;
using Florist.Catalogue;
using Florist.Delivery;
using Florist.Kernel;
using Orleans;

namespace Florist.Orders;

/// <summary>
/// One order: what was promised, its payment and its deliveries. Key: the order id. Every method answers
/// <see cref="Fault.NotFound"/> for an order that was never placed, unless it says otherwise.
/// </summary>
public interface IOrderGrain : IGrainWithStringKey
{
    /// <summary>The order as it is durable.</summary>
    Task<Outcome<OrderRecord>> Get();

    /// <summary>Takes the order and asks for its payment. Safe to repeat with the same request id.</summary>
    /// <returns>
    /// The order; Invalid for lines or windows that cannot be; a refusal <c>PAST_CUT_OFF</c>, <c>NO_DELIVERY_DAY</c>,
    /// <c>TOO_FAR_AHEAD</c>, <c>NOT_DELIVERABLE</c>, <c>OUT_OF_SEASON</c>, <c>HAZARD_FOR_PET</c>,
    /// <c>HAZARD_FOR_RECIPIENT</c>, <c>BOUQUET_CLOSED</c>, <c>SLOT_FULL</c>, <c>OUT_OF_STOCK</c>, <c>QUOTE_EXPIRED</c>
    /// or
    /// <c>PRICE_CHANGED</c>; Exists when the id is taken.
    /// </returns>
    Task<Outcome<OrderRecord>> Place(PlaceOrder command);

    /// <summary>Tells what became of the payment. Safe to repeat.</summary>
    Task<Outcome<Done>> Settle(PaymentSettled settled);

    /// <summary>Cancels the order. Safe to repeat with the same request id.</summary>
    /// <returns>
    /// The order; <see cref="Fault.Stale"/>; a refusal <c>ORDER_ENDED</c>, <c>ALREADY_COLLECTED</c> or
    /// <c>PAST_CUT_OFF</c>.
    /// </returns>
    Task<Outcome<OrderRecord>> Cancel(CancelOrder command);

    /// <summary>The shop begins to bind the order. Safe to repeat with the same request id.</summary>
    /// <returns>The order; <see cref="Fault.Stale"/>; a refusal <c>WRONG_STATE</c> or <c>ORDER_ENDED</c>.</returns>
    Task<Outcome<OrderRecord>> StartPreparing(StartPreparing command);

    /// <summary>
    /// The order is bound and put out for the courier. Safe to repeat with the same request id.
    /// </summary>
    /// <returns>As <see cref="StartPreparing(Orders.StartPreparing)"/>.</returns>
    Task<Outcome<OrderRecord>> MarkReady(MarkReady command);

    /// <summary>
    /// Changes what is asked for, before the shop begins with it. What costs more is reserved first, and the order
    /// keeps its old form until that is done; what costs less is given back. Safe to repeat with the same request id.
    /// </summary>
    /// <returns>
    /// The order, with the change or with one that waits for its payment; <see cref="Fault.Stale"/>; a refusal
    /// <c>WRONG_STATE</c>, <c>ORDER_ENDED</c>, <c>ALREADY_COLLECTED</c>, <c>PAST_CUT_OFF</c>, <c>CHANGE_PENDING</c>,
    /// <c>PAYMENT_TOKEN_REQUIRED</c> or one of <see cref="Place"/>; TooMany (<c>CHARGES_LIMIT</c>).
    /// </returns>
    Task<Outcome<OrderRecord>> Change(ChangeOrder command);

    /// <summary>
    /// Replaces a stem that is missing, as the customer's choice allows: at once, or after asking. Safe to repeat with
    /// the same request id.
    /// </summary>
    /// <returns>
    /// The order; Invalid for what is not of the order; <see cref="Fault.Stale"/>; a refusal <c>WRONG_STATE</c>,
    /// <c>ORDER_ENDED</c>, <c>SUBSTITUTION_NOT_ALLOWED</c>, <c>SUBSTITUTION_OPEN</c>, <c>SUBSTITUTE_UNLIKE</c>,
    /// <c>SUBSTITUTE_DISLIKED</c>, <c>HAZARD_FOR_PET</c>, <c>HAZARD_FOR_RECIPIENT</c> or <c>TOO_LATE_TO_ASK</c>;
    /// TooMany (<c>SUBSTITUTIONS_LIMIT</c>).
    /// </returns>
    Task<Outcome<OrderRecord>> Propose(ProposeSubstitution command);

    /// <summary>
    /// The customer's answer. Without consent the order is cancelled and its money given back. Safe to repeat with the
    /// same request id.
    /// </summary>
    /// <returns>
    /// The order; <see cref="Fault.Stale"/>; NotFound; a refusal <c>SUBSTITUTION_CLOSED</c>.
    /// </returns>
    Task<Outcome<OrderRecord>> Answer(AnswerSubstitution command);

    /// <summary>Gives money back. Safe to repeat with the same request id.</summary>
    /// <returns>
    /// The order; Invalid for lines that were not ordered; <see cref="Fault.Stale"/>; a refusal <c>NOTHING_PAID</c> or
    /// <c>REFUND_TOO_LARGE</c>; TooMany (<c>REFUNDS_LIMIT</c>).
    /// </returns>
    Task<Outcome<OrderRecord>> Refund(RefundOrder command);

    /// <summary>
    /// Delivers the same flowers again, after they came back. Safe to repeat with the same request id.
    /// </summary>
    /// <returns>
    /// The order; <see cref="Fault.Stale"/>; a refusal <c>NO_ATTENTION_NEEDED</c>, <c>FLOWERS_GONE</c>,
    /// <c>NOT_FRESH</c>, <c>WINDOW_PAST</c> or <c>ORDER_ENDED</c>; TooMany (<c>DELIVERIES_LIMIT</c>).
    /// </returns>
    Task<Outcome<OrderRecord>> Redeliver(RedeliverOrder command);

    /// <summary>Binds and delivers new flowers. Safe to repeat with the same request id.</summary>
    /// <returns>As <see cref="Redeliver"/>, but for <c>FLOWERS_GONE</c> and <c>NOT_FRESH</c>.</returns>
    Task<Outcome<OrderRecord>> Remake(RemakeOrder command);

    /// <summary>
    /// The order now and after every change, coalesced: a slow reader misses versions in between, never the last one.
    /// Ends after the order has ended.
    /// </summary>
    /// <param name="after">Begin with a version newer than this; its events are those behind this.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <returns>Nothing at all for an order that does not exist.</returns>
    IAsyncEnumerable<OrderVersion> Watch(OrderPosition after, CancellationToken cancellationToken);

    /// <summary>Forgets the recipient's telephone number, some time after the delivery. Safe to repeat.</summary>
    /// <returns>False when there was none.</returns>
    Task<bool> ForgetPhone();

    /// <summary>Opens a tracking link. Safe to repeat with the same request id.</summary>
    /// <returns>
    /// The link; TooMany (<c>TRACKING_LINKS_LIMIT</c>); Refused (<c>TRACKING_OVER</c>) long after the order's end.
    /// </returns>
    Task<Outcome<TrackingLink>> OpenLink(OpenTrackingLink command);

    /// <summary>Revokes a tracking link for good. Safe to repeat.</summary>
    Task<Outcome<TrackingLink>> RevokeLink(RevokeTrackingLink command);
}

/// <summary>How far a watcher has come.</summary>
/// <param name="Revision">The revision that it saw last; -1 for none.</param>
/// <param name="EventNumber">The last event of the deliveries that it knows of; -1 when it does not ask.</param>
public sealed record OrderPosition(long Revision, long EventNumber)
{
    /// <summary>Has seen nothing.</summary>
    public static readonly OrderPosition Start = new(-1, -1);
}

/// <summary>An order as a watcher gets it.</summary>
/// <param name="Order">The order, whole.</param>
/// <param name="News">
/// Exactly the events since the version before; null when they are not remembered so far back.
/// </param>
public sealed record OrderVersion(OrderRecord Order, ImmutableArray<DeliveryNews>? News);

/// <summary>Places an order.</summary>
/// <param name="RequestId">Tells a repeat from a second request; null promises nothing about repeats.</param>
/// <param name="OrderId">The grain's key.</param>
/// <param name="Draft">What is asked for.</param>
/// <param name="Context">What is known about the parties now.</param>
/// <param name="Quote">The quote it was shown under; null accepts the present price.</param>
/// <param name="PaymentToken">How it is paid.</param>
public sealed record PlaceOrder(
    string? RequestId,
    OrderId OrderId,
    OrderDraft Draft,
    OrderContext Context,
    QuotedTerms? Quote,
    string PaymentToken);

/// <summary>What a quote promised.</summary>
/// <param name="Total">The price.</param>
/// <param name="ExpiresAt">Until when it is honoured.</param>
public sealed record QuotedTerms(Money Total, DateTimeOffset ExpiresAt);

/// <summary>What became of a payment.</summary>
/// <param name="Authorized">True when the amount is reserved, false when it was declined.</param>
/// <param name="Reference">The provider's reference; null when declined.</param>
public sealed record PaymentSettled(bool Authorized, string? Reference);

/// <summary>Cancels an order.</summary>
/// <param name="RequestId">As in <see cref="PlaceOrder"/>.</param>
/// <param name="Etag">The version decided upon; null accepts any.</param>
/// <param name="By">The principal, for the record.</param>
/// <param name="ByStaff">True for staff and the shop's systems, who may cancel after the cut-off.</param>
/// <param name="Reason">In their words; null for none.</param>
public sealed record CancelOrder(string? RequestId, string? Etag, string By, bool ByStaff, string? Reason);

/// <summary>The shop begins to bind an order.</summary>
/// <param name="RequestId">As in <see cref="PlaceOrder"/>.</param>
/// <param name="Etag">The version decided upon; null accepts any.</param>
public sealed record StartPreparing(string? RequestId, string? Etag);

/// <summary>The order is bound and put out for the courier.</summary>
/// <param name="RequestId">As in <see cref="PlaceOrder"/>.</param>
/// <param name="Etag">The version decided upon; null accepts any.</param>
public sealed record MarkReady(string? RequestId, string? Etag);

/// <summary>Gives money back: an amount, the price of lines, or with neither all that is left.</summary>
/// <param name="RequestId">As in <see cref="PlaceOrder"/>.</param>
/// <param name="Etag">The version decided upon; null accepts any.</param>
/// <param name="By">The principal, for the record.</param>
/// <param name="Amount">How much; null to go by lines.</param>
/// <param name="Lines">Of which bouquets how many; empty to go by the amount.</param>
/// <param name="Reason">In their words; null for none.</param>
public sealed record RefundOrder(
    string? RequestId, string? Etag, string By, Money? Amount, ImmutableArray<DraftLine> Lines, string? Reason);

/// <summary>Delivers the same flowers again.</summary>
/// <param name="RequestId">As in <see cref="PlaceOrder"/>.</param>
/// <param name="Etag">The version decided upon; null accepts any.</param>
/// <param name="DeliveryOn">The new day, in the shop's zone.</param>
/// <param name="Window">The new window; null for the whole delivery day.</param>
public sealed record RedeliverOrder(string? RequestId, string? Etag, DateOnly DeliveryOn, DayWindow? Window);

/// <summary>Binds and delivers new flowers.</summary>
/// <param name="RequestId">As in <see cref="PlaceOrder"/>.</param>
/// <param name="Etag">The version decided upon; null accepts any.</param>
/// <param name="DeliveryOn">The new day, in the shop's zone.</param>
/// <param name="Window">The new window; null for the whole delivery day.</param>
public sealed record RemakeOrder(string? RequestId, string? Etag, DateOnly DeliveryOn, DayWindow? Window);

/// <summary>Changes what is asked for.</summary>
/// <param name="RequestId">As in <see cref="PlaceOrder"/>.</param>
/// <param name="Etag">The version decided upon; null accepts any.</param>
/// <param name="ByStaff">True for staff and the shop's systems, who may change after the cut-off.</param>
/// <param name="Draft">What is asked for from now on, whole.</param>
/// <param name="Context">What is known about the parties now.</param>
/// <param name="PaymentToken">How a difference is paid; null when none is expected.</param>
/// <param name="ValidateOnly">True: answer with what the order would be, and change nothing.</param>
public sealed record ChangeOrder(
    string? RequestId,
    string? Etag,
    bool ByStaff,
    OrderDraft Draft,
    OrderContext Context,
    string? PaymentToken,
    bool ValidateOnly);

/// <summary>Replaces a stem that is missing.</summary>
/// <param name="RequestId">As in <see cref="PlaceOrder"/>.</param>
/// <param name="Etag">The version decided upon; null accepts any.</param>
/// <param name="Bouquet">In which bouquet of the order.</param>
/// <param name="Missing">What is missing.</param>
/// <param name="Instead">What takes its place.</param>
/// <param name="Context">What is known about the recipient now.</param>
public sealed record ProposeSubstitution(
    string? RequestId, string? Etag, BouquetId Bouquet, StemId Missing, StemId Instead, OrderContext Context);

/// <summary>The customer's answer about a missing stem.</summary>
/// <param name="RequestId">As in <see cref="PlaceOrder"/>.</param>
/// <param name="Etag">The version decided upon; null accepts any.</param>
/// <param name="Number">Which substitution.</param>
/// <param name="Accepts">True to agree.</param>
/// <param name="By">The principal, for the record.</param>
public sealed record AnswerSubstitution(string? RequestId, string? Etag, int Number, bool Accepts, string By);
