using System.Collections.Immutable;
using Florist.Kernel;
using Orleans;

namespace Florist.Delivery;

/// <summary>
/// One outbox of a courier: how far its updates are committed, which stream may move that on, and what was rejected.
/// The key is <c>{courier}/{producer}</c>.
/// </summary>
public interface ICourierProducerGrain : IGrainWithStringKey
{
    /// <summary>Begins a stream; the one before may not move the cursor any more. Safe to repeat.</summary>
    /// <returns>The last committed number; Refused (<c>SEQUENCE_GAP</c>) when the client has lost updates.</returns>
    Task<Outcome<long>> Open(OpenSession command);

    /// <summary>
    /// Moves the cursor, after the decisions up to it are stored, and keeps what was rejected. Safe to repeat.
    /// </summary>
    /// <returns>Done; Stale (<c>SESSION_FENCED</c>) when another stream took over.</returns>
    Task<Outcome<Done>> Advance(AdvanceCursor command);

    /// <summary>True while no other stream took over.</summary>
    Task<bool> IsHeldBy(string sessionId);

    /// <summary>What was answered to the batch before.</summary>
    /// <returns>Null answers when it was not; Invalid (<c>REQUEST_ID_REUSED</c>); TooMany request ids.</returns>
    Task<Outcome<EarlierBatch>> Earlier(ReportBatch batch);

    /// <summary>
    /// Keeps the answers to a batch, and what was rejected of it. Safe to repeat with the same request id.
    /// </summary>
    /// <returns>The answers that stand: those of the first, if there was one.</returns>
    Task<Outcome<EarlierBatch>> Keep(KeepBatch command);
}

/// <summary>Begins a stream.</summary>
/// <param name="SessionId">A new id, never used before.</param>
/// <param name="NextSequence">The number that the client would send next.</param>
public sealed record OpenSession(string SessionId, long NextSequence);

/// <summary>Moves the cursor.</summary>
/// <param name="SessionId">The stream that says so.</param>
/// <param name="CommittedSequence">Up to here everything is decided and stored.</param>
/// <param name="Rejected">What was rejected since the last move.</param>
public sealed record AdvanceCursor(
    string SessionId, long CommittedSequence, ImmutableArray<RejectedReport> Rejected);

/// <summary>A batch of reports.</summary>
/// <param name="RequestId">Makes a repeat safe; null when the caller gave none.</param>
/// <param name="Reports">The reports, in order.</param>
public sealed record ReportBatch(string? RequestId, ImmutableArray<AddressedReport> Reports);

/// <summary>Keeps the answers to a batch.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="Answers">The answers, in order.</param>
/// <param name="Rejected">What was rejected of it.</param>
public sealed record KeepBatch(
    ReportBatch Batch, ImmutableArray<ReportAnswer> Answers, ImmutableArray<RejectedReport> Rejected);

/// <summary>Answers to a batch.</summary>
/// <param name="Answers">The answers, in order; null when the batch was not answered before.</param>
public sealed record EarlierBatch(ImmutableArray<ReportAnswer>? Answers);

/// <summary>A report with the order that it is for.</summary>
/// <param name="OrderId">The order; null when the report named none.</param>
/// <param name="Report">The report.</param>
public sealed record AddressedReport(string? OrderId, CourierReport Report);

/// <summary>A report that was rejected: a dead letter, for the courier to look at.</summary>
public sealed record RejectedReport
{
    /// <summary>Counts the rejected reports of the producer, from 1; set when it is kept.</summary>
    public long Number { get; init; }

    /// <summary>Its number on the stream; 0 for one of a batch.</summary>
    public long Sequence { get; init; }

    /// <summary>The producer; set when it is kept.</summary>
    public string ProducerId { get; init; } = "";

    /// <summary>The event as it came, in the binary form of the contract; null when it was too large.</summary>
    public string? EventBase64 { get; init; }

    /// <summary>Why.</summary>
    public Fault Fault { get; init; } = new();

    /// <summary>When it came; set when it is kept.</summary>
    public DateTimeOffset ReceivedAt { get; init; }
}
