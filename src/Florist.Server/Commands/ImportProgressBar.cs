using System.Diagnostics;
using Florist.Imports;

namespace Florist.Server.Commands;

/// <summary>A bar on a terminal; where output is redirected, a line every few seconds.</summary>
/// <param name="linesTotal">Lines of the file.</param>
internal sealed class ImportProgressBar(long linesTotal) : IProgress<ImportReport>
{
    private const int Width = 40;
    private static readonly TimeSpan OnTerminal = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan OnPaper = TimeSpan.FromSeconds(5);

    private readonly Lock sync = new();
    private readonly long start = Stopwatch.GetTimestamp();
    private readonly bool isTerminal = !Console.IsOutputRedirected;
    private TimeSpan shownAt;
    private int lines;

    /// <inheritdoc/>
    public void Report(ImportReport value)
    {
        lock (sync)
        {
            lines = Math.Max(lines, value.Lines);
            TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
            if (elapsed - shownAt >= (isTerminal ? OnTerminal : OnPaper))
            {
                shownAt = elapsed;
                Show(elapsed);
            }
        }
    }

    /// <summary>Shows the end, and how long it took.</summary>
    public void Finish(TimeSpan elapsed)
    {
        lock (sync)
        {
            Show(elapsed);
            if (isTerminal)
            {
                Console.WriteLine();
            }
        }
    }

    private void Show(TimeSpan elapsed)
    {
        double share = linesTotal == 0 ? 1 : Math.Min(1, (double)lines / linesTotal);
        string bar = new string('#', (int)(share * Width)).PadRight(Width, '.');
        string text = string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"[{bar}] {share,4:P0}  {lines} lines in {elapsed.TotalSeconds:0.0} s");
        if (isTerminal)
        {
            Console.Write("\r" + text);
        }
        else
        {
            Console.WriteLine(text);
        }
    }
}
