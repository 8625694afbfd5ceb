namespace Florist.Delivery.Streaming;

/// <summary>
/// Tells a producer that sends the odd bad update from one that is broken. It counts the last five minutes, minute by
/// minute, and outlives the stream, so that reconnecting is no way around it.
/// </summary>
internal sealed class RejectionGauge(int updatesMin)
{
    private const int Minutes = 5;

    private readonly Lock counting = new();
    private readonly int[] all = new int[Minutes];
    private readonly int[] rejected = new int[Minutes];
    private long minute;

    /// <summary>Counts an update.</summary>
    public void Count(bool isRejected, TimeSpan now)
    {
        lock (counting)
        {
            Turn(now);
            all[minute % Minutes]++;
            rejected[minute % Minutes] += isRejected ? 1 : 0;
        }
    }

    /// <summary>True while more than half of enough updates were rejected.</summary>
    public bool IsTripped(TimeSpan now)
    {
        lock (counting)
        {
            Turn(now);
            int total = all.Sum();
            return total >= updatesMin && rejected.Sum() * 2 > total;
        }
    }

    /// <summary>True when nothing came for five minutes.</summary>
    public bool IsIdle(TimeSpan now)
    {
        lock (counting)
        {
            Turn(now);
            return all.Sum() == 0;
        }
    }

    private void Turn(TimeSpan now)
    {
        long current = (long)now.TotalMinutes;
        for (long next = Math.Max(minute + 1, current - Minutes + 1); next <= current; next++)
        {
            all[next % Minutes] = 0;
            rejected[next % Minutes] = 0;
        }

        minute = Math.Max(minute, current);
    }
}
