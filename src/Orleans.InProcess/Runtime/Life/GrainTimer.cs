namespace Orleans.Runtime;

/// <summary>
/// A timer whose callback takes its turn like a call. The next period begins when the callback has ended.
/// </summary>
internal sealed class GrainTimer : IGrainTimer
{
    private static readonly TimeSpan LongestTimeSpan = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly Activation owner;
    private readonly Func<CancellationToken, Task> callback;
    private readonly GrainMethod method;
    private readonly CancellationTokenSource disposal = new();
    private readonly ITimer timer;
    private TimeSpan period;
    private bool running;
    private bool changed;

    private GrainTimer(Activation owner, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        this.owner = owner;
        this.callback = callback;
        CallKinds kinds = CallKinds.Unlimited | (options.Interleave ? CallKinds.Interleaves : CallKinds.None)
            | (options.KeepAlive ? CallKinds.None : CallKinds.Unnoticed);
        method = new GrainMethod(owner.Class.Type.FullName ?? owner.Class.Type.Name, "timer", 0, kinds);
        timer = owner.Host.Scheduler.Clock.CreateTimer(
            static self => (self as GrainTimer)?.Fire(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
        Schedule(options.DueTime, options.Period);
    }

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        Validate(dueTime, period);
        changed = running;
        Schedule(dueTime, period);
    }

    public void Dispose()
    {
        if (disposal.IsCancellationRequested)
        {
            return;
        }

        disposal.Cancel();
        timer.Dispose();
        owner.Forget(this);
    }

    internal static GrainTimer Start(
        IGrainContext context,
        Func<CancellationToken, Task> callback,
        GrainTimerCreationOptions options)
    {
        Validate(options.DueTime, options.Period);
        Activation owner = context as Activation
            ?? throw new ArgumentException($"{context} is not of this host", nameof(context));
        if (!owner.IsCurrent)
        {
            throw new InvalidOperationException($"a timer of {owner.GrainId} is registered outside of its turns");
        }

        GrainTimer timer = new(owner, callback, options);
        owner.Remember(timer);
        return timer;
    }

    private static void Validate(TimeSpan dueTime, TimeSpan period)
    {
        foreach (TimeSpan time in new[] { dueTime, period })
        {
            if (time != Timeout.InfiniteTimeSpan && (time < TimeSpan.Zero || time > LongestTimeSpan))
            {
                throw new ArgumentOutOfRangeException(
                    nameof(dueTime),
                    time,
                    "the times of a timer are infinite or from 0 to 49 days");
            }
        }
    }

    private void Schedule(TimeSpan dueTime, TimeSpan newPeriod)
    {
        period = newPeriod;
        timer.Change(dueTime, Timeout.InfiniteTimeSpan);
    }

    private void Fire()
    {
        owner.Host.Sweeper.Watch();
        owner.Receive(new Tick(this));
    }

    private async Task Run()
    {
        if (disposal.IsCancellationRequested)
        {
            return;
        }

        running = true;
        changed = false;
        try
        {
            await callback(disposal.Token);
        }
        catch (Exception failure) when (failure is not Storage.InconsistentStateException)
        {
            if (!disposal.IsCancellationRequested)
            {
                GrainLog.TimerFailed(owner.Host.Log, owner.GrainId, failure);
            }
        }
        finally
        {
            running = false;
            if (!changed && !disposal.IsCancellationRequested && period != Timeout.InfiniteTimeSpan)
            {
                timer.Change(period, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private sealed class Tick(GrainTimer timer) : VoidRequest
    {
        public override GrainMethod Method => timer.method;

        public override object? GetArgument(int index) => throw new ArgumentOutOfRangeException(nameof(index));

        protected override ValueTask Call(object grain) => new(timer.Run());
    }
}
