using System.Collections.Immutable;
using Florist.Kernel;
using Orleans;

namespace Florist.Delivery;

/// <summary>
/// The deliveries of one order; the key is the order's id. Whoever owns the order implements it over
/// <see cref="DeliveryBook"/>, so that an update of a delivery and of its order are one write.
/// </summary>
public interface IDeliveryGrain : IGrainWithStringKey
{
    /// <summary>
    /// Decides one report of a courier. Safe to repeat: the courier's event id makes a repeat a duplicate. A report
    /// that is refused is an answer with <see cref="Disposition.Rejected"/>, not a fault.
    /// </summary>
    /// <returns>The answer, durable when it is given; NotFound for an order that does not exist.</returns>
    Task<Outcome<ReportAnswer>> Report(CourierReport report);

    /// <summary>Begins a new leg with a courier. Safe to repeat with the same request id.</summary>
    /// <returns>
    /// The delivery; Refused (<c>ILLEGAL_TRANSITION</c>) unless it is pending; TooMany after 8 legs; Stale; NotFound.
    /// </returns>
    Task<Outcome<DeliveryRecord>> Assign(AssignDelivery command);

    /// <summary>Asks a courier to take it, in place of any other. Safe to repeat with the same request id.</summary>
    /// <returns>The delivery; Refused (<c>ILLEGAL_TRANSITION</c>) unless it is pending; Stale; NotFound.</returns>
    Task<Outcome<DeliveryRecord>> Offer(OfferDelivery command);

    /// <summary>Takes an offer on, which begins a new leg. Safe to repeat with the same request id.</summary>
    /// <returns>
    /// The delivery; Denied when it is not offered to the courier; Refused (<c>OFFER_OVER</c>); NotFound.
    /// </returns>
    Task<Outcome<DeliveryRecord>> Accept(AcceptOffer command);

    /// <summary>Turns an offer down. Safe to repeat with the same request id.</summary>
    /// <returns>
    /// The delivery; Denied when it is not offered to the courier; Refused (<c>OFFER_OVER</c>); NotFound.
    /// </returns>
    Task<Outcome<DeliveryRecord>> Decline(DeclineOffer command);

    /// <summary>Closes the leg before collection. Safe to repeat with the same request id.</summary>
    /// <returns>
    /// The delivery; Denied for a courier that does not hold the leg; Refused unless assigned; Stale; NotFound.
    /// </returns>
    Task<Outcome<DeliveryRecord>> Unassign(UnassignDelivery command);

    /// <summary>Stops it before collection. Safe to repeat with the same request id.</summary>
    /// <returns>The delivery; Refused once collected; Stale; NotFound.</returns>
    Task<Outcome<DeliveryRecord>> Cancel(CancelDelivery command);

    /// <summary>Calls the flowers back to the shop. Safe to repeat with the same request id.</summary>
    /// <returns>
    /// The delivery; Refused unless the courier has the flowers and is not returning; Stale; NotFound.
    /// </returns>
    Task<Outcome<DeliveryRecord>> Recall(RecallDelivery command);

    /// <summary>Orders one more attempt. Safe to repeat with the same request id.</summary>
    /// <returns>
    /// The delivery; Refused unless an attempt failed or it is returning, and with <c>ATTEMPTS_USED_UP</c>,
    /// <c>NOT_FRESH</c> or <c>WINDOW_PASSED</c>; Stale; NotFound.
    /// </returns>
    Task<Outcome<DeliveryRecord>> Reattempt(ReattemptDelivery command);

    /// <summary>
    /// Sets the state that a person found to be true, terminal states included, and ends the review. For staff alone;
    /// reason and actor are kept in the history. Safe to repeat with the same request id.
    /// </summary>
    /// <returns>The delivery; Stale; NotFound.</returns>
    Task<Outcome<DeliveryRecord>> Reconcile(ReconcileDelivery command);

    /// <summary>
    /// The deliveries of the order, oldest first; at most 5. NotFound for an order that does not exist.
    /// </summary>
    Task<Outcome<ImmutableArray<DeliveryRecord>>> Deliveries();
}

/// <summary>Who gives a command about a delivery.</summary>
/// <param name="Role">In which part.</param>
/// <param name="Id">The principal, for the history, as <c>staff:anna</c>; of a courier, its courier id.</param>
public sealed record DeliveryActor(DeliveryRole Role, string Id);

/// <summary>Parts in which somebody moves a delivery, as a set.</summary>
[Flags]
public enum DeliveryRole
{
    /// <summary>Nobody.</summary>
    None = 0,

    /// <summary>The courier of the leg.</summary>
    Courier = 1,

    /// <summary>A dispatcher or other staff.</summary>
    Dispatcher = 2,

    /// <summary>The shop that binds the flowers, and its systems.</summary>
    Shop = 4,

    /// <summary>The customer who sends the flowers.</summary>
    Sender = 8,
}

/// <summary>Opens a delivery of an order: used by the order itself.</summary>
/// <param name="Delivery">Its id; new within the order.</param>
/// <param name="Policy">What was agreed.</param>
/// <param name="Previous">The delivery that it repeats; null for the first.</param>
public sealed record OpenDelivery(DeliveryId Delivery, DeliveryPolicy Policy, DeliveryId? Previous);

