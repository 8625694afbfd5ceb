using System.Collections.Immutable;
using Florist.Kernel;

namespace Florist.Delivery;

/// <summary>
/// What a courier's report means for a delivery. Reports come late, twice and in any order, from clocks that are wrong;
/// leg and attempt, which we issue, and the rank of the state say what belongs where. The clock only decides whether
/// a person looks. The numbers are those of the published rules: the first rule that fits decides.
/// </summary>
internal static class DeliveryRules
{
    public static readonly TimeSpan ClockAheadMax = TimeSpan.FromMinutes(2);

    /// <summary>
    /// So much later than the end may a courier's own correction be dated before somebody looks at it.
    /// </summary>
    public static readonly TimeSpan CorrectionTolerance = TimeSpan.FromMinutes(5);

    public const string LegUnknown = "LEG_UNKNOWN";

    public static readonly Fault UnknownDelivery =
        Fault.Invalid("event.delivery", "UNKNOWN_DELIVERY", "names no delivery of an order");

    /// <summary>Decides one report.</summary>
    /// <param name="delivery">The delivery that it names; null when there is none.</param>
    /// <param name="report">The report, not checked.</param>
    /// <param name="seen">Events decided before.</param>
    /// <param name="now">The time of receipt.</param>
    public static DeliveryDecision Decide(
        DeliveryRecord? delivery, CourierReport report, SeenEvents seen, DateTimeOffset now)
    {
        if (delivery is not null && report.Leg >= 1 && report.Leg <= delivery.Leg
            && delivery.LegCouriers[report.Leg - 1] != report.Courier)
        {
            return Rejected(1, delivery, Fault.Denied("the leg is not yours"));
        }

        Fault? mistake = delivery is null
            ? UnknownDelivery
            : ReportChecks.Find(report);
        if (delivery is null || mistake is not null || report.OccurTime is not { } occurTime)
        {
            return Rejected(2, delivery, mistake ?? Fault.Invalid("event.occur_time", "REQUIRED", "is required"));
        }

        if (seen.Find(report.Courier, report.EventId, now) is { } first)
        {
            return first.Hash == SeenEvents.HashOf(report)
                ? new DeliveryDecision
                {
                    Disposition = Disposition.Duplicate,
                    Rule = 3,
                    After = delivery,
                    First = first,
                }
                : Rejected(4, delivery, Fault.Invalid(
                    "event.event_id", "EVENT_ID_REUSED", "was used before, for another event"));
        }

        bool skewed = occurTime > now + ClockAheadMax;
        DateTimeOffset at = skewed ? now : occurTime;
        DeliveryDecision decision = DecideLeg(delivery, report, at, now);
        return decision with
        {
            OccurredAt = at,
            Flags = decision.Flags | (skewed ? ReportFlags.ClockSkew : ReportFlags.None),
        };
    }

    private static DeliveryDecision DecideLeg(
        DeliveryRecord delivery, CourierReport report, DateTimeOffset at, DateTimeOffset now)
    {
        bool claimsCustody = report.State?.State?.ClaimsCustody() ?? false;
        if (report.Leg < delivery.Leg)
        {
            return Kept(Disposition.Stale, 6, delivery);
        }

        if (report.Leg > delivery.Leg)
        {
            return Rejected(8, delivery, Fault.Refused(LegUnknown, $"leg {report.Leg} was not issued")
                .With("leg", $"{report.Leg}"));
        }

        if (!delivery.LegOpen)
        {
            // What claims no flowers on a leg that is over is as stale as a report on an earlier leg.
            return claimsCustody
                ? Conflict(7, delivery, "CUSTODY_ON_CLOSED_LEG", now)
                : Kept(Disposition.Stale, 6, delivery);
        }

        return report.State is { State: { } state } step
            ? DecideStep(delivery, step, new(state, report.Attempt == 0 ? delivery.Attempt : report.Attempt), at, now)
            : SideReports.Decide(delivery, report, at, now);
    }

    private static DeliveryDecision DecideStep(
        DeliveryRecord delivery, StateReport report, DeliveryStage told, DateTimeOffset at, DateTimeOffset now)
    {
        DeliveryStage current = new(delivery.State, delivery.Attempt);
        if (told == current)
        {
            return Merged(delivery, told, report, now);
        }

        if (delivery.State.IsTerminal())
        {
            return DecideAfterEnd(delivery, report, told, at, now);
        }

        if (IsAhead(told, current))
        {
            return DecideAhead(delivery, report, told, at, now);
        }

        // Nothing follows a terminal state: told of an earlier attempt it is no earlier step, it is a contradiction.
        return told.State.IsTerminal()
            ? Conflict(16, delivery, "ENDED_EARLIER", now)
            : Backfilled(15, delivery, report, told, at, now);
    }

    private static DeliveryDecision DecideAfterEnd(
        DeliveryRecord delivery, StateReport report, DeliveryStage told, DateTimeOffset at, DateTimeOffset now)
    {
        if (delivery.State == DeliveryState.Cancelled && told.State.ClaimsCustody())
        {
            return Conflict(10, delivery, "CUSTODY_AFTER_CANCEL", now);
        }

        if (told.State.IsTerminal() && told.State != delivery.State)
        {
            return Conflict(11, delivery, "END_CONTRADICTED", now);
        }

        bool corrects = told.Attempt == delivery.Attempt
            && told.State is DeliveryState.AttemptFailed or DeliveryState.Returning
            && delivery.Reached(MilestoneKind.Complete) is { } end && at > end.At + CorrectionTolerance;
        return told.Attempt > delivery.Attempt || corrects
            ? Conflict(12, delivery, "WENT_ON_AFTER_END", now)
            : Backfilled(13, delivery, report, told, at, now);
    }

