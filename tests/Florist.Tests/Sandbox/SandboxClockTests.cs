using Florist.Sandbox;

namespace Florist.Tests.Sandbox;

public sealed class SandboxClockTests
{
    private static readonly DateTimeOffset Start = TimeProvider.System.GetUtcNow();

    [Fact]
    public void It_shows_at_least_the_instant_it_was_turned_to_and_tells_how_far_ahead_it_is()
    {
        List<TimeSpan> told = [];
        SandboxClock clock = new(TimeSpan.Zero, told.Add);

        clock.AdvanceTo(Start.AddDays(21));

        Assert.InRange(clock.GetUtcNow(), Start.AddDays(21), Start.AddDays(21).AddMinutes(5));
        Assert.Equal(clock.Offset, Assert.Single(told));
    }

    [Fact]
    public void It_is_never_turned_back()
    {
        List<TimeSpan> told = [];
        SandboxClock clock = new(TimeSpan.FromDays(3), told.Add);

        clock.AdvanceTo(Start.AddDays(1));

        Assert.Equal(TimeSpan.FromDays(3), clock.Offset);
        Assert.Empty(told);
    }

    [Fact]
    public void Time_stamps_and_timers_run_at_the_machines_pace()
    {
        SandboxClock clock = new(TimeSpan.FromDays(400), _ => { });

        Assert.Equal(TimeProvider.System.TimestampFrequency, clock.TimestampFrequency);
        Assert.InRange(clock.GetElapsedTime(clock.GetTimestamp()), TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }
}
