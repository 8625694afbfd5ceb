using System.Diagnostics.CodeAnalysis;

namespace Florist.Delivery.Streaming;

/// <summary>
/// Decides updates of different orders in parallel, as many at once as the window is wide, and those of one order one
/// after the other.
/// </summary>
[SuppressMessage(
    "Reliability", "CA1001", Justification = "A SemaphoreSlim whose wait handle is never asked for holds nothing.")]
internal sealed class OrderLanes(int width)
{
    private readonly SemaphoreSlim slots = new(width, width);

    // Only the loop of the stream looks at it.
    private readonly Dictionary<string, Task> tails = new(StringComparer.Ordinal);

    /// <summary>Runs the work behind all earlier work of the order. The work must not throw.</summary>
    public void Run(string order, Func<Task> work)
    {
        if (tails.Count > width)
        {
            Sweep();
        }

        Task before = tails.GetValueOrDefault(order, Task.CompletedTask);
        tails[order] = RunBehind(before, work);
    }

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

    // Forgets orders with nothing under way.
    private void Sweep()
    {
        foreach (string order in tails.Where(lane => lane.Value.IsCompleted).Select(lane => lane.Key).ToList())
        {
            tails.Remove(order);
        }
    }
}
