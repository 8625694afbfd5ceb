namespace Florist.Delivery.Streaming;

/// <summary>
/// Decides updates of different orders in parallel, and those of one order one after the other. How many there are at
/// once is the window's to say. Only the loop of the stream calls it.
/// </summary>
internal sealed class OrderLanes
{
    private const int SweepAt = 256;

    private readonly Dictionary<string, Task> tails = new(StringComparer.Ordinal);

    /// <summary>Runs the work behind all earlier work of the order. The work must not throw.</summary>
    public void Run(string order, Func<Task> work)
    {
        if (tails.Count >= SweepAt)
        {
            Sweep();
        }

        tails[order] = RunBehind(tails.GetValueOrDefault(order, Task.CompletedTask), work);
    }

    private static async Task RunBehind(Task before, Func<Task> work)
    {
        await before.ConfigureAwait(false);
        await work().ConfigureAwait(false);
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
