using Florist.Delivery;
using Florist.Kernel;
using static Florist.Delivery.DeliveryState;

namespace Florist.Tests.Delivery;

public sealed class DispatchRulesTests
{
    private static readonly DateTimeOffset Noon = Deliveries.Noon;

    [Fact]
    public void Every_assignment_begins_a_leg_at_attempt_one()
    {
        DeliveryRecord delivery = Deliveries.Assigned(Deliveries.Other, Deliveries.Swift).Deliveries[0];

        Assert.Equal(
            (2, 1, true, Deliveries.Swift),
            (delivery.Leg, delivery.Attempt, delivery.LegOpen, delivery.Courier));
        Assert.Equal(MilestoneKind.Assign, Assert.Single(delivery.Milestones).Kind);
    }

    [Fact]
    public void A_delivery_is_assigned_eight_times_at_most()
    {
        DeliveryRecord pending = Deliveries.In(Pending) with
        {
            LegCouriers = [.. Enumerable.Repeat(Deliveries.Swift, DispatchRules.LegsMax)],
        };

        Fault fault = Deliveries.Refusal(DispatchRules.Assign(
            pending, new(null, Deliveries.First, Deliveries.Anna, Deliveries.Other, null), Noon));

        Assert.Equal((FaultKind.TooMany, "LEGS_LIMIT"), (fault.Kind, fault.Reason));
    }

    [Theory]
    [InlineData(DeliveryRole.Dispatcher)]
    [InlineData(DeliveryRole.Courier)]
    public void What_has_not_set_out_yet_cannot_set_out_again(DeliveryRole role)
    {
        Fault fault = Deliveries.Refusal(DispatchRules.Reattempt(
            Deliveries.In(Assigned),
            new(null, Deliveries.First, new DeliveryActor(role, "somebody"), null),
            Noon));

        Assert.Equal((FaultKind.Refused, "ILLEGAL_TRANSITION"), (fault.Kind, fault.Reason));
    }

    [Theory]
    [InlineData("swift", null)]
    [InlineData("other", FaultKind.Denied)]
    public void A_courier_gives_back_its_own_leg_alone(string courier, FaultKind? fault)
    {
        Outcome<DeliveryRecord> outcome = DispatchRules.Unassign(
            Deliveries.In(Assigned),
            new(null, Deliveries.First, new DeliveryActor(DeliveryRole.Courier, courier), null, null),
            Noon);

        Assert.Equal(fault, outcome.Fault?.Kind);
    }

    [Theory]
    [InlineData("\"1\"", null)]
    [InlineData(null, null)]
    [InlineData("\"2\"", "ETAG_MISMATCH")]
    public void A_command_upon_another_revision_is_stale(string? etag, string? reason)
    {
        Outcome<DeliveryRecord> outcome = DispatchRules.Cancel(
            Deliveries.In(Assigned), new(null, Deliveries.First, Deliveries.Anna, null, etag), Noon);

        Assert.Equal(reason, outcome.Fault?.Reason);
    }

    [Fact]
    public void Cancelling_closes_the_leg()
    {
        DeliveryRecord cancelled = Deliveries.Value(DispatchRules.Cancel(
            Deliveries.In(Assigned), new(null, Deliveries.First, Deliveries.Anna, null, null), Noon));

        Assert.Equal((Cancelled, false), (cancelled.State, cancelled.LegOpen));
        Assert.Equal(Noon, cancelled.Reached(MilestoneKind.Complete)!.At);
    }

    [Theory]
    [InlineData(AttemptFailed, 2, 3, null)]
    [InlineData(Returning, 2, 3, null)]
    [InlineData(AttemptFailed, 3, 3, "ATTEMPTS_USED_UP")]
    [InlineData(AttemptFailed, 1, 1, "ATTEMPTS_USED_UP")]
    public void Another_attempt_is_ordered_while_attempts_are_left(
        DeliveryState state, int attempt, int attemptsMax, string? reason)
    {
        DeliveryRecord delivery = Deliveries.In(state, attempt) with
        {
            Policy = Deliveries.Policy with { AttemptsMax = attemptsMax },
        };

        Outcome<DeliveryRecord> outcome = DispatchRules.Reattempt(
            delivery, new(null, Deliveries.First, Deliveries.Anna, null), Noon);

        Assert.Equal(reason, outcome.Fault?.Reason);
        Assert.Equal(reason is null ? attempt + 1 : null, outcome.Value?.Attempt);
    }

