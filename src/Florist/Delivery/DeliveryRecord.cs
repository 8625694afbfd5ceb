using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Florist.Delivery;

/// <summary>
/// One delivery of an order, as the order keeps it. Under 2.7 KB of JSON whatever couriers report (a test holds it):
/// histories and the memory of events are child rows of the order.
/// </summary>
public sealed record DeliveryRecord
{
    /// <summary>Its identifier within the order.</summary>
    public DeliveryId Id { get; init; } = new("");

    /// <summary>Where it stands.</summary>
    public DeliveryState State { get; init; } = DeliveryState.Pending;

    /// <summary>
    /// The couriers of the legs so far, the first leg first. A leg begins with every assignment; its number, issued by
    /// us, says for ever whose report belongs to what.
    /// </summary>
    public ImmutableArray<CourierId> LegCouriers { get; init; } = [];

    /// <summary>
    /// True while the current leg's courier holds the task. Un-assigning and cancelling close the leg.
    /// </summary>
    public bool LegOpen { get; init; }

    /// <summary>
    /// Attempt of the current leg: 0 before an assignment, 1 with it, one more with every re-attempt.
    /// </summary>
    public int Attempt { get; init; }

    /// <summary>How it was handed over; null until a courier has said so.</summary>
    public DeliveryOutcome? Outcome { get; init; }

    /// <summary>Why the last failed attempt, return or loss happened; null when none has.</summary>
    public FailureReason? FailureReason { get; init; }

    /// <summary>
    /// The courier's words to <see cref="FailureReason"/>; null when it gave none. At most 80 characters.
    /// </summary>
    public string? FailureText { get; init; }

    /// <summary>
    /// Attempt times ten plus rank of the report that <see cref="FailureReason"/> is from: a later step's wins.
    /// </summary>
    public int FailureStep { get; init; }

    /// <summary>
    /// When each step happened, in the order in which they became known; one entry a step and attempt.
    /// </summary>
    public ImmutableArray<Milestone> Milestones { get; init; } = [];

    /// <summary>What was agreed with the sender when the order was placed.</summary>
    public DeliveryPolicy Policy { get; init; } = new();

    /// <summary>When the courier expects to be there; null when it has not said, or the attempt is over.</summary>
    public EtaWindow? Eta { get; init; }

    /// <summary>The last known position of the courier; null before the first, and once the delivery is over.</summary>
    public CourierLocation? Location { get; init; }

    /// <summary>What proves the hand-over, as far as it is known.</summary>
    public DeliveryProof Proof { get; init; } = DeliveryProof.None;

    /// <summary>True when it is delivered and a proof that the policy asks for is still to come.</summary>
    public bool ProofPending { get; init; }

    /// <summary>True once the missing proof was asked for.</summary>
    public bool ProofChased { get; init; }

    /// <summary>Why a person has to look at it, as an upper-case word; null when nobody has to.</summary>
    public string? ReviewReason { get; init; }

    /// <summary>True when the flowers were still at the shop an hour before the end of the window.</summary>
    public bool AtRisk { get; init; }

    /// <summary>The given name of who brings the flowers; null when the courier has not told.</summary>
    public string? DriverName { get; init; }

    /// <summary>The courier that is asked to take it; null when none is.</summary>
    public DeliveryOffer? Offer { get; init; }

    /// <summary>True once the promised window had passed with the flowers not delivered.</summary>
    public bool Late { get; init; }

    /// <summary>True after four hours without news beyond the window. News clears it.</summary>
    public bool Stalled { get; init; }

    /// <summary>Kinds of notices that have gone out: each goes out at most once.</summary>
    public Notices Notified { get; init; } = Notices.None;

    /// <summary>When we last heard of it; the time of creation before the first report.</summary>
    public DateTimeOffset LastNewsAt { get; init; }

    /// <summary>The delivery that this one repeats; null for a first one.</summary>
    public DeliveryId? PreviousDelivery { get; init; }

    /// <summary>Counts changes other than of position; the etag of the resource.</summary>
    public int Revision { get; init; } = 1;

    /// <summary>Number of the current leg, 0 before the first assignment.</summary>
    [JsonIgnore]
    public int Leg => LegCouriers.Length;

    /// <summary>The courier of the current leg, open or closed; null before the first.</summary>
    [JsonIgnore]
    public CourierId? Courier => LegCouriers.IsEmpty ? null : LegCouriers[^1];

    /// <summary>True when a person has to look at it.</summary>
    [JsonIgnore]
    public bool NeedsReview => ReviewReason is not null;

    /// <summary>
    /// True while the courier expects to come after the promised window, or has not collected what it should have.
    /// </summary>
    [JsonIgnore]
    public bool LateRisk => !State.IsTerminal() && (AtRisk || (Eta is { } eta && eta.Latest > Policy.Window.Until));

    /// <summary>The revision as an etag (RFC 7232, quoted).</summary>
    [JsonIgnore]
    public string Etag => $"\"{Revision}\"";

    /// <summary>The step's entry; null when it has not happened, as far as is known.</summary>
    /// <param name="kind">Which step.</param>
    /// <param name="attempt">Of which attempt; steps that happen once are kept under attempt 1.</param>
    public Milestone? Reached(MilestoneKind kind, int attempt = 1)
    {
        foreach (Milestone milestone in Milestones)
        {
            if (milestone.Kind == kind && milestone.Attempt == attempt)
            {
                return milestone;
            }
        }

        return null;
    }
}

