namespace Grpc.Kestrel.Server;

/// <summary>Ends a call when its time has passed.</summary>
internal sealed class CallDeadline : IAsyncDisposable
{
    // The longest due time a timer takes is 49 days; a longer wait is made of several.
    private static readonly TimeSpan WaitMax = TimeSpan.FromDays(40);

    private readonly long startedAt;
    private readonly Func<Task> expire;
    private ITimer? timer;
    private Task expiry = Task.CompletedTask;

    public CallDeadline(TimeSpan timeout, Func<Task> expire)
    {
        Timeout = timeout;
        this.expire = expire;
        startedAt = TimeProvider.System.GetTimestamp();
        DateTime now = TimeProvider.System.GetUtcNow().UtcDateTime;
        At = timeout < DateTime.MaxValue - now ? now + timeout : DateTime.MaxValue;
    }

    public TimeSpan Timeout { get; }

    /// <summary>In UTC; <see cref="DateTime.MaxValue"/> when it lies beyond the calendar.</summary>
    public DateTime At { get; }

    public void Start()
    {
        timer = TimeProvider.System.CreateTimer(
            static state => ((CallDeadline?)state)?.Tick(),
            this,
            System.Threading.Timeout.InfiniteTimeSpan,
            System.Threading.Timeout.InfiniteTimeSpan);
        Arm(Timeout);
    }

    /// <summary>Stops the timer; when it has fired, waits until the expired call has been answered.</summary>
    public async ValueTask DisposeAsync()
    {
        if (timer is not null)
        {
            await timer.DisposeAsync().ConfigureAwait(false);
            await expiry.ConfigureAwait(false);
        }
    }

    private void Tick()
    {
        TimeSpan left = Timeout - TimeProvider.System.GetElapsedTime(startedAt);
        if (left > TimeSpan.Zero)
        {
            Arm(left);
        }
        else
        {
            expiry = expire();
        }
    }

    // Rounded up to whole milliseconds, which is what timers count in: rounding down would tick once too early.
    private void Arm(TimeSpan left) => timer?.Change(
        left > WaitMax ? WaitMax : TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)),
        System.Threading.Timeout.InfiniteTimeSpan);
}