    [Theory]
    [InlineData(-1, null)]
    [InlineData(0, "NOT_FRESH")]
    public void Another_attempt_needs_flowers_that_are_fresh(int minutes, string? reason)
    {
        DeliveryRecord delivery = Deliveries.In(AttemptFailed) with
        {
            Policy = Deliveries.Policy with { FreshUntil = Noon },
        };

        Outcome<DeliveryRecord> outcome = DispatchRules.Reattempt(
            delivery, new(null, Deliveries.First, Deliveries.Anna, null), Noon + TimeSpan.FromMinutes(minutes));

        Assert.Equal(reason, outcome.Fault?.Reason);
    }

    [Fact]
    public void What_the_courier_claims_after_a_recall_is_looked_at_unless_it_is_the_way_back()
    {
        DeliveryRecord recalled = Deliveries.Value(DispatchRules.Recall(
            Deliveries.In(Arrived),
            new(null, Deliveries.First, Deliveries.Anna, FailureReason.ItemDamaged, "wrong bouquet", null),
            Noon));

        Assert.Equal((Returning, FailureReason.ItemDamaged), (recalled.State, recalled.FailureReason));
        Assert.Equal(Disposition.Conflict, Deliveries.Decide(recalled, Deliveries.Report(Delivered)).Disposition);
        Assert.Equal(Disposition.Applied, Deliveries.Decide(recalled, Deliveries.Report(Returned)).Disposition);
    }

    [Fact]
    public void A_person_may_set_any_state_and_so_ends_the_review()
    {
        DeliveryRecord confused = Deliveries.Decide(Deliveries.In(Returned), Deliveries.Report(Delivered)).After!;

        DeliveryRecord settled = Deliveries.Value(DispatchRules.Reconcile(
            confused,
            new(null, Deliveries.First, Deliveries.Anna, Delivered, DeliveryOutcome.LeftWithNeighbor, "rang her", null),
            Noon));

        Assert.Equal((Delivered, DeliveryOutcome.LeftWithNeighbor), (settled.State, settled.Outcome));
        Assert.Equal((false, false), (settled.NeedsReview, settled.ProofPending));
    }

    [Theory]
    [InlineData(DeliveryRole.Courier, FaultKind.Denied)]
    [InlineData(DeliveryRole.Sender, FaultKind.Denied)]
    [InlineData(DeliveryRole.Shop, FaultKind.Denied)]
    [InlineData(DeliveryRole.Dispatcher, null)]
    public void Only_staff_may_reconcile(DeliveryRole role, FaultKind? fault)
    {
        Outcome<DeliveryRecord> outcome = DispatchRules.Reconcile(
            Deliveries.In(Delivered),
            new(null, Deliveries.First, new DeliveryActor(role, "x"), OutForDelivery, null, "wrong door", null),
            Noon);

        Assert.Equal(fault, outcome.Fault?.Kind);
        Assert.Equal(fault is null ? OutForDelivery : null, outcome.Value?.State);
    }

    [Fact]
    public void A_delivery_set_back_on_the_road_takes_reports_again()
    {
        DeliveryRecord reopened = Deliveries.Value(DispatchRules.Reconcile(
            Deliveries.In(Delivered),
            new(null, Deliveries.First, Deliveries.Anna, OutForDelivery, null, "wrong door", null),
            Noon));

        DeliveryDecision decision = Deliveries.Decide(reopened, Deliveries.Report(Delivered));

        Assert.Equal((Disposition.Applied, Delivered), (decision.Disposition, decision.After!.State));
    }
}
