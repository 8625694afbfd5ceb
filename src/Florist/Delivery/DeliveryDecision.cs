using Florist.Kernel;

namespace Florist.Delivery;

/// <summary>What the rules make of one report.</summary>
internal sealed record DeliveryDecision
{
    /// <summary>What becomes of it.</summary>
    public required Disposition Disposition { get; init; }

    /// <summary>Number of the rule that decided, 1 to 16; 0 for estimates, positions and notes.</summary>
    public required int Rule { get; init; }

    /// <summary>The delivery after it; unchanged where there is no effect, null only where there is none.</summary>
    public required DeliveryRecord? After { get; init; }

    /// <summary>When it happened, clamped to the time of receipt.</summary>
    public DateTimeOffset OccurredAt { get; init; }

    public ReportFlags Flags { get; init; } = ReportFlags.None;

    public string? Reason { get; init; }

    public Fault? Fault { get; init; }

    /// <summary>For a duplicate: how the first was decided.</summary>
    public SeenEvent? First { get; init; }

    /// <summary>The notice that it calls for.</summary>
    public Notices Notice { get; init; } = Notices.None;

    /// <summary>The change to publish; null for none.</summary>
    public DeliveryChangeKind? Change { get; init; }

    /// <summary>True when it goes into the durable history, and with it into the memory of events.</summary>
    public bool Kept { get; init; }

    public ReportAnswer ToAnswer(string eventId) => new()
    {
        EventId = eventId,
        Disposition = Disposition,
        First = First?.Disposition,
        Flags = First?.Flags ?? Flags,
        Reason = First?.Reason ?? Reason,
        Fault = Fault,
        State = Disposition == Disposition.Rejected ? null : After?.State,
    };
}
