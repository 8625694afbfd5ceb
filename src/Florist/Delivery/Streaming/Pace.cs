namespace Florist.Delivery.Streaming;

/// <summary>How fast a stream is read in the long run; for a second or two it may be twice as fast.</summary>
internal sealed class Pace(int perSecond)
{
    private double allowance = 2 * perSecond;
    private TimeSpan last;

    /// <summary>
    /// Counts one update at <paramref name="now"/>, and says how long to wait before the next is read.
    /// </summary>
    public TimeSpan Take(TimeSpan now)
    {
        allowance = Math.Min(2 * perSecond, allowance + ((now - last).TotalSeconds * perSecond)) - 1;
        last = now;
        return allowance >= 1 ? TimeSpan.Zero : TimeSpan.FromSeconds((1 - allowance) / perSecond);
    }
}
