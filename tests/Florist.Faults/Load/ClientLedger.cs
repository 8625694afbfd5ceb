using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;

namespace Florist.Faults.Load;

/// <summary>
/// What clients asked for and were told: in memory for the checker, and in a file, written before a call leaves and
/// after it was answered, for people.
/// </summary>
internal sealed class ClientLedger : IDisposable
{
    private readonly ConcurrentDictionary<string, Operation> operations = new(StringComparer.Ordinal);
    private readonly FileStream file;
    private readonly Lock writing = new();
    private int last;

    public ClientLedger(string path)
    {
        file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
    }

    public ImmutableArray<Operation> All => [.. operations.Values.OrderBy(operation => operation.AskedAt)];

    /// <summary>How many there are.</summary>
    public int Count => operations.Count;

    /// <summary>How many were answered: done.</summary>
    public int DoneCount => operations.Values.Count(operation => operation.Known == Known.Done);

    /// <summary>A new operation, noted before it is sent.</summary>
    /// <param name="asked">What.</param>
    /// <param name="parent">The tag of what it works on.</param>
    /// <param name="ahead">How far the shop's clock is ahead of the machine's.</param>
    public Operation Begin(Asked asked, string parent, TimeSpan ahead = default)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        string tag = $"{asked.ToString()[..2].ToLowerInvariant()}{Interlocked.Increment(ref last)}";
        Operation operation = new(tag, asked, parent)
        {
            AskedAt = now,
            On = DateOnly.FromDateTime((now + ahead).UtcDateTime),
        };
        operations[tag] = operation;
        Note("invoke", operation);
        return operation;
    }

    /// <summary>It was answered.</summary>
    public void End(Operation operation, Known known, string word)
    {
        operation.AnsweredAt = TimeProvider.System.GetUtcNow();
        operation.Known = known;
        Note(known == Known.Done ? "ok" : "fail", operation, word);
    }

    public void Dispose() => file.Dispose();

    private void Note(string what, Operation operation, string word = "")
    {
        byte[] line = JsonSerializer.SerializeToUtf8Bytes(
            new { at = TimeProvider.System.GetUtcNow(), what, operation.Tag, operation.Parent, operation.Name, word });
        lock (writing)
        {
            file.Write([.. line, (byte)'\n']);
            file.Flush();
        }
    }
}
