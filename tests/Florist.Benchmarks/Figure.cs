using System.Globalization;

namespace Florist.Benchmarks;

/// <summary>
/// Prints what was measured, a line a figure. The ratio is always higher-is-better; machines differ and are noisy, so
/// the ratio to a baseline measured in the same minute is what counts.
/// </summary>
internal static class Figure
{
    /// <summary>False once a figure missed its goal.</summary>
    public static bool AllReached { get; private set; } = true;

    /// <summary>A rate, compared with a baseline's rate.</summary>
    public static void Rate(string name, double value, double baseline, double goal) =>
        Print(name, value, baseline, value / baseline, goal);

    /// <summary>A time in milliseconds, compared with a baseline's time.</summary>
    public static void Time(string name, double valueMs, double baselineMs, double goal) =>
        Print(name, valueMs, baselineMs, baselineMs / valueMs, goal);

    /// <summary>A value that must stay below a limit.</summary>
    public static void Limit(string name, double value, double limit) => Print(name, value, limit, limit / value, 1);

    /// <summary>A cost beside a baseline's, for information: it explains a rate that has a goal.</summary>
    public static void Cost(string name, double value, double baseline) =>
        Print(name, value, baseline, baseline / value, goal: 0);

    private static void Print(string name, double value, double baseline, double ratio, double goal)
    {
        AllReached &= ratio >= goal;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name} value={value:0.###} baseline={baseline:0.###} ratio={ratio:0.00} goal={goal:0.##}"));
    }
}
