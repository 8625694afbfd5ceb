using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace Orleans.Runtime;

/// <summary>
/// One grain in memory: its requests, its turns and its object. A request starts when no other is running, or when both
/// may interleave; what a started request does takes place on the turn scheduler, one piece at a time.
/// </summary>
internal sealed partial class Activation : IGrainContext
{
    private readonly Lock gate = new();
    private readonly TurnScheduler turns;
    private readonly RequestList waiting = new();
    private readonly RequestList running = new();
    private Stage stage;
    private int blocking;
    private bool blockingIsReadOnly;
    private int abandonable;
    private bool hasServed;
    private long lastUsed;

    internal Activation(GrainHost host, GrainClass grainClass, GrainId grainId)
    {
        Host = host;
        Class = grainClass;
        GrainId = grainId;
        lastUsed = host.Sweeper.Now;
        turns = new TurnScheduler(this, host.Scheduler, gate);
    }

    private enum Stage : byte
    {
        New,
        Activating,
        Active,
        Deactivating,
        Gone,
    }

    /// <summary>The activation whose turn it is on this thread; null outside of grains.</summary>
    public static Activation? Current => TurnScheduler.CurrentOwner;

    public GrainId GrainId { get; }

    public object? GrainInstance { get; private set; }

    public IServiceProvider ActivationServices
    {
        get
        {
            // A grain may hand its services to other threads, and use them after its end: then they are gone.
            lock (gate)
            {
                services ??= Host.Services.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
                return services.Value.ServiceProvider;
            }
        }
    }

    internal GrainHost Host { get; }

    internal GrainClass Class { get; }

    internal bool IsCurrent => turns.IsCurrent;

    /// <summary>Requests that run or wait; read without the lock, so it may be a moment old.</summary>
    internal int Load => waiting.Count + running.Count;

    internal int WaitingCount => waiting.Count;

    /// <summary>Accepts a request, or returns false when this activation is gone and another has to take it.</summary>
    internal bool Receive(Request request)
    {
        bool schedule = false;
        bool overloaded = false;
        lock (gate)
        {
            if (stage == Stage.Gone)
            {
                return false;
            }

            request.Target = this;
            if (IsFullLocked(request))
            {
                overloaded = true;
            }
            else if (MayStartLocked(request))
            {
                schedule = StartLocked(request);
            }
            else
            {
                WaitLocked(request);
                schedule = stage == Stage.New && ActivateLocked();
            }
        }

        if (schedule && !(request.Has(CallKinds.ReadOnly) && turns.TryRunHere()))
        {
            turns.Schedule();
        }

        if (overloaded)
        {
            request.Fail(new LimitExceededException(
                $"{Host.Options.WaitingCallsMax} calls wait for {GrainId} already: {request.Method} is refused"));
        }

        return true;
    }

    /// <summary>Runs work of the runtime in a turn, whatever else is running.</summary>
    internal void Post(ITurn turn) => turns.Post(turn);

    /// <summary>Books the end of a request and starts what waited for it.</summary>
    /// <returns>Whether the caller is to be answered now.</returns>
    internal bool Finished(Request request, Exception? failure)
    {
        bool drop = failure is InconsistentStateException { DropsActivation: true };
        if (drop && failure is InconsistentStateException conflict)
        {
            // Further up the chain of callers it is an error like any other.
            conflict.DropsActivation = false;
        }

        bool schedule;
        bool dropAtRandom = request.Reference is not null && Host.Chaos.DropsActivation();
        lock (gate)
        {
            running.Remove(request);
            if (request.Has(CallKinds.Abandonable))
            {
                abandonable--;
            }

            if (Blocks(request))
            {
                blocking--;
            }

            if (!request.Has(CallKinds.Unnoticed))
            {
                lastUsed = Host.Sweeper.Now;
            }

            if (drop || dropAtRandom)
            {
                closing ??= drop
                    ? new DeactivationReason(DeactivationReasonCode.ApplicationError, failure, "its state is outdated")
                    : new DeactivationReason(DeactivationReasonCode.RuntimeRequested, "fault injection");
            }

            schedule = NextLocked();
        }

        if (schedule)
        {
            turns.Schedule();
        }

        return request.Reference is null || !Host.Chaos.LosesReply(request);
    }

    /// <summary>Takes a request out that nobody waits for any more, if it has not started.</summary>
    internal void Withdraw(Request request)
    {
        bool schedule;
        lock (gate)
        {
            schedule = waiting.Remove(request) && NextLocked();
        }

        if (schedule)
        {
            turns.Schedule();
        }
    }

    /// <summary>Collects the requests whose time is over.</summary>
    /// <returns>Whether there are requests with a deadline.</returns>
    internal bool CollectExpired(long now, List<Request> expired)
    {
        if (Load == 0)
        {
            return false;
        }

        lock (gate)
        {
            bool waitingHas = CollectExpiredLocked(waiting, now, expired);
            return CollectExpiredLocked(running, now, expired) || waitingHas;
        }
    }

    /// <summary>Adds the grains that wait for this one.</summary>
    internal void CollectCallers(List<(Activation Caller, Activation Target)> edges)
    {
        lock (gate)
        {
            foreach (RequestList list in new[] { running, waiting })
            {
                for (Request? request = list.First; request is not null; request = request.Next)
                {
                    if (request.Sender is { } caller && !request.IsAnswered)
                    {
                        edges.Add((caller, this));
                    }
                }
            }
        }
    }

    private static bool CollectExpiredLocked(RequestList list, long now, List<Request> expired)
    {
        bool any = false;
        for (Request? request = list.First; request is not null; request = request.Next)
        {
            if (request.Has(CallKinds.Unlimited) || request.IsAnswered)
            {
                continue;
            }

            any = true;
            if (request.Deadline <= now)
            {
                expired.Add(request);
            }
        }

        return any;
    }

    private bool Blocks(Request request) => !Class.IsReentrant && !request.Has(CallKinds.Interleaves);

    /// <summary>Calls that interleave run at once, and are kept in memory like those that wait.</summary>
    private bool IsFullLocked(Request request) => request.Reference is not null
        && !request.Has(CallKinds.Abandonable)
        && Load - abandonable > Host.Options.WaitingCallsMax;

    private void WaitLocked(Request request)
    {
        if (Host.Chaos.ShufflesMailboxes && request.Caller is not null)
        {
            waiting.AddOvertaking(request, Host.Chaos.OvertakesMax(waiting.Count));
        }
        else
        {
            waiting.Add(request);
        }
    }

    private bool MayStartLocked(Request request)
    {
        if (stage != Stage.Active || closing is not null)
        {
            return false;
        }

        if (blocking == 0 || !Blocks(request))
        {
            return true;
        }

        // A reader joins readers, but not ahead of a writer that waits.
        return blockingIsReadOnly && request.Has(CallKinds.ReadOnly)
            && (waiting.Count == 0 || ReferenceEquals(waiting.First, request));
    }

    private bool StartLocked(Request request)
    {
        running.Add(request);
        hasServed = true;
        if (request.Has(CallKinds.Abandonable))
        {
            abandonable++;
        }

        if (Blocks(request))
        {
            blocking++;
            blockingIsReadOnly = request.Has(CallKinds.ReadOnly);
        }

        return turns.AddLocked(request);
    }

    private bool NextLocked()
    {
        if (closing is not null)
        {
            return stage == Stage.Active && running.Count == abandonable && DeactivateLocked();
        }

        bool schedule = false;
        while (waiting.First is { } next && MayStartLocked(next))
        {
            waiting.Remove(next);
            schedule |= StartLocked(next);
        }

        return schedule;
    }
}
