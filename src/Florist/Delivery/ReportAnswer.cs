using Florist.Kernel;

namespace Florist.Delivery;

/// <summary>What became of a courier's report.</summary>
public enum Disposition
{
    /// <summary>It changed the delivery.</summary>
    Applied,

    /// <summary>It told of an earlier step of a delivery that is further on; the step's time is kept.</summary>
    Backfilled,

    /// <summary>It told what was known already; a missing outcome or proof was taken from it.</summary>
    NoOp,

    /// <summary>The same event was decided before; <see cref="ReportAnswer.First"/> says how.</summary>
    Duplicate,

    /// <summary>It belongs to a leg, or an estimate, that does not count any more. Kept, without effect.</summary>
    Stale,

    /// <summary>It contradicts what is known. Kept, without effect; a person looks at it.</summary>
    Conflict,

    /// <summary>It can never be accepted as it is. Sending it again will not help.</summary>
    Rejected,
}

/// <summary>Remarks on a report, as a set.</summary>
[Flags]
public enum ReportFlags
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The device's clock was more than two minutes ahead; the time of receipt was taken.</summary>
    ClockSkew = 1,

    /// <summary>A person has to look at the delivery because of it.</summary>
    NeedsReview = 2,

    /// <summary>Delivered, and a proof that the policy asks for is still to come.</summary>
    ProofPending = 4,
}

/// <summary>The answer to one report.</summary>
public sealed record ReportAnswer
{
    /// <summary>The event that is answered.</summary>
    public string EventId { get; init; } = "";

    /// <summary>What became of it.</summary>
    public Disposition Disposition { get; init; }

    /// <summary>For <see cref="Disposition.Duplicate"/>: what became of it the first time; else null.</summary>
    public Disposition? First { get; init; }

    /// <summary>Remarks; for a duplicate, those of the first time.</summary>
    public ReportFlags Flags { get; init; } = ReportFlags.None;

    /// <summary>Why, as an upper-case word; null where the disposition says it all.</summary>
    public string? Reason { get; init; }

    /// <summary>For <see cref="Disposition.Rejected"/>: the refusal; else null.</summary>
    public Fault? Fault { get; init; }

    /// <summary>The delivery's state after it; null when rejected.</summary>
    public DeliveryState? State { get; init; }
}
