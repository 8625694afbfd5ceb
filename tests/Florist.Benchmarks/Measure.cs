using System.Diagnostics;

namespace Florist.Benchmarks;

/// <summary>Ways to measure.</summary>
internal static class Measure
{
    private const int Rounds = 9;
    private static readonly TimeSpan RoundTime = TimeSpan.FromSeconds(0.4);

    /// <summary>
    /// Measures two things in turn, several short rounds of each, so that both meet the same weather, and takes
    /// the round whose ratio is the median.
    /// </summary>
    public static async Task<(double Value, double Baseline)> Both(
        Func<Task<double>> value, Func<Task<double>> baseline)
    {
        List<(double Value, double Baseline)> rounds = [];
        await baseline();
        await value();
        for (int round = 0; round < Rounds; round++)
        {
            double plain = await baseline();
            rounds.Add((await value(), plain));
        }

        return rounds.OrderBy(round => round.Value / round.Baseline).ElementAt(Rounds / 2);
    }

    /// <summary>How often a second so many callers, each waiting for its last call, get something done.</summary>
    public static async Task<double> Rate(int callers, Func<int, Task> call)
    {
        long started = Stopwatch.GetTimestamp();
        int[] done = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            int count = 0;
            while (Stopwatch.GetElapsedTime(started) < RoundTime)
            {
                await call(caller);
                count++;
            }

            return count;
        })));
        return done.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>The time of a call in milliseconds that this share of the calls of all callers kept.</summary>
    /// <param name="callers">Callers at once, each waiting for its last call.</param>
    /// <param name="share">From 0 to 1; 0.5 is the median.</param>
    /// <param name="call">What is called.</param>
    /// <param name="pauseMs">What each caller waits between its calls, outside of what is measured.</param>
    public static async Task<double> Percentile(int callers, double share, Func<int, Task> call, int pauseMs = 0)
    {
        long started = Stopwatch.GetTimestamp();
        List<double>[] times = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            List<double> own = [];
            while (Stopwatch.GetElapsedTime(started) < RoundTime)
            {
                await Task.Delay(pauseMs);
                long begun = Stopwatch.GetTimestamp();
                await call(caller);
                own.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }

            return own;
        })));
        double[] all = [.. times.SelectMany(own => own).Order()];
        return all[(int)Math.Min(all.Length - 1, all.Length * share)];
    }
}
