namespace Florist.Kernel;

/// <summary>
/// How long to wait after failures: twice as long each time, up to a limit, spread so that none march in step.
/// </summary>
internal static class BackOff
{
    /// <summary>The wait after so many failed attempts.</summary>
    /// <param name="attempts">Failed attempts, 1 or more.</param>
    /// <param name="options">The shortest and the longest wait.</param>
    /// <param name="spread">From 0 to 1: where between half of the wait and all of it.</param>
    public static TimeSpan After(int attempts, EngineOptions options, double spread)
    {
        double whole = Math.Min(options.BackOffMsMin * Math.Pow(2, Math.Min(attempts - 1, 40)), options.BackOffMsMax);
        return TimeSpan.FromMilliseconds((whole / 2) + (whole / 2 * spread));
    }
}
