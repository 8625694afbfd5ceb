using Florist.Delivery;
using static Florist.Delivery.DeliveryState;

namespace Florist.Tests.Delivery;

public sealed class SideReportsTests
{
    private static readonly DateTimeOffset Noon = Deliveries.Noon;

    [Fact]
    public void The_last_estimate_by_the_couriers_clock_wins()
    {
        DeliveryDecision later = Deliveries.Decide(Deliveries.In(OutForDelivery), Eta(at: -5, earliest: 60));
        DeliveryDecision earlier = Deliveries.Decide(later.After, Eta(at: -10, earliest: 30));

        Assert.Equal((Disposition.Applied, DeliveryChangeKind.Eta), (later.Disposition, later.Change));
        Assert.Equal((Disposition.Stale, null), (earlier.Disposition, earlier.Change));
        Assert.Equal(Noon + TimeSpan.FromMinutes(60), earlier.After!.Eta!.Earliest);
    }

    [Fact]
    public void The_same_estimate_again_is_no_news_to_anybody()
    {
        DeliveryDecision first = Deliveries.Decide(Deliveries.In(OutForDelivery), Eta(at: -10, earliest: 60));
        DeliveryDecision second = Deliveries.Decide(first.After, Eta(at: -5, earliest: 60));

        Assert.Equal((Disposition.NoOp, null, true), (second.Disposition, second.Change, second.Kept));
    }

    [Theory]
    [InlineData(AttemptFailed, 1)]
    [InlineData(Returning, 1)]
    [InlineData(Delivered, 1)]
    [InlineData(OutForDelivery, 2)]
    public void An_estimate_for_an_attempt_that_is_over_is_stale(DeliveryState state, int attempt)
    {
        DeliveryDecision decision = Deliveries.Decide(Deliveries.In(state, attempt), Eta(at: 0, earliest: 60));

        Assert.Equal((Disposition.Stale, null, true), (decision.Disposition, decision.After!.Eta, decision.Kept));
    }

    [Theory]
    [InlineData(OutForDelivery, 30, Notices.NearlyThere)]
    [InlineData(OutForDelivery, 31, Notices.None)]
    [InlineData(Arrived, 1, Notices.None)]
    public void Nearly_there_is_told_once_while_it_is_true(DeliveryState state, int ageMinutes, Notices notice)
    {
        CourierReport near = Eta(at: 0, earliest: 1, near: true);
        DateTimeOffset now = Noon + TimeSpan.FromMinutes(ageMinutes);

        DeliveryDecision first = Deliveries.Decide(Deliveries.In(state), near, now);
        DeliveryDecision second =
            Deliveries.Decide(first.After, near with { OccurTime = Noon + TimeSpan.FromSeconds(1) }, now);

        Assert.Equal((notice, Notices.None), (first.Notice, second.Notice));
        Assert.Equal(Noon, second.After!.Reached(MilestoneKind.NearDropoff)!.At);
        Assert.Equal(state, second.After.State);
    }

    [Theory]
    [InlineData(OutForDelivery, true)]
    [InlineData(AttemptFailed, false)]
    [InlineData(Delivered, false)]
    public void An_estimate_ends_with_the_attempt(DeliveryState told, bool holds)
    {
        DeliveryRecord assigned = Deliveries.Decide(Deliveries.In(Assigned), Eta(at: 0, earliest: 60)).After!;

        Assert.Equal(holds, Deliveries.Decide(assigned, Deliveries.Report(told)).After!.Eta is not null);
    }

    [Fact]
    public void An_estimate_beyond_the_window_is_a_risk_of_being_late()
    {
        int window = (int)(Deliveries.Policy.Window.Until - Noon).TotalMinutes;

        Assert.True(Deliveries.Decide(Deliveries.In(Assigned), Eta(at: 0, earliest: window)).After!.LateRisk);
        Assert.False(Deliveries.Decide(Deliveries.In(Assigned), Eta(at: 0, earliest: window - 15)).After!.LateRisk);
    }

    [Theory]
    [InlineData(Delivered)]
    [InlineData(Returned)]
    public void A_position_after_the_end_is_stale_and_leaves_no_trace(DeliveryState state)
    {
        DeliveryRecord over = Deliveries.In(state);
        CourierReport here = Deliveries.Report(state) with { State = null, Location = new LocationReport(51, 0) };

        DeliveryDecision decision = Deliveries.Decide(over, here);

        Assert.Equal((Disposition.Stale, false), (decision.Disposition, decision.Kept));
        Assert.Equal(over, decision.After);
    }

    [Fact]
    public void The_position_is_forgotten_with_the_end()
    {
        CourierReport here = Deliveries.Report(Arrived) with { State = null, Location = new LocationReport(51, 0) };
        DeliveryRecord known = Deliveries.Decide(Deliveries.In(Arrived), here).After!;

        Assert.Equal(51, known.Location!.Latitude);
        Assert.Null(Deliveries.Decide(known, Deliveries.Report(Delivered)).After!.Location);
    }

    [Fact]
    public void A_note_is_kept_and_changes_nothing()
    {
        DeliveryRecord arrived = Deliveries.In(Arrived);
        CourierReport note = Deliveries.Report(Arrived) with { State = null, Note = "dog in the garden" };

        DeliveryDecision decision = Deliveries.Decide(arrived, note, Noon);

        Assert.Equal((Disposition.Applied, true, null), (decision.Disposition, decision.Kept, decision.Change));
        Assert.Equal(arrived, decision.After);
    }

    private static CourierReport Eta(int at, int earliest, bool near = false) => Deliveries.Report(OutForDelivery) with
    {
        State = null,
        OccurTime = Noon + TimeSpan.FromMinutes(at),
        Eta = new EtaReport
        {
            Earliest = Noon + TimeSpan.FromMinutes(earliest),
            Latest = Noon + TimeSpan.FromMinutes(earliest + 15),
            NearDropoff = near,
        },
    };
}
