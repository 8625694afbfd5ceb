using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Florist.Kernel;

namespace Florist.Delivery;

/// <summary>The state of one producer, with its rules.</summary>
internal sealed record ProducerBook : IDurableState<ProducerBook>
{
    /// <summary>The table of rejected reports; read through <see cref="ICourierQueries"/>.</summary>
    public const string RejectedTable = "courier_rejected_update";

    public const int RejectedMax = 10_000;

    /// <summary>Everything up to here is decided and stored.</summary>
    public long CommittedSequence { get; init; }

    /// <summary>The stream that may move the cursor; empty before the first.</summary>
    public string SessionId { get; init; } = "";

    /// <summary>Reports rejected so far.</summary>
    public long RejectedCount { get; init; }

    [JsonIgnore]
    public DateTimeOffset? NextDue => null;

    [JsonIgnore]
    public Effects Effects { get; init; } = Effects.None;

    [JsonIgnore]
    public Answered Answered { get; init; } = Answered.None;

    public ProducerBook With(Effects effects) => this with { Effects = effects };

    public Outcome<ProducerBook> Open(OpenSession command) => command.NextSequence > CommittedSequence + 1
        ? Gap(CommittedSequence + 1)
        : this with { SessionId = command.SessionId };

    public Outcome<ProducerBook> Advance(AdvanceCursor command, ProducerKey key, DateTimeOffset now) =>
        command.SessionId != SessionId
            ? Fenced
            : command.CommittedSequence <= CommittedSequence
                ? this
                : Reject(command.Rejected, key, now) with { CommittedSequence = command.CommittedSequence };

    /// <summary>The book with rejected reports; beyond 10,000 the oldest go.</summary>
    public ProducerBook Reject(ImmutableArray<RejectedReport> rejected, ProducerKey key, DateTimeOffset now)
    {
        ProducerBook book = this;
        foreach (RejectedReport report in rejected)
        {
            long number = book.RejectedCount + 1;
            RejectedReport kept = report with { Number = number, ProducerId = key.Producer, ReceivedAt = now };
            Effects effects = book.Effects.Put(new RowChange
            {
                Table = RejectedTable,
                Key = RowKey(key, number),
                Values = [new("received_at", (DateTimeOffset?)now), new("body", FloristJson.Write(kept))],
            });
            effects = number > RejectedMax
                ? effects.Put(new RowChange { Table = RejectedTable, Key = RowKey(key, number - RejectedMax) })
                : effects;
            book = book with { RejectedCount = number, Effects = effects };
        }

        return book;
    }

    /// <summary>The stream was taken over.</summary>
    public static Fault Fenced => new()
    {
        Kind = FaultKind.Stale,
        Reason = "SESSION_FENCED",
        Text = "another stream of this producer took over",
    };

    /// <summary>Updates are missing.</summary>
    public static Fault Gap(long expected) =>
        Fault.Refused("SEQUENCE_GAP", $"update {expected} comes next; updates before the one sent are missing")
            .With("expectedSequence", $"{expected}");

    private static ImmutableArray<RowField> RowKey(ProducerKey key, long number) =>
        [new("courier_id", key.Courier.Value), new("producer_id", key.Producer), new("number", number)];
}

/// <summary>The key of a producer's grain.</summary>
internal readonly record struct ProducerKey(CourierId Courier, string Producer)
{
    public override string ToString() => $"{Courier}/{Producer}";

    public static ProducerKey Parse(string key)
    {
        int split = key.IndexOf('/', StringComparison.Ordinal);
        return new(new CourierId(key[..split]), key[(split + 1)..]);
    }

    /// <summary>
    /// Where batches are kept: no stream can have this name, and many of them spread the request ids, of which one
    /// producer remembers 256.
    /// </summary>
    public static ProducerKey OfBatch(CourierId courier, string? requestId) =>
        new(courier, $"_unary{requestId?[..2]}");
}
