using Florist.Delivery;
using Florist.Kernel;
using static Florist.Delivery.DeliveryState;

namespace Florist.Tests.Delivery;

public sealed partial class DeliveryRulesTests
{
    private static readonly DateTimeOffset Noon = Deliveries.Noon;

    [Fact]
    public void Rule_1_refuses_a_courier_on_a_leg_that_is_not_its_own_before_it_looks_at_anything_else()
    {
        CourierReport foreign =
            Deliveries.Report(Delivered) with { Courier = Deliveries.Other, EventId = "", OccurTime = null };

        DeliveryDecision decision = Deliveries.Decide(Deliveries.In(Assigned), foreign);

        Assert.Equal(
            (Disposition.Rejected, 1, FaultKind.Denied),
            (decision.Disposition, decision.Rule, decision.Fault!.Kind));
        Assert.Equal((false, Assigned), (decision.Kept, decision.After!.State));
    }

    [Fact]
    public void Rule_1_holds_for_the_couriers_of_earlier_legs_each_on_its_own()
    {
        DeliveryRecord second = Deliveries.In(Assigned) with { LegCouriers = [Deliveries.Other, Deliveries.Swift] };
        CourierReport onFirst = Deliveries.Report(OutForDelivery);

        Assert.Equal(1, Deliveries.Decide(second, onFirst).Rule);
        Assert.Equal(6, Deliveries.Decide(second, onFirst with { Courier = Deliveries.Other }).Rule);
        Assert.Equal(1, Deliveries.Decide(second, onFirst with { Courier = Deliveries.Other, Leg = 2 }).Rule);
        Assert.Equal(14, Deliveries.Decide(second, onFirst with { Leg = 2 }).Rule);
    }

    [Fact]
    public void Rule_2_rejects_a_report_on_an_unknown_delivery()
    {
        DeliveryDecision decision = Deliveries.Decide(null, Deliveries.Report(Delivered));

        Assert.Equal(
            (Disposition.Rejected, 2, "UNKNOWN_DELIVERY"),
            (decision.Disposition, decision.Rule, decision.Reason));
        Assert.Equal(FaultKind.Invalid, decision.Fault!.Kind);
    }

    [Fact]
    public void Rule_2_rejects_what_cannot_be_understood_and_keeps_it_out_of_the_history()
    {
        DeliveryDecision decision = Deliveries.Decide(
            Deliveries.In(Assigned), Deliveries.Report(Assigned) with { State = null });

        Assert.Equal(
            (Disposition.Rejected, 2, "UNKNOWN_REPORT"),
            (decision.Disposition, decision.Rule, decision.Reason));
        Assert.False(decision.Kept);
    }

    [Fact]
    public void Rule_3_answers_a_repeat_with_the_first_answer_and_has_no_second_effect()
    {
        DeliveryBook book = Deliveries.Assigned(Deliveries.Swift);
        CourierReport report = Deliveries.Report(OutForDelivery, at: Noon + TimeSpan.FromHours(1));
        DeliveryStep<ReportAnswer> first = book.Report(report, Noon, Effects.None);

        DeliveryStep<ReportAnswer> again = first.Book.Report(
            report with { Source = ReportSource.Webhook }, Noon + TimeSpan.FromDays(1), Effects.None);

        Assert.Equal((Disposition.Duplicate, Disposition.Applied), (again.Answer.Disposition, again.Answer.First));
        Assert.Equal(ReportFlags.ClockSkew, again.Answer.Flags);
        Assert.False(again.Changed);
        Assert.Empty(again.Effects.Pending);
        Assert.Empty(again.Effects.Rows);
    }

    [Fact]
    public void Rule_3_comes_before_the_rules_about_legs()
    {
        DeliveryBook book = Deliveries.Assigned(Deliveries.Swift);
        book = book.Report(Deliveries.Report(Assigned), Noon, Effects.None).Book;
        book = Deliveries.Reassigned(book, Deliveries.Other);

        ReportAnswer again = book.Report(Deliveries.Report(Assigned), Noon, Effects.None).Answer;

        Assert.Equal((Disposition.Duplicate, Disposition.NoOp), (again.Disposition, again.First));
    }