/// <summary>Agrees anew about a delivery that nobody has collected.</summary>
/// <param name="Delivery">Which.</param>
/// <param name="Policy">What is agreed from now on.</param>
public sealed record AmendDelivery(DeliveryId Delivery, DeliveryPolicy Policy);

/// <summary>Gives a delivery to a courier.</summary>
/// <param name="RequestId">Makes a repeat safe; null when the caller gave none.</param>
/// <param name="Delivery">Which.</param>
/// <param name="By">Who says so.</param>
/// <param name="Courier">To whom.</param>
/// <param name="Etag">The revision decided upon; null to accept any.</param>
public sealed record AssignDelivery(
    string? RequestId, DeliveryId Delivery, DeliveryActor By, CourierId Courier, string? Etag);

/// <summary>Asks a courier to take a delivery.</summary>
/// <param name="RequestId">Makes a repeat safe; null when the caller gave none.</param>
/// <param name="Delivery">Which.</param>
/// <param name="By">Who says so.</param>
/// <param name="Courier">Whom.</param>
/// <param name="HoldsFor">How long the courier has.</param>
/// <param name="Etag">The revision decided upon; null to accept any.</param>
public sealed record OfferDelivery(
    string? RequestId, DeliveryId Delivery, DeliveryActor By, CourierId Courier, TimeSpan HoldsFor, string? Etag);

/// <summary>Takes an offer on.</summary>
/// <param name="RequestId">Makes a repeat safe; null when the caller gave none.</param>
/// <param name="Delivery">Which.</param>
/// <param name="Courier">Who takes it.</param>
public sealed record AcceptOffer(string? RequestId, DeliveryId Delivery, CourierId Courier);

/// <summary>Turns an offer down.</summary>
/// <param name="RequestId">Makes a repeat safe; null when the caller gave none.</param>
/// <param name="Delivery">Which.</param>
/// <param name="Courier">Who does not take it.</param>
/// <param name="Reason">Why, for the history; null when not told.</param>
public sealed record DeclineOffer(string? RequestId, DeliveryId Delivery, CourierId Courier, string? Reason);

/// <summary>Takes a delivery back from its courier before collection.</summary>
/// <param name="RequestId">Makes a repeat safe; null when the caller gave none.</param>
/// <param name="Delivery">Which.</param>
/// <param name="By">Who says so; a courier only for its own leg.</param>
/// <param name="Reason">Why, for the history; null when not told.</param>
/// <param name="Etag">The revision decided upon; null to accept any.</param>
public sealed record UnassignDelivery(
    string? RequestId, DeliveryId Delivery, DeliveryActor By, string? Reason, string? Etag);

/// <summary>Stops a delivery before collection.</summary>
/// <param name="RequestId">Makes a repeat safe; null when the caller gave none.</param>
/// <param name="Delivery">Which.</param>
/// <param name="By">Who says so; the sender only while no courier is assigned.</param>
/// <param name="Reason">Why, for the history; null when not told.</param>
/// <param name="Etag">The revision decided upon; null to accept any.</param>
public sealed record CancelDelivery(
    string? RequestId, DeliveryId Delivery, DeliveryActor By, string? Reason, string? Etag);

/// <summary>Calls flowers back to the shop.</summary>
/// <param name="RequestId">Makes a repeat safe; null when the caller gave none.</param>
/// <param name="Delivery">Which.</param>
/// <param name="By">Who says so.</param>
/// <param name="Reason">Why.</param>
/// <param name="Text">Words to the reason; null for none. At most 80 characters.</param>
/// <param name="Etag">The revision decided upon; null to accept any.</param>
public sealed record RecallDelivery(
    string? RequestId, DeliveryId Delivery, DeliveryActor By, FailureReason Reason, string? Text, string? Etag);

/// <summary>Orders one more attempt.</summary>
/// <param name="RequestId">Makes a repeat safe; null when the caller gave none.</param>
/// <param name="Delivery">Which.</param>
/// <param name="By">Who says so.</param>
/// <param name="Etag">The revision decided upon; null to accept any.</param>
public sealed record ReattemptDelivery(string? RequestId, DeliveryId Delivery, DeliveryActor By, string? Etag);

/// <summary>Sets what a person found to be true.</summary>
/// <param name="RequestId">Makes a repeat safe; null when the caller gave none.</param>
/// <param name="Delivery">Which.</param>
/// <param name="By">Who says so.</param>
/// <param name="State">The true state.</param>
/// <param name="Outcome">For <see cref="DeliveryState.Delivered"/>: how; null keeps what is known.</param>
/// <param name="Reason">How it was found out; required, for the history.</param>
/// <param name="Etag">The revision decided upon; null to accept any.</param>
public sealed record ReconcileDelivery(
    string? RequestId,
    DeliveryId Delivery,
    DeliveryActor By,
    DeliveryState State,
    DeliveryOutcome? Outcome,
    string Reason,
    string? Etag);
