using Florist.Kernel;
using Florist.Tests.Testing;

namespace Florist.Tests.Kernel.Outbox;

public sealed class SendPaceTests
{
    private readonly ManualTime time = new();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(200)]
    public void In_no_second_does_more_leave_than_the_limit(int perSecond)
    {
        SendPace pace = new(perSecond, time);
        Random random = new(perSecond);
        List<DateTimeOffset> sent = [];
        for (int step = 0; step < 20_000; step++)
        {
            time.Advance(TimeSpan.FromMilliseconds(random.Next(step % 500 < 250 ? 3 : 40)));
            while (pace.TryTake((OutboxClass)random.Next(4)))
            {
                sent.Add(time.GetUtcNow());
            }
        }

        Assert.True(sent.Count > perSecond);
        for (int i = perSecond; i < sent.Count; i++)
        {
            Assert.True(sent[i] - sent[i - perSecond] >= TimeSpan.FromSeconds(1), $"{i}: {perSecond} in less");
        }
    }

    [Fact]
    public void When_it_says_it_opens_a_message_may_go_and_not_before()
    {
        SendPace pace = new(7, time);
        for (int i = 0; i < 200; i++)
        {
            DateTimeOffset opens = pace.OpensAt(OutboxClass.Marketing);
            if (opens > time.GetUtcNow())
            {
                time.Set(opens.AddMilliseconds(-2));
                Assert.False(pace.TryTake(OutboxClass.Marketing));
            }

            time.Set(opens);
            Assert.True(pace.TryTake(OutboxClass.Marketing), $"message {i}");
        }
    }

    [Fact]
    public void It_keeps_at_least_nine_tenths_of_the_limit_busy()
    {
        SendPace pace = new(200, time);
        DateTimeOffset end = time.GetUtcNow().AddSeconds(60);
        int sent = 0;
        while (time.GetUtcNow() < end)
        {
            time.Advance(TimeSpan.FromMilliseconds(5));
            sent += pace.TryTake(OutboxClass.Notice) ? 1 : 0;
            sent += pace.TryTake(OutboxClass.Notice) ? 1 : 0;
        }

        Assert.InRange(sent, 200 * 60 * 0.9, 200 * 60);
    }

    [Fact]
    public void A_wave_of_marketing_leaves_tokens_for_what_is_critical()
    {
        SendPace pace = new(200, time);
        for (int second = 0; second < 10; second++)
        {
            while (pace.TryTake(OutboxClass.Marketing))
            {
            }

            Assert.True(pace.TryTake(OutboxClass.Critical));
            time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public void Too_much_cuts_the_limit_by_a_fifth_once_a_second_and_time_raises_it_again()
    {
        SendPace pace = new(100, time);
        pace.Throttled(null);
        pace.Throttled(null);
        Assert.Equal(80, pace.PerSecond, 6);

        time.Advance(TimeSpan.FromSeconds(1));
        pace.Throttled(null);
        Assert.Equal(72, pace.PerSecond, 6);

        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(100, pace.PerSecond, 6);
    }

    [Fact]
    public void A_provider_that_always_refuses_is_asked_ever_more_rarely_but_never_given_up()
    {
        SendPace pace = new(1, time);
        for (int i = 0; i < 100; i++)
        {
            time.Set(pace.OpensAt(OutboxClass.Notice));
            Assert.True(pace.TryTake(OutboxClass.Notice));
            pace.Throttled(TimeSpan.FromHours(1));
        }

        Assert.InRange((pace.OpensAt(OutboxClass.Notice) - time.GetUtcNow()).TotalSeconds, 1, 60);
    }

    [Fact]
    public void A_pause_that_was_asked_for_is_kept()
    {
        SendPace pace = new(100, time);
        pace.Throttled(TimeSpan.FromSeconds(7));
        time.Advance(TimeSpan.FromSeconds(6.9));
        Assert.False(pace.TryTake(OutboxClass.Critical));

        time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(pace.TryTake(OutboxClass.Critical));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(-24)]
    [InlineData(24 * 365)]
    public void A_clock_that_jumps_neither_stops_it_nor_lets_a_flood_through(int hours)
    {
        SendPace pace = new(100, time);
        pace.Throttled(TimeSpan.FromSeconds(5));
        time.Advance(TimeSpan.FromHours(hours));
        time.Set(pace.OpensAt(OutboxClass.Critical));

        int burst = 0;
        while (pace.TryTake(OutboxClass.Critical))
        {
            burst++;
        }

        Assert.InRange(burst, 1, 10);
        Assert.InRange((pace.OpensAt(OutboxClass.Critical) - time.GetUtcNow()).TotalSeconds, 0, 1);
    }

    [Fact]
    public void A_token_that_was_not_used_goes_back()
    {
        SendPace pace = new(1, time);
        Assert.True(pace.TryTake(OutboxClass.Notice));
        Assert.False(pace.TryTake(OutboxClass.Notice));
        pace.GiveBack();
        Assert.True(pace.TryTake(OutboxClass.Notice));
    }
}
