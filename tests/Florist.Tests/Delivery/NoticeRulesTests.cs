using Florist.Delivery;
using static Florist.Delivery.DeliveryState;

namespace Florist.Tests.Delivery;

public sealed class NoticeRulesTests
{
    [Theory]
    [InlineData(OutForDelivery, 30, Notices.OutForDelivery)]
    [InlineData(OutForDelivery, 30.01, Notices.None)]
    [InlineData(Arrived, 30, Notices.Arrived)]
    [InlineData(Arrived, 31, Notices.None)]
    [InlineData(AttemptFailed, 31, Notices.AttemptFailed)]
    [InlineData(Delivered, 48 * 60, Notices.Delivered)]
    [InlineData(Delivered, (48 * 60) + 1, Notices.None)]
    [InlineData(Returned, (48 * 60) + 1, Notices.None)]
    public void Old_progress_is_dropped_after_half_an_hour_and_everything_after_two_days(
        DeliveryState told, double ageMinutes, Notices notice)
    {
        DeliveryState from = told == Returned ? Returning : Assigned;
        DateTimeOffset now = Deliveries.Noon + TimeSpan.FromMinutes(ageMinutes);

        DeliveryDecision decision = Deliveries.Decide(Deliveries.In(from), Deliveries.Report(told), now);

        Assert.Equal((Disposition.Applied, notice), (decision.Disposition, decision.Notice));
        Assert.Equal(notice, decision.After!.Notified);
        Assert.Equal(Deliveries.Noon, decision.OccurredAt);
    }

    [Fact]
    public void A_kind_that_was_told_is_not_told_again_on_the_next_attempt()
    {
        DeliveryRecord told = Deliveries.In(AttemptFailed) with { Notified = Notices.OutForDelivery };

        DeliveryDecision decision = Deliveries.Decide(told, Deliveries.Report(OutForDelivery, 2));

        Assert.Equal((Disposition.Applied, Notices.None), (decision.Disposition, decision.Notice));
    }

    [Fact]
    public void Steps_that_were_skipped_are_not_told_belatedly()
    {
        DeliveryDecision decision = Deliveries.Decide(Deliveries.In(Assigned), Deliveries.Report(Delivered));

        Assert.Equal(Notices.Delivered, decision.After!.Notified);
    }
}