    [Fact]
    public void Rule_4_rejects_another_payload_under_a_known_event_id()
    {
        DeliveryBook book = Deliveries.Assigned(Deliveries.Swift)
            .Report(Deliveries.Report(OutForDelivery), Noon, Effects.None).Book;

        DeliveryStep<ReportAnswer> reused = book.Report(
            Deliveries.Report(Arrived) with { EventId = "OutForDelivery-1" }, Noon, Effects.None);

        Assert.Equal((Disposition.Rejected, "EVENT_ID_REUSED"), (reused.Answer.Disposition, reused.Answer.Reason));
        Assert.False(reused.Changed);
    }

    [Theory]
    [InlineData(120, false)]
    [InlineData(121, true)]
    [InlineData(-172_800, false)]
    public void Rule_5_takes_the_time_of_receipt_when_the_device_is_more_than_two_minutes_ahead(
        int seconds, bool clamps)
    {
        DateTimeOffset told = Noon + TimeSpan.FromSeconds(seconds);

        DeliveryDecision decision =
            Deliveries.Decide(Deliveries.In(Assigned), Deliveries.Report(OutForDelivery, at: told));

        Assert.Equal(Disposition.Applied, decision.Disposition);
        Assert.Equal(clamps, decision.Flags.HasFlag(ReportFlags.ClockSkew));
        Assert.Equal(clamps ? Noon : told, decision.OccurredAt);
        Assert.Equal(clamps ? Noon : told, decision.After!.Reached(MilestoneKind.Collect)!.At);
    }

    [Theory]
    [InlineData(OutForDelivery)]
    [InlineData(Delivered)]
    public void Rule_6_keeps_a_report_of_an_earlier_leg_without_effect(DeliveryState told)
    {
        DeliveryRecord second = Deliveries.In(Assigned) with { LegCouriers = [Deliveries.Swift, Deliveries.Swift] };

        DeliveryDecision decision = Deliveries.Decide(second, Deliveries.Report(told));

        Assert.Equal((Disposition.Stale, 6, true), (decision.Disposition, decision.Rule, decision.Kept));
        Assert.Equal(second, decision.After);
    }

    [Theory]
    [InlineData(Pending, OutForDelivery, Disposition.Conflict, 7)]
    [InlineData(Pending, Delivered, Disposition.Conflict, 7)]
    [InlineData(Cancelled, Arrived, Disposition.Conflict, 7)]
    [InlineData(Pending, Assigned, Disposition.Stale, 6)]
    public void Rule_7_has_somebody_look_when_a_closed_leg_claims_the_flowers(
        DeliveryState state, DeliveryState told, Disposition disposition, int rule)
    {
        DeliveryDecision decision = Deliveries.Decide(Deliveries.In(state), Deliveries.Report(told));

        Assert.Equal((disposition, rule), (decision.Disposition, decision.Rule));
        Assert.Equal(disposition == Disposition.Conflict, decision.After!.NeedsReview);
        Assert.Equal(disposition == Disposition.Conflict ? DeliveryChangeKind.Review : null, decision.Change);
    }

    [Fact]
    public void Rule_8_rejects_a_leg_that_was_not_issued_and_remembers_nothing_so_that_it_can_come_again()
    {
        DeliveryBook book = Deliveries.Assigned(Deliveries.Other);
        CourierReport early = Deliveries.Report(OutForDelivery) with { Leg = 2 };

        DeliveryStep<ReportAnswer> step = book.Report(early, Noon, Effects.None);
        DeliveryBook later = Deliveries.Assigned(Deliveries.Other, Deliveries.Swift);

        Assert.Equal((Disposition.Rejected, "LEG_UNKNOWN"), (step.Answer.Disposition, step.Answer.Reason));
        Assert.False(step.Changed);
        Assert.Equal(Disposition.Applied, later.Report(early, Noon, Effects.None).Answer.Disposition);
    }

