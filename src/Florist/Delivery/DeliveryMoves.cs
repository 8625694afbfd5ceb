using System.Collections.Immutable;

namespace Florist.Delivery;

/// <summary>How a delivery looks after a step: the effects of decisions, without deciding anything.</summary>
internal static class DeliveryMoves
{
    /// <summary>The delivery after a reported step, with the steps in between that nobody reported.</summary>
    public static DeliveryRecord Step(
        DeliveryRecord delivery,
        DeliveryStage to,
        StateReport report,
        ImmutableArray<DeliveryStage> skipped,
        DateTimeOffset at)
    {
        DeliveryRecord after = delivery;
        foreach (DeliveryStage stage in skipped)
        {
            after = Mark(after, stage, at, inferred: true);
        }

        return Enter(Tell(Mark(after, to, at, inferred: false), to, report), to, at);
    }

    /// <summary>The delivery in another stage, with what no longer holds there taken away.</summary>
    public static DeliveryRecord Enter(DeliveryRecord delivery, DeliveryStage to, DateTimeOffset at)
    {
        bool estimateHolds = to.State.Rank() <= DeliveryState.Arrived.Rank()
            && (to.Attempt == delivery.Attempt || (delivery.Eta is { } eta && eta.ToldAt > at));
        return delivery with
        {
            State = to.State,
            Attempt = to.Attempt,
            Eta = estimateHolds ? delivery.Eta : null,
            AtRisk = delivery.AtRisk && to.State.Rank() < DeliveryState.OutForDelivery.Rank(),
            Location = to.State.IsTerminal() ? null : delivery.Location,
        };
    }

    /// <summary>Keeps the time of a step, unless a report already told it.</summary>
    public static DeliveryRecord Mark(DeliveryRecord delivery, DeliveryStage stage, DateTimeOffset at, bool inferred) =>
        MilestoneOf(stage) is var (kind, attempt) ? Mark(delivery, kind, attempt, at, inferred) : delivery;

    /// <summary>Keeps the time of a milestone, unless a report already told it.</summary>
    public static DeliveryRecord Mark(
        DeliveryRecord delivery, MilestoneKind kind, int attempt, DateTimeOffset at, bool inferred)
    {
        Milestone? known = delivery.Reached(kind, attempt);
        if (known is not null && (inferred || !known.Inferred))
        {
            return delivery;
        }

        Milestone told = new(kind, attempt, at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMillisecond)), inferred);
        return delivery with
        {
            Milestones = known is null
                ? delivery.Milestones.Add(told)
                : delivery.Milestones.Replace(known, told),
        };
    }

    /// <summary>Takes from a report what it tells beside the step: why it failed, how it was handed over.</summary>
    public static DeliveryRecord Tell(DeliveryRecord delivery, DeliveryStage stage, StateReport report)
    {
        DeliveryRecord after = delivery;
        int step = (stage.Attempt * 10) + stage.State.Rank();
        after = report.DriverName is { } driver ? after with { DriverName = driver } : after;
        if (report.FailureReason is { } reason && step >= delivery.FailureStep)
        {
            after = after with { FailureReason = reason, FailureText = report.FailureText, FailureStep = step };
        }

        return stage.State == DeliveryState.Delivered ? Prove(after, report) : after;
    }

    /// <summary>Takes outcome and proof where they are still missing.</summary>
    public static DeliveryRecord Prove(DeliveryRecord delivery, StateReport report)
    {
        DeliveryProof told = report.Proof ?? DeliveryProof.None;
        DeliveryProof known = delivery.Proof;
        DeliveryRecord after = delivery with
        {
            Outcome = delivery.Outcome ?? report.Outcome,
            Proof = known with
            {
                PhotoUri = known.PhotoUri ?? told.PhotoUri,
                PhotoSha256 = known.PhotoUri is null ? told.PhotoSha256 : known.PhotoSha256,
                SignatureUri = known.SignatureUri ?? told.SignatureUri,
                SignedBy = known.SignedBy ?? told.SignedBy,
                PinVerified = known.PinVerified || told.PinVerified,
                SafePlace = known.SafePlace ?? told.SafePlace,
            },
        };
        return after with { ProofPending = LacksProof(after) };
    }

    // A code can only be asked of a person; a photo is what proves that something was left.
    private static bool LacksProof(DeliveryRecord delivery) => delivery.Outcome switch
    {
        null => true,
        { } outcome when outcome.IsUnattended() => delivery.Proof.PhotoUri is null,
        _ => delivery.Policy.PinRequired && !delivery.Proof.PinVerified,
    };

    // The flowers are collected once; the way out of a later attempt is no milestone of its own.
    private static (MilestoneKind Kind, int Attempt)? MilestoneOf(DeliveryStage stage) => stage.State switch
    {
        DeliveryState.Pending => null,
        DeliveryState.Assigned => (MilestoneKind.Assign, 1),
        DeliveryState.OutForDelivery => stage.Attempt == 1 ? (MilestoneKind.Collect, 1) : null,
        DeliveryState.Arrived => (MilestoneKind.Arrive, stage.Attempt),
        DeliveryState.AttemptFailed => (MilestoneKind.AttemptFail, stage.Attempt),
        DeliveryState.Returning => (MilestoneKind.Return, stage.Attempt),
        _ => (MilestoneKind.Complete, 1),
    };
}
