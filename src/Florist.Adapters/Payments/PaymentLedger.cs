using Florist.Kernel;
using Florist.Orders;

namespace Florist.Adapters.Payments;

/// <summary>
/// What the payment simulator has done, one entry a key. With a file it survives this process; without one it is
/// forgotten, the oldest first, when there is too much of it.
/// </summary>
internal sealed class PaymentLedger : IDisposable
{
    private const int EntriesWithoutFileMax = 50_000;

    private readonly FileStream? file;
    private readonly Dictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Entry>> accounts = new(StringComparer.Ordinal);
    private readonly Queue<Entry> oldest = new();

    /// <summary>Opens the file, and cuts off a line that a killed process did not finish.</summary>
    /// <param name="path">The file; null for none.</param>
    public PaymentLedger(string? path)
    {
        if (path is not { Length: > 0 })
        {
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path)) ?? ".");
        file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        byte[] content = new byte[file.Length];
        file.ReadExactly(content);
        int finished = Array.LastIndexOf(content, (byte)'\n') + 1;
        foreach (Range line in content.AsSpan(0, finished).Split((byte)'\n'))
        {
            if (!content.AsSpan(line).IsEmpty)
            {
                Keep(FloristJson.Read<Entry>(content.AsSpan(line)));
            }
        }

        file.SetLength(finished);
        file.Position = finished;
    }

    /// <summary>True when everything that was ever done is known.</summary>
    public bool IsWhole => file is not null;

    /// <summary>What was done under a key; null for nothing.</summary>
    public Entry? Find(string key) => entries.GetValueOrDefault(key);

    /// <summary>What was done with a reservation, oldest first; empty for one that is not known.</summary>
    public IReadOnlyList<Entry> Account(string reference) => accounts.GetValueOrDefault(reference) ?? [];

    /// <summary>Notes what is done under a new key; it is on the disk when this returns.</summary>
    public void Note(Entry entry)
    {
        if (file is not null)
        {
            file.Write([.. FloristJson.WriteBytes(entry), (byte)'\n']);
            file.Flush(flushToDisk: true);
        }

        Keep(entry);
    }

    public void Dispose() => file?.Dispose();

    private void Keep(Entry entry)
    {
        entries[entry.Key] = entry;
        if (!accounts.TryGetValue(entry.Reference, out List<Entry>? account))
        {
            accounts.Add(entry.Reference, account = []);
        }

        account.Add(entry);
        if (file is not null)
        {
            return;
        }

        oldest.Enqueue(entry);
        if (oldest.Count > EntriesWithoutFileMax)
        {
            Entry forgotten = oldest.Dequeue();
            entries.Remove(forgotten.Key);
            accounts.Remove(forgotten.Reference);
        }
    }

    /// <summary>A line.</summary>
    /// <param name="Key">The idempotency key.</param>
    /// <param name="Reference">The reservation.</param>
    /// <param name="Amount">What was reserved, taken or given back; null for a release.</param>
    internal sealed record Entry(string Key, string Reference, Money? Amount)
    {
        /// <summary>What was done.</summary>
        public Deed Deed { get; init; }

        /// <summary>What was answered.</summary>
        public PaymentKind Kind { get; init; }

        /// <summary>Why not, as a word; null when done.</summary>
        public string? Reason { get; init; }

        /// <summary>Until when a reservation holds; null for anything else.</summary>
        public DateTimeOffset? Until { get; init; }
    }

    /// <summary>What can be done.</summary>
    internal enum Deed
    {
        /// <summary>An amount was reserved, or was to be.</summary>
        Authorized,

        /// <summary>An amount was taken.</summary>
        Captured,

        /// <summary>A reservation was given back.</summary>
        Released,

        /// <summary>An amount was given back.</summary>
        Refunded,

        /// <summary>The payer has confirmed or refused.</summary>
        Confirmed,
    }
}