    [Fact]
    public void Rule_9_takes_missing_outcome_and_proof_from_a_repeat_under_another_id()
    {
        DeliveryDecision first = Deliveries.Decide(Deliveries.In(Arrived), Deliveries.Report(Delivered) with
        {
            State = new StateReport { State = Delivered },
        });
        DeliveryDecision second = Deliveries.Decide(first.After, Deliveries.Report(Delivered) with
        {
            State = new StateReport { State = Delivered, Outcome = DeliveryOutcome.LeftInSafePlace },
        });
        DeliveryProof photo = new() { PhotoUri = "https://p.example/1", PhotoSha256 = new string('a', 64) };
        DeliveryDecision third = Deliveries.Decide(second.After, Deliveries.Report(Delivered) with
        {
            State = new StateReport { State = Delivered, Outcome = DeliveryOutcome.LeftWithNeighbor, Proof = photo },
        });

        Assert.True(first.After!.ProofPending);
        Assert.Equal(ReportFlags.ProofPending, first.Flags);
        Assert.Equal((Disposition.NoOp, 9, true), (second.Disposition, second.Rule, second.After!.ProofPending));
        Assert.Equal(DeliveryOutcome.LeftInSafePlace, third.After!.Outcome);
        Assert.Equal(photo, third.After.Proof);
        Assert.False(third.After.ProofPending);
        Assert.Equal((DeliveryChangeKind.Proof, Notices.None), (third.Change, third.Notice));
    }

    [Theory]
    [InlineData(Assigned)]
    [InlineData(OutForDelivery)]
    [InlineData(AttemptFailed)]
    [InlineData(Returned)]
    public void Rule_9_has_nothing_to_do_for_the_same_state_of_the_same_attempt(DeliveryState state)
    {
        DeliveryDecision decision = Deliveries.Decide(
            Deliveries.In(state), Deliveries.Report(state), Noon + TimeSpan.FromMinutes(1));

        Assert.Equal((Disposition.NoOp, 9, true), (decision.Disposition, decision.Rule, decision.Kept));
        Assert.Equal((state, Notices.None, null), (decision.After!.State, decision.Notice, decision.Change));
    }

    [Theory]
    [InlineData(OutForDelivery, Disposition.Conflict, 10)]
    [InlineData(Delivered, Disposition.Conflict, 10)]
    [InlineData(Assigned, Disposition.Backfilled, 13)]
    public void Rule_10_has_somebody_look_when_a_cancelled_delivery_is_claimed_to_be_out(
        DeliveryState told, Disposition disposition, int rule)
    {
        // The leg of a cancelled delivery is open only where a person set the state.
        DeliveryRecord cancelled = Deliveries.In(Cancelled) with { LegOpen = true };

        DeliveryDecision decision = Deliveries.Decide(cancelled, Deliveries.Report(told));

        Assert.Equal((disposition, rule, Cancelled), (decision.Disposition, decision.Rule, decision.After!.State));
    }

    [Theory]
    [InlineData(Delivered, Returned, 1)]
    [InlineData(Delivered, Failed, 1)]
    [InlineData(Returned, Delivered, 1)]
    [InlineData(Failed, Delivered, 2)]
    [InlineData(Failed, Returned, 1)]
    public void Rule_11_has_somebody_look_when_another_end_is_told(DeliveryState state, DeliveryState told, int attempt)
    {
        DeliveryDecision decision = Deliveries.Decide(Deliveries.In(state), Deliveries.Report(told, attempt));

        Assert.Equal((Disposition.Conflict, 11, state), (decision.Disposition, decision.Rule, decision.After!.State));
        Assert.True(decision.After.NeedsReview);
    }

    [Theory]
    [InlineData(OutForDelivery, 2, 0, 12)]
    [InlineData(Delivered, 2, 0, 12)]
    [InlineData(AttemptFailed, 1, 301, 12)]
    [InlineData(Returning, 1, 301, 12)]
    [InlineData(AttemptFailed, 1, 300, 13)]
    [InlineData(Returning, 1, -600, 13)]
    [InlineData(Arrived, 1, 3600, 13)]
    public void Rule_12_has_somebody_look_when_the_courier_goes_on_after_the_end(
        DeliveryState told, int attempt, int secondsAfterEnd, int rule)
    {
        DateTimeOffset at = Noon + TimeSpan.FromSeconds(secondsAfterEnd);

        DeliveryDecision decision = Deliveries.Decide(
            Deliveries.In(Delivered), Deliveries.Report(told, attempt, at), Noon + TimeSpan.FromHours(2));

        Assert.Equal((rule, Delivered), (decision.Rule, decision.After!.State));
        Assert.Equal(rule == 12 ? Disposition.Conflict : Disposition.Backfilled, decision.Disposition);
    }