/// <summary>Steps of a delivery that are kept with their time.</summary>
public enum MilestoneKind
{
    /// <summary>The courier of the current leg was assigned.</summary>
    Assign,

    /// <summary>The courier took the flowers from the shop.</summary>
    Collect,

    /// <summary>The courier was about a minute away.</summary>
    NearDropoff,

    /// <summary>The courier was at the address.</summary>
    Arrive,

    /// <summary>An attempt failed.</summary>
    AttemptFail,

    /// <summary>The way back to the shop began.</summary>
    Return,

    /// <summary>It reached a terminal state.</summary>
    Complete,
}

/// <summary>One step that a delivery has taken.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Attempt">Of which attempt; <see cref="MilestoneKind.Assign"/>, Collect and Complete are kept under
/// 1.</param>
/// <param name="At">When it happened, by the courier's clock, to the millisecond; for an inferred one, the time of the
/// report that implied it.</param>
/// <param name="Inferred">True when no report told of it, but a later step cannot have happened without it.</param>
[JsonConverter(typeof(MilestoneConverter))]
public sealed record Milestone(MilestoneKind Kind, int Attempt, DateTimeOffset At, bool Inferred);

/// <summary>A promised span of time, half-open.</summary>
/// <param name="From">Not before.</param>
/// <param name="Until">Before this instant.</param>
public sealed record DeliveryWindow(DateTimeOffset From, DateTimeOffset Until);

/// <summary>When a courier expects to be at the door.</summary>
/// <param name="Earliest">Not earlier.</param>
/// <param name="Latest">Not later.</param>
/// <param name="ToldAt">When the courier estimated it; a later estimate replaces it.</param>
public sealed record EtaWindow(DateTimeOffset Earliest, DateTimeOffset Latest, DateTimeOffset ToldAt);

/// <summary>A courier is asked to take a delivery.</summary>
/// <param name="Courier">Which.</param>
/// <param name="ExpiresAt">Until when it may say so.</param>
public sealed record DeliveryOffer(CourierId Courier, DateTimeOffset ExpiresAt);

/// <summary>Where a courier was.</summary>
/// <param name="Latitude">Degrees north, -90 to +90.</param>
/// <param name="Longitude">Degrees east, -180 to +180.</param>
/// <param name="At">When, by the courier's clock.</param>
public sealed record CourierLocation(double Latitude, double Longitude, DateTimeOffset At);

/// <summary>What was agreed about a delivery when its order was placed.</summary>
public sealed record DeliveryPolicy
{
    /// <summary>The promised window.</summary>
    public DeliveryWindow Window { get; init; } = new(DateTimeOffset.MinValue, DateTimeOffset.MaxValue);

    /// <summary>True when arriving after the window is as bad as not at all: a funeral, a ceremony.</summary>
    public bool WindowIsHard { get; init; }

    /// <summary>From this instant on the flowers are not worth delivering; null for no such limit.</summary>
    public DateTimeOffset? FreshUntil { get; init; }

    /// <summary>At most so many attempts, 1 to 3.</summary>
    public int AttemptsMax { get; init; } = 2;

    /// <summary>True when the flowers may be left in a safe place.</summary>
    public bool UnattendedAllowed { get; init; } = true;

    /// <summary>True when a neighbour may take the flowers.</summary>
    public bool NeighborAllowed { get; init; } = true;

    /// <summary>True when the recipient has to show the courier a code. The code itself is never ours.</summary>
    public bool PinRequired { get; init; }

    /// <summary>True when the courier has to check the flowers against the order as it collects them.</summary>
    public bool PickupCheckRequired { get; init; }
}

/// <summary>What proves a hand-over. Images live elsewhere; here are their addresses.</summary>
public sealed record DeliveryProof
{
    /// <summary>Nothing yet.</summary>
    public static readonly DeliveryProof None = new();

    /// <summary>Address of the photo; null for none. At most 200 ASCII characters.</summary>
    public string? PhotoUri { get; init; }

    /// <summary>SHA-256 of the photo, 64 lower-case hexadecimal digits; null for none.</summary>
    public string? PhotoSha256 { get; init; }

    /// <summary>Address of the image of a signature; null for none. At most 200 ASCII characters.</summary>
    public string? SignatureUri { get; init; }

    /// <summary>
    /// Who signed; null when not told. At most 60 characters. Personal data: for the sender and staff only.
    /// </summary>
    public string? SignedBy { get; init; }

    /// <summary>True when the courier's device accepted the recipient's code.</summary>
    public bool PinVerified { get; init; }

    /// <summary>Where the flowers were left, in words; null when not left or not told. At most 80 characters.</summary>
    public string? SafePlace { get; init; }
}

/// <summary>Kinds of notices about a delivery, as a set.</summary>
[Flags]
public enum Notices
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The flowers are on their way.</summary>
    OutForDelivery = 1,

    /// <summary>The courier is nearly there.</summary>
    NearlyThere = 2,

    /// <summary>The courier is at the address.</summary>
    Arrived = 4,

    /// <summary>Delivered.</summary>
    Delivered = 8,

    /// <summary>An attempt failed.</summary>
    AttemptFailed = 16,

    /// <summary>The flowers are on their way back.</summary>
    Returning = 32,

    /// <summary>The flowers are back at the shop.</summary>
    Returned = 64,

    /// <summary>The flowers are lost or spoilt.</summary>
    Failed = 128,

    /// <summary>The delivery was cancelled.</summary>
    Cancelled = 256,
}
