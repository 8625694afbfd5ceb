namespace Orleans.Runtime;

/// <summary>
/// Ends calls whose time is over and collects idle activations. It runs only while there is something to end, so that a
/// simulation can leap over quiet years. Its clock is read once per sweep; being a sweep late is harmless.
/// </summary>
internal sealed class Sweeper : IDisposable
{
    private readonly GrainHost host;
    private readonly TimeProvider clock;
    private readonly long started;
    private readonly long periodMs;
    private readonly long timeoutMs;
    private readonly long idleAfterMs;
    private readonly long runningMaxMs;
    private readonly ITimer timer;
    private readonly Lock gate = new();
    private readonly List<Request> lost = [];
    private long now;
    private bool soon;
    private bool disposed;
    private int collecting;

    internal Sweeper(GrainHost host)
    {
        this.host = host;
        clock = host.Scheduler.Clock;
        started = clock.GetTimestamp();
        timeoutMs = Math.Max(1, (long)host.Options.ResponseTimeout.TotalMilliseconds);
        idleAfterMs = Math.Max(1, (long)host.Options.IdleAfter.TotalMilliseconds);
        runningMaxMs = (long)host.Options.RunningCallMax.TotalMilliseconds;
        periodMs = Math.Clamp(Math.Min(timeoutMs, idleAfterMs) / 4, 1, 1000);
        timer = clock.CreateTimer(
            static self => (self as Sweeper)?.Queue(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    /// <summary>Milliseconds since the host was made, at most one sweep old while there are calls.</summary>
    internal long Now => Volatile.Read(ref now);

    /// <summary>A deadline for a call that starts now: never early, at most two sweeps late.</summary>
    internal long NewDeadline()
    {
        Watch();
        return Now + timeoutMs + periodMs;
    }

    /// <summary>Makes sure that a sweep comes soon. To be called before and after a request is delivered.</summary>
    internal void Watch()
    {
        if (Volatile.Read(ref soon))
        {
            return;
        }

        lock (gate)
        {
            if (!soon && !disposed)
            {
                Volatile.Write(ref now, Elapsed());
                soon = true;
                timer.Change(TimeSpan.FromMilliseconds(periodMs), Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Lets a request time out whose answer was lost on purpose.</summary>
    internal void Lose(Request request)
    {
        lock (gate)
        {
            lost.Add(request);
        }
    }

    /// <summary>There are too many activations: those that were not used for the longest time go.</summary>
    internal void CollectSurplus()
    {
        if (Interlocked.Exchange(ref collecting, 1) == 0)
        {
            host.Scheduler.Queue(new ActionWork(RunSurplus));
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
        }

        timer.Dispose();
    }

    private long Elapsed() => (long)clock.GetElapsedTime(started).TotalMilliseconds;

    private void Queue() => host.Scheduler.Queue(new ActionWork(Run));

    private void Run()
    {
        // A call that saw 'soon' set was delivered before the scan; one that comes later arms the timer anew.
        Volatile.Write(ref soon, false);
        Interlocked.MemoryBarrier();
        long at = Elapsed();
        Volatile.Write(ref now, at);

        List<Request> expired = [];
        List<Activation> idle = [];
        bool anyLimited = ExpireLost(at, expired);
        long nextIdle = long.MaxValue;
        foreach (Activation activation in host.Directory.All)
        {
            anyLimited |= activation.CollectExpired(at, expired);
            activation.GiveUpIfStuck(at - runningMaxMs);
            long idleAt = activation.IdleAt(idleAfterMs);
            nextIdle = Math.Min(nextIdle, idleAt <= at ? long.MaxValue : idleAt);
            if (idleAt <= at)
            {
                idle.Add(activation);
            }
        }

        CallTimeouts.Fail(host, expired);
        foreach (Activation activation in idle.OrderBy(a => a.GrainId))
        {
            activation.Collect(at - idleAfterMs);
        }

        Arm(anyLimited, at, nextIdle);
    }

    private bool ExpireLost(long at, List<Request> expired)
    {
        lock (gate)
        {
            expired.AddRange(lost.Where(r => r.Deadline <= at));
            lost.RemoveAll(r => r.Deadline <= at || r.IsAnswered);
            return lost.Count > 0;
        }
    }

    private void Arm(bool anyLimited, long at, long nextIdle)
    {
        lock (gate)
        {
            if (soon || disposed)
            {
                return;
            }

            if (anyLimited)
            {
                soon = true;
                timer.Change(TimeSpan.FromMilliseconds(periodMs), Timeout.InfiniteTimeSpan);
            }
            else if (nextIdle != long.MaxValue)
            {
                long wait = Math.Clamp(nextIdle - at, periodMs, (long)TimeSpan.FromDays(40).TotalMilliseconds);
                timer.Change(TimeSpan.FromMilliseconds(wait), Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void RunSurplus()
    {
        Interlocked.Exchange(ref collecting, 0);
        int surplus = host.Directory.StayingCount - (host.Options.ActivationsMax - (host.Options.ActivationsMax / 10));
        IEnumerable<(Activation Activation, long LastUsed)> oldest = host.Directory.All
            .Select(a => (Activation: a, LastUsed: a.IdleSince()))
            .Where(a => a.LastUsed is not null)
            .Select(a => (a.Activation, LastUsed: a.LastUsed ?? 0))
            .OrderBy(a => a.LastUsed).ThenBy(a => a.Activation.GrainId)
            .Take(Math.Max(0, surplus));
        foreach ((Activation activation, long lastUsed) in oldest.ToArray())
        {
            activation.Collect(lastUsed);
        }
    }
}