    private static DeliveryDecision DecideAhead(
        DeliveryRecord delivery, StateReport report, DeliveryStage told, DateTimeOffset at, DateTimeOffset now)
    {
        DeliveryStage current = new(delivery.State, delivery.Attempt);
        if (told.Attempt > delivery.Policy.AttemptsMax)
        {
            return Conflict(16, delivery, AttemptRules.UsedUp, now);
        }

        if (!DeliveryPaths.Lead(current, told, out ImmutableArray<DeliveryStage> skipped))
        {
            return Conflict(16, delivery, "ILLEGAL_TRANSITION", now);
        }

        // Flowers that are taken out once more must be worth it; a step beyond that is a fact, not a plan.
        bool setsOut = told.Attempt > delivery.Attempt
            && told.State is DeliveryState.OutForDelivery or DeliveryState.Arrived;
        if (setsOut && AttemptRules.NotWorthIt(delivery.Policy, at) is { } reason)
        {
            return Conflict(16, delivery, reason, now);
        }

        DeliveryRecord after = Heard(DeliveryMoves.Step(delivery, told, report, skipped, at), now);
        after = PolicyBreach(delivery, after, report) is { } breach ? Reviewed(after, breach) : after;
        Notices notice = NoticeRules.For(delivery, told.State, at, now);
        after = after with { Notified = after.Notified | notice };
        return Kept(Disposition.Applied, 14, after) with
        {
            Change = DeliveryChangeKind.State,
            Notice = notice,
            Reason = after.ReviewReason != delivery.ReviewReason ? after.ReviewReason : null,
            Flags = FlagsOf(delivery, after),
        };
    }

    // (attempt, rank) is a total order of the steps of a leg, but for terminal states, which share a rank.
    private static bool IsAhead(DeliveryStage told, DeliveryStage current) => told.Attempt != current.Attempt
        ? told.Attempt > current.Attempt
        : told.State.Rank() > current.State.Rank();

    private static DeliveryDecision Merged(
        DeliveryRecord delivery, DeliveryStage told, StateReport report, DateTimeOffset now)
    {
        DeliveryRecord after = Heard(DeliveryMoves.Tell(delivery, told, report), now);
        bool proved = after.Outcome != delivery.Outcome || after.Proof != delivery.Proof;
        after = proved && PolicyBreach(delivery, after, report) is { } breach ? Reviewed(after, breach) : after;
        return Kept(Disposition.NoOp, 9, after) with
        {
            Change = proved ? DeliveryChangeKind.Proof : null,
            Flags = FlagsOf(delivery, after),
        };
    }

    private static DeliveryDecision Backfilled(
        int rule,
        DeliveryRecord delivery,
        StateReport report,
        DeliveryStage told,
        DateTimeOffset at,
        DateTimeOffset now)
    {
        DeliveryRecord after = DeliveryMoves.Mark(delivery, told, at, inferred: false);
        after = told.State == delivery.State ? after : DeliveryMoves.Tell(after, told, report);
        return Kept(Disposition.Backfilled, rule, Heard(after, now));
    }

    private static DeliveryDecision Conflict(int rule, DeliveryRecord delivery, string reason, DateTimeOffset now) =>
        Kept(Disposition.Conflict, rule, Heard(Reviewed(delivery, reason), now)) with
        {
            Reason = reason,
            Flags = ReportFlags.NeedsReview,
            Change = delivery.NeedsReview ? null : DeliveryChangeKind.Review,
        };

    private static DeliveryDecision Kept(Disposition disposition, int rule, DeliveryRecord after) =>
        new() { Disposition = disposition, Rule = rule, After = after, Kept = true };

    private static DeliveryDecision Rejected(int rule, DeliveryRecord? delivery, Fault fault) => new()
    {
        Disposition = Disposition.Rejected,
        Rule = rule,
        After = delivery,
        Reason = fault.Reason,
        Fault = fault,
    };

    // What the flowers' fate was stands whether or not it was agreed; that it was not agreed, somebody must look at.
    private static string? PolicyBreach(DeliveryRecord before, DeliveryRecord after, StateReport report) =>
        (report.State, after.Outcome) switch
        {
            (DeliveryState.OutForDelivery, _) when after.Policy.PickupCheckRequired && !report.PickupChecked
                => "PICKUP_UNCHECKED",
            (_, DeliveryOutcome.LeftInSafePlace) when before.Outcome is null
                && (!after.Policy.UnattendedAllowed || after.Policy.PinRequired)
                => "POLICY_BREACHED",
            (_, DeliveryOutcome.LeftWithNeighbor) when before.Outcome is null && !after.Policy.NeighborAllowed
                => "POLICY_BREACHED",
            _ => null,
        };

    private static DeliveryRecord Reviewed(DeliveryRecord delivery, string reason) =>
        delivery with { ReviewReason = delivery.ReviewReason ?? reason };

    private static DeliveryRecord Heard(DeliveryRecord delivery, DateTimeOffset now) =>
        delivery with { LastNewsAt = now, Stalled = false };

    private static ReportFlags FlagsOf(DeliveryRecord before, DeliveryRecord after) =>
        (after.ReviewReason != before.ReviewReason ? ReportFlags.NeedsReview : ReportFlags.None)
        | (after.ProofPending ? ReportFlags.ProofPending : ReportFlags.None);
}
