namespace Florist.Delivery;

/// <summary>
/// What a courier says about one delivery, as it came in: nothing in it is checked yet. Exactly one of
/// <see cref="State"/>, <see cref="Eta"/>, <see cref="Location"/> and <see cref="Note"/> ought to be there.
/// </summary>
public sealed record CourierReport
{
    /// <summary>The courier that speaks, as the edge found out; never taken from the message.</summary>
    public CourierId Courier { get; init; } = new("");

    /// <summary>
    /// Chosen by the courier and unique among its events for ever; 1 to 64 printable ASCII characters.
    /// </summary>
    public string EventId { get; init; } = "";

    /// <summary>Which delivery of the order.</summary>
    public DeliveryId Delivery { get; init; } = new("");

    /// <summary>Which leg, from 1.</summary>
    public int Leg { get; init; }

    /// <summary>Which attempt, from 1; 0 when the courier does not count them.</summary>
    public int Attempt { get; init; }

    /// <summary>When it happened, by the clock of the courier's device; null when left out, which is a fault.</summary>
    public DateTimeOffset? OccurTime { get; init; }

    /// <summary>
    /// True when <see cref="OccurTime"/> is only when we received it, since the courier tells no times; else null. A
    /// repeat may then have another time and is the same event all the same.
    /// </summary>
    public bool? TimeIsOurs { get; init; }

    /// <summary>Which way it came.</summary>
    public ReportSource Source { get; init; } = ReportSource.Stream;

    /// <summary>The courier's own word for it, kept as it is; null when it gave none. At most 128 characters.</summary>
    public string? RawStatus { get; init; }

    /// <summary>A step taken; null in other reports.</summary>
    public StateReport? State { get; init; }

    /// <summary>A new estimate; null in other reports.</summary>
    public EtaReport? Eta { get; init; }

    /// <summary>A position; null in other reports.</summary>
    public LocationReport? Location { get; init; }

    /// <summary>A remark for the shop, at most 500 characters; null in other reports.</summary>
    public string? Note { get; init; }
}

/// <summary>Ways in which reports reach us.</summary>
public enum ReportSource
{
    /// <summary>The courier's stream.</summary>
    Stream,

    /// <summary>A unary batch.</summary>
    Unary,

    /// <summary>A webhook that an adapter translated.</summary>
    Webhook,

    /// <summary>Typed in by staff on the courier's behalf.</summary>
    Manual,
}

/// <summary>A step that a delivery has taken.</summary>
public sealed record StateReport
{
    /// <summary>The state it is in now; null when the courier's word for it is not one of ours.</summary>
    public DeliveryState? State { get; init; }

    /// <summary>For <see cref="DeliveryState.Delivered"/>: how; null when not known yet.</summary>
    public DeliveryOutcome? Outcome { get; init; }

    /// <summary>For failed attempts, returns and losses: why. Required there.</summary>
    public FailureReason? FailureReason { get; init; }

    /// <summary>
    /// The courier's words to the reason; required with <see cref="FailureReason.Other"/>. At most 80 characters.
    /// </summary>
    public string? FailureText { get; init; }

    /// <summary>For <see cref="DeliveryState.Delivered"/>: what proves it; null when it comes later.</summary>
    public DeliveryProof? Proof { get; init; }

    /// <summary>For <see cref="DeliveryState.OutForDelivery"/>: the flowers were checked against the order.</summary>
    public bool PickupChecked { get; init; }

    /// <summary>The given name of who brings the flowers; null when not told. At most 40 characters.</summary>
    public string? DriverName { get; init; }
}

/// <summary>A new estimate of the arrival.</summary>
public sealed record EtaReport
{
    /// <summary>Not earlier; null is a fault.</summary>
    public DateTimeOffset? Earliest { get; init; }

    /// <summary>Not later; null is a fault.</summary>
    public DateTimeOffset? Latest { get; init; }

    /// <summary>True when the courier is about a minute away.</summary>
    public bool NearDropoff { get; init; }
}

/// <summary>A position.</summary>
/// <param name="Latitude">Degrees north, -90 to +90.</param>
/// <param name="Longitude">Degrees east, -180 to +180.</param>
public sealed record LocationReport(double Latitude, double Longitude);
