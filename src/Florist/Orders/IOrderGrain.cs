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
    /// <c>HAZARD_FOR_RECIPIENT</c>, <c>QUOTE_EXPIRED</c> or <c>PRICE_CHANGED</c>; Exists when the id is taken.
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
    /// The order now and after every change, coalesced: a slow reader misses versions in between, never the last one.
    /// Ends
    /// after the order has ended.
    /// </summary>
    /// <param name="afterRevision">Begin with a version newer than this; -1 begins with the present one.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <returns>Nothing at all for an order that does not exist.</returns>
    IAsyncEnumerable<OrderRecord> Watch(long afterRevision, CancellationToken cancellationToken);
}

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
