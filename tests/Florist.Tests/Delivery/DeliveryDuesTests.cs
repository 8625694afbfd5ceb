using System.Collections.Immutable;
using Florist.Delivery;
using static Florist.Delivery.DeliveryState;

namespace Florist.Tests.Delivery;

public sealed class DeliveryDuesTests
{
    private static readonly DateTimeOffset Until = Deliveries.Policy.Window.Until;

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    public void A_delivery_is_late_from_the_end_of_its_window(int ticks, bool isLate)
    {
        (DeliveryRecord after, ImmutableArray<DeliveryDue> dues) =
            DeliveryDues.Take(Deliveries.In(OutForDelivery), Until + TimeSpan.FromTicks(ticks));

        Assert.Equal(isLate, after.Late);
        Assert.Equal(isLate ? [new DeliveryDue(DeliveryChangeKind.Late, Until)] : [], dues);
    }

    [Theory]
    [InlineData(Pending, -1, false)]
    [InlineData(Pending, 0, true)]
    [InlineData(Assigned, 0, true)]
    [InlineData(OutForDelivery, 0, false)]
    [InlineData(Arrived, 0, false)]
    public void Flowers_still_at_the_shop_an_hour_before_the_end_of_the_window_are_at_risk(
        DeliveryState state, int ticks, bool isAtRisk)
    {
        DateTimeOffset risky = Until - TimeSpan.FromHours(1);
        (DeliveryRecord after, ImmutableArray<DeliveryDue> dues) =
            DeliveryDues.Take(Deliveries.In(state), risky + TimeSpan.FromTicks(ticks));

        Assert.Equal(isAtRisk, after.LateRisk);
        Assert.Equal(isAtRisk ? [new DeliveryDue(DeliveryChangeKind.LateRisk, risky)] : [], dues);
    }

    [Fact]
    public void The_risk_ends_when_the_courier_has_the_flowers_unless_it_expects_to_be_late()
    {
        DateTimeOffset risky = Until - TimeSpan.FromMinutes(30);
        DeliveryRecord atRisk = DeliveryDues.Take(Deliveries.In(Assigned), risky).After;

        DeliveryRecord collected = Deliveries.Decide(atRisk, Deliveries.Report(OutForDelivery, at: risky), risky).After!;
        DeliveryRecord lateEta = collected with { Eta = new EtaWindow(Until, Until + TimeSpan.FromMinutes(1), risky) };

        Assert.True(atRisk.LateRisk);
        Assert.False(collected.LateRisk);
        Assert.True(lateEta.LateRisk);
        Assert.Equal(Until, DeliveryDues.Next(collected));
    }

    [Fact]
    public void Four_hours_without_news_beyond_the_window_are_a_stall_and_news_end_it()
    {
        DeliveryRecord late = DeliveryDues.Take(Deliveries.In(OutForDelivery), Until).After;
        DateTimeOffset silent = Until + TimeSpan.FromHours(4);

        Assert.False(DeliveryDues.Take(late, silent - TimeSpan.FromTicks(1)).After.Stalled);
        DeliveryRecord stalled = DeliveryDues.Take(late, silent).After;
        Assert.True(stalled.Stalled);
        Assert.Null(DeliveryDues.Next(stalled));

        DeliveryRecord heard = Deliveries.Decide(stalled, Deliveries.Report(Arrived, at: silent), silent).After!;
        Assert.False(heard.Stalled);
        Assert.Equal(silent + TimeSpan.FromHours(4), DeliveryDues.Next(heard));
    }

    [Fact]
    public void A_missing_proof_is_asked_for_once_after_an_hour()
    {
        DeliveryRecord delivered = Deliveries.Decide(
            Deliveries.In(Arrived),
            Deliveries.Report(Delivered) with { State = new StateReport { State = Delivered } }).After!;
        DateTimeOffset due = Deliveries.Noon + TimeSpan.FromHours(1);

        (DeliveryRecord after, ImmutableArray<DeliveryDue> dues) = DeliveryDues.Take(delivered, due);

        Assert.Equal(due, DeliveryDues.Next(delivered));
        Assert.Equal([new DeliveryDue(DeliveryChangeKind.ProofMissing, due)], dues);
        Assert.Null(DeliveryDues.Next(after));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(425 * 24)]
    public void However_late_somebody_looks_each_is_due_at_its_own_instant_and_the_earliest_comes_first(int hours)
    {
        DeliveryRecord delivery = Deliveries.In(OutForDelivery) with { LastNewsAt = Until.AddMinutes(-90) };

        ImmutableArray<DeliveryDue> dues = DeliveryDues.Take(
            delivery with { ProofPending = true }, Until.AddHours(hours)).Dues;

        Assert.Equal(
            [
                new DeliveryDue(DeliveryChangeKind.ProofMissing, Until.AddMinutes(-30)),
                new DeliveryDue(DeliveryChangeKind.Late, Until),
                new DeliveryDue(DeliveryChangeKind.Stalled, Until.AddHours(4)),
            ],
            dues);
    }

    [Theory]
    [InlineData(Delivered)]
    [InlineData(Cancelled)]
    [InlineData(Failed)]
    public void Nothing_falls_due_after_the_end(DeliveryState state) =>
        Assert.Null(DeliveryDues.Next(Deliveries.In(state)));
}
