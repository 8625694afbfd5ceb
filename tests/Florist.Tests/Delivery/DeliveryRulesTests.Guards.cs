using Florist.Delivery;
using Florist.Kernel;
using static Florist.Delivery.DeliveryState;

namespace Florist.Tests.Delivery;

/// <summary>What is agreed with the sender, and what happens where a courier did otherwise.</summary>
public sealed partial class DeliveryRulesTests
{
    [Theory]
    [InlineData(true, false, "NOT_FRESH")]
    [InlineData(false, true, "WINDOW_PASSED")]
    public void Setting_out_again_when_it_is_not_worth_it_any_more_is_looked_at_but_delivering_is_a_fact(
        bool isWilted, bool isMissed, string reason)
    {
        DeliveryRecord failed = Deliveries.In(AttemptFailed) with
        {
            Policy = Deliveries.Policy with
            {
                FreshUntil = isWilted ? Noon : null,
                WindowIsHard = isMissed,
                Window = new DeliveryWindow(Noon - TimeSpan.FromHours(1), Noon),
            },
        };

        Assert.Equal(reason, Deliveries.Decide(failed, Deliveries.Report(OutForDelivery, 2)).Reason);
        Assert.Equal(
            Disposition.Applied,
            Deliveries.Decide(failed, Deliveries.Report(OutForDelivery, 2, Noon - TimeSpan.FromTicks(1))).Disposition);
        Assert.Equal(Delivered, Deliveries.Decide(failed, Deliveries.Report(Delivered, 2)).After!.State);
    }

    [Fact]
    public void Flowers_with_a_code_that_are_left_unattended_are_delivered_and_looked_at()
    {
        DeliveryRecord arrived = Deliveries.In(Arrived) with
        {
            Policy = Deliveries.Policy with { PinRequired = true, UnattendedAllowed = true },
        };

        DeliveryDecision decision = Deliveries.Decide(arrived, Deliveries.Report(Delivered) with
        {
            State = new StateReport { State = Delivered, Outcome = DeliveryOutcome.LeftInSafePlace },
        });

        Assert.Equal((Delivered, "POLICY_BREACHED"), (decision.After!.State, decision.After.ReviewReason));
    }

    [Theory]
    [InlineData(DeliveryOutcome.LeftInSafePlace, false, true, "POLICY_BREACHED")]
    [InlineData(DeliveryOutcome.LeftWithNeighbor, true, false, "POLICY_BREACHED")]
    [InlineData(DeliveryOutcome.LeftInSafePlace, true, false, null)]
    [InlineData(DeliveryOutcome.HandedToRecipient, false, false, null)]
    public void Flowers_left_against_the_agreement_are_delivered_all_the_same_and_looked_at(
        DeliveryOutcome outcome, bool unattended, bool neighbor, string? reason)
    {
        DeliveryRecord failed = Deliveries.In(AttemptFailed) with
        {
            Policy = Deliveries.Policy with { UnattendedAllowed = unattended, NeighborAllowed = neighbor },
        };

        DeliveryDecision decision = Deliveries.Decide(failed, Deliveries.Report(Delivered) with
        {
            State = new StateReport { State = Delivered, Outcome = outcome },
        });

        Assert.Equal((Disposition.Applied, Delivered), (decision.Disposition, decision.After!.State));
        Assert.Equal(reason, decision.After.ReviewReason);
    }

    [Theory]
    [InlineData(false, true, "PICKUP_UNCHECKED")]
    [InlineData(true, true, null)]
    [InlineData(false, false, null)]
    public void Flowers_taken_unchecked_are_looked_at_where_a_check_was_agreed(
        bool isChecked, bool required, string? reason)
    {
        DeliveryRecord assigned = Deliveries.In(Assigned) with
        {
            Policy = Deliveries.Policy with { PickupCheckRequired = required },
        };

        DeliveryDecision decision = Deliveries.Decide(assigned, Deliveries.Report(OutForDelivery) with
        {
            State = new StateReport { State = OutForDelivery, PickupChecked = isChecked },
        });

        Assert.Equal((OutForDelivery, reason), (decision.After!.State, decision.After.ReviewReason));
    }

    [Theory]
    [InlineData(DeliveryOutcome.HandedToRecipient, false, true)]
    [InlineData(DeliveryOutcome.HandedToRecipient, true, false)]
    [InlineData(DeliveryOutcome.LeftInSafePlace, true, true)]
    public void A_code_proves_a_hand_over_and_not_a_safe_place(DeliveryOutcome outcome, bool verified, bool pending)
    {
        DeliveryRecord arrived = Deliveries.In(Arrived) with { Policy = Deliveries.Policy with { PinRequired = true } };

        DeliveryDecision decision = Deliveries.Decide(arrived, Deliveries.Report(Delivered) with
        {
            State = new StateReport
            {
                State = Delivered,
                Outcome = outcome,
                Proof = new DeliveryProof { PinVerified = verified },
            },
        });

        Assert.Equal((Disposition.Applied, pending), (decision.Disposition, decision.After!.ProofPending));
    }

    [Fact]
    public void The_first_reason_to_look_stays_until_somebody_has_looked_and_is_published_once()
    {
        DeliveryDecision first = Deliveries.Decide(Deliveries.In(Delivered), Deliveries.Report(Returned));
        DeliveryDecision second = Deliveries.Decide(first.After, Deliveries.Report(OutForDelivery, 2));

        Assert.Equal("END_CONTRADICTED", second.After!.ReviewReason);
        Assert.Equal("WENT_ON_AFTER_END", second.Reason);
        Assert.Equal((DeliveryChangeKind.Review, null), (first.Change, second.Change));
    }
}
