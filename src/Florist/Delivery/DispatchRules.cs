using Florist.Kernel;

namespace Florist.Delivery;

/// <summary>What people and the order itself may do with a delivery.</summary>
internal static class DispatchRules
{
    public const int LegsMax = 8;
    public const int ReasonLengthMax = 200;

    public static readonly Fault NotOffered = Fault.Denied("the delivery is not offered to this courier");

    public static Outcome<DeliveryRecord> Offer(DeliveryRecord delivery, OfferDelivery command, DateTimeOffset now) =>
        Refusal(delivery, DeliveryState.Assigned, command.By, command.Etag) is { } refusal
            ? refusal
            : delivery with { Offer = new DeliveryOffer(command.Courier, now + command.HoldsFor) };

    public static Outcome<DeliveryRecord> Accept(DeliveryRecord delivery, AcceptOffer command, DateTimeOffset now)
    {
        if (Offered(delivery, command.Courier, now) is { } refusal)
        {
            return refusal;
        }

        DeliveryActor courier = new(DeliveryRole.Courier, command.Courier.Value);
        return Assign(
            delivery, new AssignDelivery(null, command.Delivery, courier, command.Courier, Etag: null), now);
    }

    public static Outcome<DeliveryRecord> Decline(DeliveryRecord delivery, DeclineOffer command, DateTimeOffset now) =>
        Offered(delivery, command.Courier, now) is { } refusal ? refusal : delivery with { Offer = null };

    public static Outcome<DeliveryRecord> Assign(DeliveryRecord delivery, AssignDelivery command, DateTimeOffset now)
    {
        if (Refusal(delivery, DeliveryState.Assigned, command.By, command.Etag) is { } refusal)
        {
            return refusal;
        }

        if (delivery.Leg >= LegsMax)
        {
            return Fault.TooMany("LEGS_LIMIT", $"a delivery can be assigned {LegsMax} times");
        }

        DeliveryRecord after = Forget(delivery) with
        {
            LegCouriers = delivery.LegCouriers.Add(command.Courier),
            LegOpen = true,
            Milestones = [new Milestone(MilestoneKind.Assign, 1, now, Inferred: false)],
        };
        return DeliveryMoves.Enter(after, new(DeliveryState.Assigned, 1), now);
    }

    public static Outcome<DeliveryRecord> Unassign(
        DeliveryRecord delivery, UnassignDelivery command, DateTimeOffset now)
    {
        if (command.By.Role == DeliveryRole.Courier && (!delivery.LegOpen || delivery.Courier?.Value != command.By.Id))
        {
            return Fault.Denied("the leg is not yours");
        }

        return Refusal(delivery, DeliveryState.Pending, command.By, command.Etag) is { } refusal
            ? refusal
            : Close(DeliveryMoves.Enter(delivery, new(DeliveryState.Pending, delivery.Attempt), now));
    }

    public static Outcome<DeliveryRecord> Amend(DeliveryRecord delivery, AmendDelivery command, DateTimeOffset now)
    {
        DeliveryRecord agreed = Forget(delivery) with { Policy = command.Policy, AtRisk = false, Late = false };
        return delivery.State switch
        {
            DeliveryState.Pending => agreed,
            DeliveryState.Assigned =>
                Close(DeliveryMoves.Enter(agreed, new(DeliveryState.Pending, delivery.Attempt), now)),
            _ => Fault.Refused("ILLEGAL_TRANSITION", $"a delivery that is {delivery.State} cannot be agreed anew")
                .With("from", delivery.State.ToString()).With("to", delivery.State.ToString()),
        };
    }

    public static Outcome<DeliveryRecord> Cancel(DeliveryRecord delivery, CancelDelivery command, DateTimeOffset now)
    {
        if (Refusal(delivery, DeliveryState.Cancelled, command.By, command.Etag) is { } refusal)
        {
            return refusal;
        }

        DeliveryStage end = new(DeliveryState.Cancelled, delivery.Attempt);
        return Close(Marked(delivery, end, now));
    }

    public static Outcome<DeliveryRecord> Recall(DeliveryRecord delivery, RecallDelivery command, DateTimeOffset now)
    {
        if (Refusal(delivery, DeliveryState.Returning, command.By, command.Etag) is { } refusal)
        {
            return refusal;
        }

        DeliveryStage back = new(DeliveryState.Returning, delivery.Attempt);
        StateReport told = new() { FailureReason = command.Reason, FailureText = command.Text };
        return DeliveryMoves.Tell(Marked(delivery, back, now), back, told);
    }