    [Fact]
    public void Rule_13_fills_an_empty_milestone_of_a_delivery_that_is_over_and_tells_nobody()
    {
        DateTimeOffset arrived = Noon - TimeSpan.FromMinutes(4);

        DeliveryDecision decision =
            Deliveries.Decide(Deliveries.In(Delivered), Deliveries.Report(Arrived, at: arrived));

        Assert.Equal((Disposition.Backfilled, 13), (decision.Disposition, decision.Rule));
        Assert.Equal(
            new Milestone(MilestoneKind.Arrive, 1, arrived, false),
            decision.After!.Reached(MilestoneKind.Arrive));
        Assert.Equal((Notices.None, null), (decision.Notice, decision.Change));
    }

    [Fact]
    public void Rule_14_infers_the_steps_that_every_way_passes_and_no_other()
    {
        DeliveryDecision delivered = Deliveries.Decide(Deliveries.In(Assigned), Deliveries.Report(Delivered));
        DeliveryDecision returned = Deliveries.Decide(Deliveries.In(Assigned), Deliveries.Report(Returned));

        Assert.Equal(
            [(MilestoneKind.Collect, true), (MilestoneKind.Complete, false)],
            delivered.After!.Milestones.Select(milestone => (milestone.Kind, milestone.Inferred)));
        Assert.Equal(
            [(MilestoneKind.Collect, true), (MilestoneKind.Return, true), (MilestoneKind.Complete, false)],
            returned.After!.Milestones.Select(milestone => (milestone.Kind, milestone.Inferred)));
        Assert.Equal(Notices.Returned, returned.Notice);
    }

    [Fact]
    public void Rule_14_applies_a_later_attempt_whose_beginning_was_not_heard_of()
    {
        DeliveryDecision decision =
            Deliveries.Decide(Deliveries.In(OutForDelivery), Deliveries.Report(Arrived, attempt: 3));

        Assert.Equal(
            (Disposition.Applied, Arrived, 3),
            (decision.Disposition, decision.After!.State, decision.After.Attempt));
    }

    [Fact]
    public void Rule_15_fills_in_what_lies_behind_and_replaces_an_inferred_time()
    {
        DeliveryRecord ahead = Deliveries.Decide(Deliveries.In(Assigned), Deliveries.Report(Arrived)).After!;
        DateTimeOffset collected = Noon - TimeSpan.FromMinutes(20);

        DeliveryDecision decision = Deliveries.Decide(ahead, Deliveries.Report(OutForDelivery, at: collected));

        Assert.Equal(
            (Disposition.Backfilled, 15, Arrived),
            (decision.Disposition, decision.Rule, decision.After!.State));
        Assert.Equal(
            new Milestone(MilestoneKind.Collect, 1, collected, false),
            decision.After.Reached(MilestoneKind.Collect));
    }

    [Theory]
    [InlineData(OutForDelivery, 2, AttemptFailed, 1)]
    [InlineData(OutForDelivery, 2, Returning, 1)]
    [InlineData(AttemptFailed, 1, OutForDelivery, 0)]
    [InlineData(Returning, 1, AttemptFailed, 1)]
    public void Rule_15_never_moves_back(DeliveryState state, int attempt, DeliveryState told, int toldAttempt)
    {
        DeliveryDecision decision = Deliveries.Decide(
            Deliveries.In(state, attempt), Deliveries.Report(told, toldAttempt));

        Assert.Equal((Disposition.Backfilled, 15), (decision.Disposition, decision.Rule));
        Assert.Equal((state, attempt), (decision.After!.State, decision.After.Attempt));
    }

    [Theory]
    [InlineData(Returning, 1, Delivered, 1, "ILLEGAL_TRANSITION")]
    [InlineData(OutForDelivery, 3, OutForDelivery, 4, "ATTEMPTS_USED_UP")]
    [InlineData(OutForDelivery, 2, Delivered, 1, "ENDED_EARLIER")]
    public void Rule_16_has_somebody_look_at_everything_else(
        DeliveryState state, int attempt, DeliveryState told, int toldAttempt, string reason)
    {
        DeliveryDecision decision = Deliveries.Decide(
            Deliveries.In(state, attempt), Deliveries.Report(told, toldAttempt));

        Assert.Equal((Disposition.Conflict, 16, reason), (decision.Disposition, decision.Rule, decision.Reason));
        Assert.Equal(
            (state, attempt, reason),
            (decision.After!.State, decision.After.Attempt, decision.After.ReviewReason));
    }
}
