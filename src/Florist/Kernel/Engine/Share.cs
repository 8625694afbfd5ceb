namespace Florist.Kernel;

/// <summary>
/// Divides what may be under way at once among the classes of work. Each class has a reserve that no other can use up,
/// larger for the more urgent, so that a cut-off never waits behind a wave of surveys.
/// </summary>
internal static class Share
{
    // Of ten parts; what rounding leaves over is free for all.
    private static readonly int[] Parts = [4, 3, 2, 1];

    /// <summary>Classes of work.</summary>
    public static int Classes => Parts.Length;

    /// <summary>What is kept for a class: at least one.</summary>
    public static int ReserveOf(int lane, int total) => Math.Max(1, total * Parts[lane] / 10);

    /// <summary>How many more a class may begin.</summary>
    /// <param name="lane">The class, 0 is the most urgent.</param>
    /// <param name="underWay">What is under way in each class.</param>
    /// <param name="total">What may be under way in all, at least one a class.</param>
    public static int Free(int lane, ReadOnlySpan<int> underWay, int total)
    {
        int others = 0;
        for (int i = 0; i < underWay.Length; i++)
        {
            others += i == lane ? 0 : Math.Max(underWay[i], ReserveOf(i, total));
        }

        return Math.Max(0, Math.Max(ReserveOf(lane, total), total - others) - underWay[lane]);
    }

    /// <summary>What may be under way in all so long after the start.</summary>
    /// <param name="sinceStart">Time since the start.</param>
    /// <param name="options">The interval of doubling and the limit.</param>
    /// <param name="cores">Processor cores, where it begins.</param>
    public static int Warm(TimeSpan sinceStart, EngineOptions options, int cores)
    {
        double doublings = Math.Min(sinceStart.TotalMilliseconds / options.SlowStartMs, 20);
        return (int)Math.Min(Math.Max(cores, Classes) * Math.Pow(2, Math.Floor(doublings)), options.ConcurrencyMax);
    }
}
