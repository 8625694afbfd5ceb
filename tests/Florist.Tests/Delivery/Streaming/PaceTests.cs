using Florist.Delivery.Streaming;

namespace Florist.Tests.Delivery.Streaming;

public sealed class PaceTests
{
    [Fact]
    public void A_burst_of_two_seconds_worth_is_read_at_once_and_the_rest_at_the_rate()
    {
        Pace pace = new(10);
        TimeSpan now = TimeSpan.FromHours(1);
        List<TimeSpan> waits = [];
        for (int i = 0; i < 30; i++)
        {
            TimeSpan wait = pace.Take(now);
            waits.Add(wait);
            now += wait;
        }

        Assert.All(waits.Take(19), wait => Assert.Equal(TimeSpan.Zero, wait));
        Assert.All(waits.Skip(19), wait => Assert.Equal(0.1, wait.TotalSeconds, 6));
    }

    [Fact]
    public void Rest_is_saved_up_to_two_seconds_worth_and_not_beyond()
    {
        Pace pace = new(10);
        pace.Take(TimeSpan.FromHours(1));

        TimeSpan later = TimeSpan.FromHours(5);
        Assert.All(Enumerable.Range(0, 19), _ => Assert.Equal(TimeSpan.Zero, pace.Take(later)));
        Assert.True(pace.Take(later) > TimeSpan.Zero);
    }
}
