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
        (int total, int bad) = Counts(now);
        return total >= updatesMin && bad * 2 > total;
    }

    /// <summary>The updates of the last five minutes, and how many of them were rejected.</summary>
    public (int Updates, int Rejected) Counts(TimeSpan now)
    {
        lock (counting)
        {
            Turn(now);
            return (all.Sum(), rejected.Sum());
        }
    }

    /// <summary>Begins anew, when what was counted has had its consequence.</summary>
    public void Clear()
    {
        lock (counting)
        {
            Array.Clear(all);
            Array.Clear(rejected);
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
