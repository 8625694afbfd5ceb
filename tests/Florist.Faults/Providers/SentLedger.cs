using System.Collections.Immutable;
using System.Text.Json;

namespace Florist.Faults.Providers;

/// <summary>A message that a provider has accepted.</summary>
/// <param name="Channel"><c>sms</c> or <c>email</c>.</param>
/// <param name="Key">The sender's key of the message.</param>
/// <param name="To">The recipient.</param>
/// <param name="Body">The text of an SMS; empty for e-mail.</param>
/// <param name="At">When, by the clock that the provider shows.</param>
internal sealed record SentMessage(string Channel, string Key, string To, string Body, DateTimeOffset At);

/// <summary>
/// What the providers have accepted: a file of one JSON line each, on the disk before the sender is answered. It is the
/// oracle of what customers got.
/// </summary>
internal sealed class SentLedger : IDisposable
{
    private readonly FileStream file;
    private readonly Lock writing = new();
    private readonly List<SentMessage> messages = [];

    public SentLedger(string path)
    {
        messages.AddRange(Read(path));
        file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
    }

    /// <summary>All so far, oldest first.</summary>
    public ImmutableArray<SentMessage> All
    {
        get
        {
            lock (writing)
            {
                return [.. messages];
            }
        }
    }

    /// <summary>What a file holds; an unfinished last line was never answered.</summary>
    public static ImmutableArray<SentMessage> Read(string path) => !File.Exists(path)
        ? []
        : [.. ReadShared(path).Split('\n')[..^1].Select(line => JsonSerializer.Deserialize<SentMessage>(line)
            ?? throw new InvalidDataException(line))];

    /// <summary>Accepts a message; answers its number, from 1.</summary>
    public int Accept(SentMessage message)
    {
        lock (writing)
        {
            file.Write([.. JsonSerializer.SerializeToUtf8Bytes(message), (byte)'\n']);
            file.Flush(flushToDisk: true);
            messages.Add(message);
            return messages.Count;
        }
    }

    public void Dispose() => file.Dispose();

    private static string ReadShared(string path)
    {
        using FileStream shared = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using StreamReader reader = new(shared);
        return reader.ReadToEnd();
    }
}
