namespace Florist.Tests.Testing;

/// <summary>Real time in the test's hand: time stamps and timers move when the test says so, and only then.</summary>
internal sealed class HandClock : TimeProvider
{
    private readonly Lock moving = new();
    private readonly List<HandTimer> timers = [];
    private TimeSpan now = TimeSpan.FromHours(1);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        lock (moving)
        {
            return now.Ticks;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        HandTimer timer = new(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock, and calls what falls due.</summary>
    public void Advance(TimeSpan by)
    {
        List<HandTimer> due;
        lock (moving)
        {
            now += by;
            due = [.. timers.Where(timer => timer.DueAt <= now)];
            due.ForEach(timer => timers.Remove(timer));
        }

        due.ForEach(timer => timer.Call());
    }

    private sealed class HandTimer(HandClock clock, Action call) : ITimer
    {
        public TimeSpan DueAt { get; private set; }

        public Action Call => call;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.moving)
            {
                clock.timers.Remove(this);
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    DueAt = clock.now + dueTime;
                    clock.timers.Add(this);
                }
            }

            // What is due at once need not wait for the clock to move.
            if (dueTime == TimeSpan.Zero)
            {
                clock.Advance(TimeSpan.Zero);
            }

            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
