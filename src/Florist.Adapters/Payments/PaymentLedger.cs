using System.Text.Json;
using Florist.Kernel;

namespace Florist.Adapters.Payments;

/// <summary>What the payment simulator has done, in a file that survives this process: one line a key.</summary>
internal sealed class PaymentLedger : IDisposable
{
    private readonly FileStream file;
    private readonly HashSet<string> keys = new(StringComparer.Ordinal);
    private readonly Lock writing = new();

    /// <summary>Opens the file, and cuts off a line that a killed process did not finish.</summary>
    public PaymentLedger(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path)) ?? ".");
        file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        byte[] content = new byte[file.Length];
        file.ReadExactly(content);
        int finished = Array.LastIndexOf(content, (byte)'\n') + 1;
        foreach (Range line in content.AsSpan(0, finished).Split((byte)'\n'))
        {
            if (!content.AsSpan(line).IsEmpty)
            {
                keys.Add(FloristJson.Read<Entry>(content.AsSpan(line)).Key);
            }
        }

        file.SetLength(finished);
        file.Position = finished;
    }

    /// <summary>Notes what is done under a key, once; it is on the disk when this returns.</summary>
    public void Note(Entry entry)
    {
        lock (writing)
        {
            if (keys.Contains(entry.Key))
            {
                return;
            }

            file.Write([.. FloristJson.WriteBytes(entry), (byte)'\n']);
            file.Flush(flushToDisk: true);
            keys.Add(entry.Key);
        }
    }

    public void Dispose() => file.Dispose();

    /// <summary>A line.</summary>
    /// <param name="Key">The idempotency key.</param>
    /// <param name="Reference">The reservation that was made or given back.</param>
    /// <param name="Amount">What was reserved; null for a release.</param>
    internal sealed record Entry(string Key, string Reference, Money? Amount);
}
