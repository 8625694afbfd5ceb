using System.Collections.Immutable;

namespace Florist.Kernel;

/// <summary>
/// From when on the table is looked through for what is ready. Whatever was ready before has been seen and is gone; but
/// where somebody keeps a transaction open, PostgreSQL steps over all of it at every look. Everything is looked through
/// now and then all the same, so that nothing that comes to lie behind can be missed for longer than that.
/// </summary>
/// <param name="clock">By whose time looks at everything are spaced.</param>
internal sealed class WakeFloor(TimeProvider clock)
{
    /// <summary>How often everything is looked through.</summary>
    public static readonly TimeSpan WholeEvery = TimeSpan.FromMinutes(5);

    // Clocks of processes differ a little, and a commit is seen a little after the instant that it writes.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private DateTimeOffset from = DateTimeOffset.MinValue;
    private DateTimeOffset lookedAt = DateTimeOffset.MaxValue;
    private long wholeAt;

    /// <summary>From when on to look now; the least instant for everything.</summary>
    /// <param name="now">The present; when it is before that of the last look, the clock was set back.</param>
    public DateTimeOffset From(DateTimeOffset now)
    {
        lock (gate)
        {
            return now < lookedAt || clock.GetElapsedTime(wholeAt) >= WholeEvery ? DateTimeOffset.MinValue : from;
        }
    }

    /// <summary>Takes over what a look has found.</summary>
    /// <param name="asked">What was asked for, with the <see cref="WakeQuery.From"/> of <see cref="From"/>.</param>
    /// <param name="now">The present when it began.</param>
    /// <param name="found">The rows, earliest first.</param>
    public void Looked(WakeQuery asked, DateTimeOffset now, ImmutableArray<WakeRow> found)
    {
        DateTimeOffset first = found.IsEmpty || found[0].NotBefore > now ? now : found[0].NotBefore;
        lock (gate)
        {
            from = first < DateTimeOffset.MinValue + Slack ? DateTimeOffset.MinValue : first - Slack;
            lookedAt = now;
            if (asked.From == DateTimeOffset.MinValue)
            {
                wholeAt = clock.GetTimestamp();
            }
        }
    }
}
