namespace Florist.Kernel;

/// <summary>Wakes one waiting loop early. Rings that nobody waits for are remembered as one.</summary>
internal sealed class Bell : IDisposable
{
    private readonly SemaphoreSlim rung = new(0, 1);
    private readonly Lock ringing = new();

    /// <summary>Wakes the loop, or spares it its next wait.</summary>
    public void Ring()
    {
        // Only ringers raise the count, one at a time, so it never passes its limit.
        lock (ringing)
        {
            if (rung.CurrentCount == 0)
            {
                rung.Release();
            }
        }
    }

    /// <summary>Returns when rung or when the time is up.</summary>
    public Task Wait(TimeSpan atMost, CancellationToken cancellationToken) =>
        rung.WaitAsync(atMost, cancellationToken);

    public void Dispose() => rung.Dispose();
}
