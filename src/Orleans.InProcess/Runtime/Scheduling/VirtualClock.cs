namespace Orleans.Runtime;

/// <summary>A clock that stands still until it is told to go to its next timer.</summary>
internal sealed class VirtualClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock gate = new();
    private readonly PriorityQueue<(VirtualTimer Timer, long Version), (DateTimeOffset Due, long Order)> timers = new();
    private DateTimeOffset now = start;
    private long order;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        VirtualTimer timer = new(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Goes to the next timer and fires it, or to the instant when no timer is due by then.</summary>
    /// <returns>Whether a timer was fired.</returns>
    internal bool FireNext(DateTimeOffset until)
    {
        VirtualTimer? due;
        lock (gate)
        {
            due = TakeLocked(until);
            if (due is null && now < until)
            {
                now = until;
            }
        }

        due?.Fire();
        return due is not null;
    }

    private VirtualTimer? TakeLocked(DateTimeOffset until)
    {
        while (timers.TryPeek(out (VirtualTimer Timer, long Version) first, out (DateTimeOffset Due, long Order) key))
        {
            if (first.Timer.Version == first.Version && key.Due > until)
            {
                return null;
            }

            timers.Dequeue();
            if (first.Timer.Version == first.Version)
            {
                now = key.Due > now ? key.Due : now;
                if (first.Timer.Period > TimeSpan.Zero)
                {
                    timers.Enqueue((first.Timer, first.Version), (now + first.Timer.Period, order++));
                }

                return first.Timer;
            }
        }

        return null;
    }

    private sealed class VirtualTimer(VirtualClock clock, Action callback) : ITimer
    {
        private bool disposed;

        /// <summary>Entries of the queue with another version are void.</summary>
        internal long Version { get; private set; }

        internal TimeSpan Period { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.gate)
            {
                if (disposed)
                {
                    return false;
                }

                Version++;
                Period = period;
                if (dueTime >= TimeSpan.Zero)
                {
                    clock.timers.Enqueue((this, Version), (clock.now + dueTime, clock.order++));
                }

                return true;
            }
        }

        public void Dispose()
        {
            lock (clock.gate)
            {
                disposed = true;
                Version++;
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        internal void Fire() => callback();
    }
}
