namespace Orleans.Runtime;

/// <summary>Bounds a step of an activation's life: its token is cancelled first, then the wait for it ends.</summary>
internal sealed class Deadline(TimeSpan timeout, TimeProvider clock, CancellationToken outer = default) : IDisposable
{
    private readonly CancellationTokenSource source = CancellationTokenSource.CreateLinkedTokenSource(outer);

    public void Dispose() => source.Dispose();

    /// <exception cref="TimeoutException">The step did not end in time.</exception>
    internal async Task Bound(Func<CancellationToken, Task> step, string otherwise)
    {
        Task running = step(source.Token);
        if (running.IsCompleted)
        {
            await running;
            return;
        }

        using ITimer timer = clock.CreateTimer(_ => source.Cancel(), null, timeout, Timeout.InfiniteTimeSpan);
        try
        {
            await running.WaitAsync(timeout, clock);
        }
        catch (TimeoutException) when (!running.IsCompleted)
        {
            throw new TimeoutException($"{otherwise} within {timeout}");
        }
    }
}
