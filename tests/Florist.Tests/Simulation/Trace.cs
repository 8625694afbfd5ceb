using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Florist.Tests.Simulation;

/// <summary>
/// Everything that could be observed of a run, in order, as one hash. The last lines are kept for whoever has to find
/// out what happened.
/// </summary>
internal sealed class Trace : IDisposable
{
    private const int LinesKeptMax = 300;

    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Queue<string> last = new();
    private readonly string? only;

    /// <param name="only">Keep every line that contains this; null keeps the last lines whatever they say.</param>
    public Trace(string? only = null)
    {
        this.only = only;
    }

    /// <summary>How many lines there were.</summary>
    public long Count { get; private set; }

    /// <summary>The lines that were kept.</summary>
    public IReadOnlyCollection<string> Last => last;

    /// <summary>The hash of all lines so far.</summary>
    public string Hash => Convert.ToHexStringLower(hash.GetCurrentHash().AsSpan(0, 8));

    /// <summary>Notes that something happened.</summary>
    public void Add(DateTimeOffset at, string what)
    {
        string line = string.Create(CultureInfo.InvariantCulture, $"{at:yyyy-MM-ddTHH:mm:ss.fff} {what}");
        hash.AppendData(Encoding.UTF8.GetBytes(line));
        Count++;
        if (only is not null && !line.Contains(only, StringComparison.Ordinal))
        {
            return;
        }

        last.Enqueue(line);
        if (only is null && last.Count > LinesKeptMax)
        {
            last.Dequeue();
        }
    }

    public void Dispose() => hash.Dispose();
}
