namespace Florist.Delivery;

/// <summary>Topics under which deliveries tell other features what has happened.</summary>
public static class DeliveryEvents
{
    /// <summary>Body: <see cref="DeliveryChanged"/>.</summary>
    public const string Changed = "deliveries.changed";

    /// <summary>What a courier has to do changed; for this feature alone.</summary>
    internal const string AssignmentsChanged = "couriers.assignments_changed";

    /// <summary>A producer was shut out, and somebody has to call its courier; body: <see cref="CourierQuarantined"/>.
    /// </summary>
    public const string CourierQuarantined = "couriers.quarantined";
}

/// <summary>What changed about a delivery.</summary>
public enum DeliveryChangeKind
{
    /// <summary>It was opened.</summary>
    Opened,

    /// <summary>Its state, leg or attempt.</summary>
    State,

    /// <summary>The estimate of its arrival, or the courier is nearly there.</summary>
    Eta,

    /// <summary>Its outcome or proof became known later than the hand-over itself.</summary>
    Proof,

    /// <summary>The proof that the policy asks for has not come within an hour.</summary>
    ProofMissing,

    /// <summary>A person has to look at it.</summary>
    Review,

    /// <summary>The promised window has passed.</summary>
    Late,

    /// <summary>No news for four hours beyond the window.</summary>
    Stalled,

    /// <summary>The flowers are still at the shop an hour before the end of the window.</summary>
    LateRisk,

    /// <summary>The courier that it was offered to let the offer lapse.</summary>
    OfferLapsed,
}

/// <summary>
/// A delivery changed: the whole of what others may need, as it is after the change. Committed with the change itself.
/// </summary>
public sealed record DeliveryChanged
{
    /// <summary>The order.</summary>
    public string OrderId { get; init; } = "";

    /// <summary>The delivery of that order.</summary>
    public DeliveryId DeliveryId { get; init; } = new("");

    /// <summary>
    /// Rises by one with every event of the order's deliveries; an event with a lower one is older news.
    /// </summary>
    public long Number { get; init; }

    /// <summary>What changed.</summary>
    public DeliveryChangeKind Kind { get; init; }

    /// <summary>The state after it.</summary>
    public DeliveryState State { get; init; }

    /// <summary>
    /// The notice that this change calls for, or <see cref="Notices.None"/>. Set at most once for every delivery and
    /// kind, and never for news that is too old; so a subscriber needs no memory of its own to notify once.
    /// </summary>
    public Notices Notice { get; init; } = Notices.None;

    /// <summary>
    /// When it happened, by the courier's clock where a courier reported it. To be quoted in notices.
    /// </summary>
    public DateTimeOffset OccurTime { get; init; }

    /// <summary>The courier of the current leg; null before the first.</summary>
    public CourierId? Courier { get; init; }

    /// <summary>The current leg.</summary>
    public int Leg { get; init; }

    /// <summary>The current attempt.</summary>
    public int Attempt { get; init; }

    /// <summary>Attempts allowed.</summary>
    public int AttemptsMax { get; init; }

    /// <summary>When the courier expects to be there; null when it has not said.</summary>
    public EtaWindow? Eta { get; init; }

    /// <summary>The promised window.</summary>
    public DeliveryWindow Window { get; init; } = new(DateTimeOffset.MinValue, DateTimeOffset.MaxValue);

    /// <summary>True while the courier of the leg holds the task.</summary>
    public bool LegOpen { get; init; }

    /// <summary>True while it is to be feared that the flowers come after the window.</summary>
    public bool LateRisk { get; init; }

    /// <summary>True once the window had passed with the flowers not delivered.</summary>
    public bool Late { get; init; }

    /// <summary>True while there has been no news for four hours beyond the window.</summary>
    public bool Stalled { get; init; }

    /// <summary>How it was handed over; null until known.</summary>
    public DeliveryOutcome? Outcome { get; init; }

    /// <summary>Why an attempt failed or it returns; null when neither.</summary>
    public FailureReason? FailureReason { get; init; }

    /// <summary>What proves the hand-over so far. <see cref="DeliveryProof.SignedBy"/> is never among it.</summary>
    public DeliveryProof Proof { get; init; } = DeliveryProof.None;

    /// <summary>Why a person has to look at it; null when nobody has to.</summary>
    public string? ReviewReason { get; init; }
}

/// <summary>Most of what a producer sent was rejected, so that it was shut out until staff lifts it.</summary>
/// <param name="Courier">The courier.</param>
/// <param name="ProducerId">Its producer.</param>
/// <param name="At">When.</param>
/// <param name="Updates">Updates within the five minutes before.</param>
/// <param name="Rejected">How many of them were rejected.</param>
public sealed record CourierQuarantined(
    CourierId Courier, string ProducerId, DateTimeOffset At, int Updates, int Rejected);
