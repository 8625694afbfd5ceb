using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace Orleans.Runtime;

/// <summary>Coming to life and ending.</summary>
internal sealed partial class Activation
{
    private const int IdleForwardsMax = 8;

    // Most activations are idle, and most have no timers and no streams: what is rare is made when it is needed.
    private TaskCompletionSource? gone;
    private List<ILoadedState>? states;
    private List<GrainTimer>? timers;
    private List<IStreamSource>? streams;
    private AsyncServiceScope? services;
    private DeactivationReason? closing;
    private CancellationToken closingCancelled;
    private long keptUntil;
    private bool hasGone;

    /// <summary>Whether it was collected: it still counts, but will be gone soon.</summary>
    internal bool IsLeaving { get; private set; }

    /// <summary>Completes when the activation is gone.</summary>
    internal Task Gone
    {
        get
        {
            lock (gate)
            {
                gone ??= new TaskCompletionSource();
                if (hasGone)
                {
                    gone.TrySetResult();
                }

                return gone.Task;
            }
        }
    }

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        bool schedule;
        if (deactivationReason.ReasonCode == DeactivationReasonCode.ApplicationRequested)
        {
            Host.Metrics.ActivationRetired();
        }

        lock (gate)
        {
            closing ??= deactivationReason;
            closingCancelled = cancellationToken;
            if (stage == Stage.New)
            {
                schedule = ActivateLocked();
            }
            else
            {
                schedule = NextLocked();
            }
        }

