namespace Florist.Tests.Simulation;

/// <summary>The product's clock: the true time and how wrong it is at present. Timers are not its business.</summary>
internal sealed class SimulatedClock(Func<DateTimeOffset> truth) : TimeProvider
{
    private readonly List<(DateTimeOffset At, TimeSpan Error)> jumps = [];

    /// <summary>How far it is ahead of the truth.</summary>
    public TimeSpan Error { get; private set; }

    public override DateTimeOffset GetUtcNow() => truth() + Error;

    /// <summary>Makes it wrong, or right with zero.</summary>
    public void Jump(TimeSpan error)
    {
        Error = error;
        jumps.Add((truth(), error));
    }

    /// <summary>The furthest it was ahead of, and behind, the truth between two true instants.</summary>
    public (TimeSpan Ahead, TimeSpan Behind) WorstBetween(DateTimeOffset from, DateTimeOffset until)
    {
        TimeSpan ahead = TimeSpan.Zero;
        TimeSpan behind = TimeSpan.Zero;
        for (int i = 0; i < jumps.Count && jumps[i].At <= until; i++)
        {
            DateTimeOffset end = i + 1 < jumps.Count ? jumps[i + 1].At : DateTimeOffset.MaxValue;
            if (end >= from)
            {
                ahead = jumps[i].Error > ahead ? jumps[i].Error : ahead;
                behind = -jumps[i].Error > behind ? -jumps[i].Error : behind;
            }
        }

        return (ahead, behind);
    }
}
