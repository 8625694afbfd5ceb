using Florist.Delivery.Streaming;

namespace Florist.Tests.Delivery.Streaming;

public sealed class RejectionGaugeTests
{
    private static readonly TimeSpan Start = TimeSpan.FromHours(3);

    [Theory]
    [InlineData(5, 4, false)]
    [InlineData(5, 5, false)]
    [InlineData(6, 4, true)]
    [InlineData(9, 0, false)]
    [InlineData(10, 0, true)]
    public void It_trips_when_more_than_half_of_enough_updates_are_rejected(int rejected, int accepted, bool trips)
    {
        RejectionGauge gauge = Counted(rejected, accepted, Start);

        Assert.Equal(trips, gauge.IsTripped(Start));
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(5, false)]
    [InlineData(500, false)]
    public void It_forgets_after_five_minutes(int minutes, bool trips)
    {
        RejectionGauge gauge = Counted(10, 0, Start);
        TimeSpan later = Start + TimeSpan.FromMinutes(minutes);

        Assert.Equal(trips, gauge.IsTripped(later));
        Assert.Equal(!trips, gauge.IsIdle(later));
    }

    [Fact]
    public void What_came_minutes_ago_counts_beside_what_comes_now()
    {
        RejectionGauge gauge = Counted(6, 0, Start);
        gauge.Count(isRejected: false, Start + TimeSpan.FromMinutes(2));
        for (int i = 0; i < 3; i++)
        {
            gauge.Count(isRejected: true, Start + TimeSpan.FromMinutes(4));
        }

        Assert.True(gauge.IsTripped(Start + TimeSpan.FromMinutes(4)));
        Assert.False(gauge.IsTripped(Start + TimeSpan.FromMinutes(5)));
    }

    private static RejectionGauge Counted(int rejected, int accepted, TimeSpan at)
    {
        RejectionGauge gauge = new(10);
        for (int i = 0; i < rejected + accepted; i++)
        {
            gauge.Count(i < rejected, at);
        }

        return gauge;
    }
}