        if (schedule)
        {
            turns.Schedule();
        }
    }

    internal void DelayDeactivation(TimeSpan timeSpan)
    {
        long now = Host.Sweeper.Now;
        lock (gate)
        {
            keptUntil = timeSpan <= TimeSpan.Zero
                ? 0
                : timeSpan >= TimeSpan.FromDays(36500) ? long.MaxValue : now + (long)timeSpan.TotalMilliseconds;
        }
    }

    /// <summary>When it may be collected, in milliseconds of the host; later for one that is in use.</summary>
    internal long IdleAt(long idleAfter)
    {
        lock (gate)
        {
            bool idle = stage == Stage.Active && running.Count == 0 && waiting.Count == 0;
            return Math.Max((idle ? lastUsed : Host.Sweeper.Now) + idleAfter, keptUntil);
        }
    }

    /// <summary>When it was last used; null while it is in use, kept, or not active.</summary>
    internal long? IdleSince()
    {
        lock (gate)
        {
            bool idle = stage == Stage.Active && closing is null && running.Count == 0 && waiting.Count == 0;
            return idle && keptUntil <= Host.Sweeper.Now ? lastUsed : null;
        }
    }

    /// <summary>Ends it if nobody has used it since.</summary>
    internal void Collect(long lastSeen)
    {
        bool schedule = false;
        lock (gate)
        {
            if (stage == Stage.Active && closing is null && running.Count == 0 && waiting.Count == 0
                && lastUsed <= lastSeen)
            {
                closing = new DeactivationReason(DeactivationReasonCode.ActivationIdle, "it was not used");
                IsLeaving = true;
                Host.Directory.CountLeaving();
                Host.Metrics.ActivationCollected();
                schedule = DeactivateLocked();
            }
        }

        if (schedule)
        {
            turns.Schedule();
        }
    }

    /// <summary>Leaves a call behind that never ends, so that those who wait can go to another activation.</summary>
    internal void GiveUpIfStuck(long startedBefore)
    {
        if (running.Count == 0)
        {
            return;
        }

        lock (gate)
        {
            bool stuck = false;
            for (Request? request = running.First; request is not null; request = request.Next)
            {
                stuck |= Blocks(request) && request.IsAnswered && request.Deadline < startedBefore;
            }

            if (!stuck || stage == Stage.Gone)
            {
                return;
            }
        }

        Host.Metrics.ActivationGivenUp();
        GrainLog.ActivationUnresponsive(Host.Log, GrainId);
        Leave(null);
        Post(new ActionTurn(EndTimers));
        Host.Scheduler.Queue(new ActionWork(TellGone));
    }

    /// <summary>States, timers and streams register themselves in the activation's turns.</summary>
    internal void Remember(ILoadedState state) => (states ??= []).Add(state);

    internal void Remember(GrainTimer timer) => (timers ??= []).Add(timer);

    internal void Remember(IStreamSource stream) => (streams ??= []).Add(stream);

    internal void Forget(GrainTimer timer) => timers?.Remove(timer);

    internal void Forget(IStreamSource stream) => streams?.Remove(stream);

    private bool ActivateLocked()
    {
        stage = Stage.Activating;
        return turns.AddLocked(new ActionTurn(() => _ = Activate()));
    }

    private bool DeactivateLocked()
    {
        stage = Stage.Deactivating;
        return turns.AddLocked(new ActionTurn(() => _ = Deactivate()));
    }

    private async Task Activate()
    {
        try
        {
            GrainInstance = Class.Create(this);
            using Deadline deadline = new(Host.Options.ActivationTimeout, Host.Scheduler.Clock);
            await deadline.Bound(PrepareGrain, $"{GrainId} was not activated");
        }
        catch (Exception failure)
        {
            Host.Metrics.ActivationFailed();
            GrainLog.ActivationFailed(Host.Log, GrainId, failure);
            await Vanish(failure);
            return;
        }

        bool schedule;
        lock (gate)
        {
            stage = Stage.Active;
            lastUsed = Host.Sweeper.Now;
            schedule = NextLocked() | StartInterleavingLocked();
        }

        if (schedule)
        {
            turns.Schedule();
        }
    }

    private async Task PrepareGrain(CancellationToken cancelled)
    {
        Task[] loads = [.. (states ?? []).Select(s => s.Load(cancelled))];
        states = null;
        await Task.WhenAll(loads);
        if (GrainInstance is IGrainBase grain)
        {
            await grain.OnActivateAsync(cancelled);
        }
    }

    /// <summary>Requests that came before the grain was ready may start beside the one at the head.</summary>
    private bool StartInterleavingLocked()
    {
        bool schedule = false;
        Request? request = waiting.First;
        while (request is not null)
        {
            Request? next = request.Next;
            if (MayStartLocked(request))
            {
                waiting.Remove(request);
                schedule |= StartLocked(request);
            }

            request = next;
        }

        return schedule;
    }

    private async Task Deactivate()
    {
        DeactivationReason reason = closing ?? default;
        EndTimers();
        EndStreams();
        try
        {
            if (GrainInstance is IGrainBase grain)
            {
                using Deadline deadline = new(Host.Options.DeactivationTimeout, Host.Scheduler.Clock, closingCancelled);
                await deadline.Bound(c => grain.OnDeactivateAsync(reason, c), $"{GrainId} did not deactivate");
            }
        }
        catch (Exception failure)
        {
            // The activation ends all the same: nobody may rely on this hook.
            GrainLog.DeactivationFailed(Host.Log, GrainId, failure);
        }

        await Vanish(null);
    }

    private void EndStreams()
    {
        List<Request> fetching = [];
        lock (gate)
        {
            for (Request? request = running.First; request is not null; request = request.Next)
            {
                fetching.Add(request);
            }
        }

        // First the callers, so that they hear why it ended and not that the method was cancelled.
        foreach (Request request in fetching)
        {
            request.Fail(new EnumerationAbortedException($"a stream of {GrainId} ended because it was deactivated"));
        }

        foreach (IStreamSource stream in streams?.ToArray() ?? [])
        {
            stream.Close();
        }
    }

    private async Task Vanish(Exception? failure)
    {
        EndTimers();
        Leave(failure);
        await DisposeGrain();

        // Outside of the turn, which must not run what others do then.
        Host.Scheduler.Queue(new ActionWork(TellGone));
    }

    private void TellGone()
    {
        TaskCompletionSource? waitedFor;
        lock (gate)
        {
            hasGone = true;
            waitedFor = gone;
        }

        waitedFor?.TrySetResult();
    }

    private void EndTimers()
    {
        foreach (GrainTimer timer in timers?.ToArray() ?? [])
        {
            timer.Dispose();
        }
    }

    /// <summary>
    /// Leaves the directory; those that wait fail, or go to the next activation when there is no failure.
    /// </summary>
    private void Leave(Exception? failure)
    {
        List<Request> left;
        if (failure is InconsistentStateException conflict)
        {
            // It drops this activation, not those of the callers it reaches.
            conflict.DropsActivation = false;
        }

        lock (gate)
        {
            stage = Stage.Gone;
            left = waiting.TakeAll();
        }

        Host.Directory.Remove(this);
        foreach (Request request in left)
        {
            if (failure is not null)
            {
                request.Fail(failure);
            }
            else if (!hasServed && ++request.IdleForwards > IdleForwardsMax)
            {
                request.Fail(new OrleansException($"{GrainId} deactivates whenever {request.Method} reaches it"));
            }
            else
            {
                Host.Directory.Deliver(request);
            }
        }
    }

    private async Task DisposeGrain()
    {
        try
        {
            switch (GrainInstance)
            {
                case IAsyncDisposable disposable:
                    await disposable.DisposeAsync();
                    break;
                case IDisposable disposable:
                    disposable.Dispose();
                    break;
            }

            if (services is { } scope)
            {
                await scope.DisposeAsync();
            }
        }
        catch (Exception failure)
        {
            GrainLog.DeactivationFailed(Host.Log, GrainId, failure);
        }
    }
}
