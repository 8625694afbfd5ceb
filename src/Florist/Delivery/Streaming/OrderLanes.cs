namespace Florist.Delivery.Streaming;

/// <summary>
/// Decides updates of different orders in parallel, as many at once as the window is wide, and those of one order one
/// after the other.
/// </summary>
internal sealed class OrderLanes(int width) : IDisposable
{
    private readonly SemaphoreSlim slots = new(width, width);
    private readonly Dictionary<string, Task> tails = new(StringComparer.Ordinal);

    /// <summary>Runs the work behind all earlier work of the order. The work must not throw.</summary>
    public void Run(string order, Func<Task> work)
    {
        Task before = tails.GetValueOrDefault(order, Task.CompletedTask);
        tails[order] = RunBehind(before, work);
    }

    /// <summary>Forgets orders with nothing under way.</summary>
    public void Sweep()
    {
        foreach (string order in tails.Where(lane => lane.Value.IsCompleted).Select(lane => lane.Key).ToList())
        {
            tails.Remove(order);
        }
    }

    public void Dispose() => slots.Dispose();

    private async Task RunBehind(Task before, Func<Task> work)
    {
        await before.ConfigureAwait(false);
        await slots.WaitAsync().ConfigureAwait(false);
        try
        {
            await work().ConfigureAwait(false);
        }
        finally
        {
            slots.Release();
        }
    }
}