    public static Outcome<DeliveryRecord> Reattempt(
        DeliveryRecord delivery, ReattemptDelivery command, DateTimeOffset now)
    {
        if (Refusal(delivery, DeliveryState.OutForDelivery, command.By, command.Etag, nextAttempt: true)
            is { } refusal)
        {
            return refusal;
        }

        if (delivery.Attempt >= delivery.Policy.AttemptsMax)
        {
            return Fault.Refused(AttemptRules.UsedUp, $"{delivery.Policy.AttemptsMax} attempts are allowed")
                .With("attemptsMax", $"{delivery.Policy.AttemptsMax}");
        }

        return AttemptRules.NotWorthIt(delivery.Policy, now) is { } reason
            ? Fault.Refused(reason, "one more attempt would come too late")
            : DeliveryMoves.Enter(delivery, new(DeliveryState.OutForDelivery, delivery.Attempt + 1), now);
    }

    /// <summary>
    /// A person knows better than any rule, so any state may be set; what it needs to make sense is filled in.
    /// </summary>
    public static Outcome<DeliveryRecord> Reconcile(
        DeliveryRecord delivery, ReconcileDelivery command, DateTimeOffset now)
    {
        if (command.By.Role != DeliveryRole.Dispatcher)
        {
            return Fault.Denied("only staff may reconcile a delivery");
        }

        if (Stale(delivery, command.Etag) is { } stale)
        {
            return stale;
        }

        bool needsLeg = command.State is not (DeliveryState.Pending or DeliveryState.Cancelled);
        if (needsLeg && delivery.Leg == 0)
        {
            return Fault.Refused("NO_LEG", "no courier has had this delivery");
        }

        DeliveryRecord after = delivery with
        {
            ReviewReason = null,
            LegOpen = delivery.Leg > 0 && command.State != DeliveryState.Pending,
            Milestones = command.State.IsTerminal()
                ? delivery.Milestones
                : delivery.Milestones.RemoveAll(milestone => milestone.Kind == MilestoneKind.Complete),
        };
        after = Marked(after, new(command.State, delivery.Attempt), now);
        return command.State == DeliveryState.Delivered
            ? DeliveryMoves.Prove(
                after with { Outcome = command.Outcome ?? after.Outcome },
                new StateReport { Outcome = command.Outcome })
            : after with { Outcome = null, ProofPending = false };
    }

    // Whoever had the offer learns that it is over; whoever never had one, nothing.
    private static Fault? Offered(DeliveryRecord delivery, CourierId courier, DateTimeOffset now) =>
        delivery.Offer?.Courier != courier
            ? delivery.Courier == courier
                ? Fault.Refused("OFFER_OVER", "the offer is not open any more")
                : NotOffered
            : delivery.Offer.ExpiresAt <= now
                ? Fault.Refused("OFFER_OVER", "the offer has lapsed")
                : null;

    private static DeliveryRecord Marked(DeliveryRecord delivery, DeliveryStage stage, DateTimeOffset now) =>
        DeliveryMoves.Enter(DeliveryMoves.Mark(delivery, stage, now, inferred: false), stage, now);

    private static DeliveryRecord Close(DeliveryRecord delivery) => Forget(delivery) with { LegOpen = false };

    // Where one courier was and when it would have come says nothing of the next.
    private static DeliveryRecord Forget(DeliveryRecord delivery) =>
        delivery with { Eta = null, Location = null, DriverName = null, Offer = null };

    // Setting out for the first time and setting out again lead to the same state and are not the same move.
    private static Fault? Refusal(
        DeliveryRecord delivery, DeliveryState to, DeliveryActor by, string? etag, bool nextAttempt = false)
    {
        if (Stale(delivery, etag) is { } stale)
        {
            return stale;
        }

        DeliveryTransition? move = DeliveryTransitions.All.FirstOrDefault(
            move => move.From == delivery.State && move.To == to && move.NextAttempt == nextAttempt);
        if (move is null)
        {
            return Fault.Refused("ILLEGAL_TRANSITION", $"a delivery that is {delivery.State} cannot become {to}")
                .With("from", delivery.State.ToString()).With("to", to.ToString());
        }

        return (move.By & by.Role) == 0
            ? Fault.Denied($"{by.Role} may not turn {delivery.State} into {to}")
            : null;
    }

    private static Fault? Stale(DeliveryRecord delivery, string? etag) =>
        etag is null || etag == delivery.Etag ? null : Fault.Stale($"deliveries/{delivery.Id}");
}
