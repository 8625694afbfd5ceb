using System.Collections.Immutable;
using Florist.Kernel;
using Florist.Protos.Delivery.V1;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Florist.Delivery.Streaming;

/// <summary>
/// The updates of one stream, from their coming to their being told. Called by the loop of the stream alone; decisions
/// come back to it as signals.
/// </summary>
internal sealed class UpdateFlow(
    StreamTerms terms,
    long committed,
    RejectionGauge gauge,
    Func<AddressedReport, CancellationToken, Task<ReportAnswer>> decide,
    Action<StreamSignal> post,
    ILogger log)
{
    private readonly AckLedger ledger = new(committed);
    private readonly OrderLanes lanes = new();
    private int underWay;
    private bool isQuarantined;

    /// <summary>True once most of the producer's updates were rejected.</summary>
    public bool IsQuarantined => isQuarantined;

    /// <summary>True while decisions are still to come.</summary>
    public bool IsDeciding => underWay > 0;

    /// <summary>Updates, and repeats of updates, that the client could be told of.</summary>
    public long Ready => ledger.Ready;

    /// <summary>The last committed number.</summary>
    public long Committed => ledger.Committed;

    /// <summary>True when there is more to commit than is committed.</summary>
    public bool CanAdvance => ledger.Prefix > ledger.Committed;

    /// <summary>Takes an update.</summary>
    /// <returns>How the stream has to end because of it; null when it goes on.</returns>
    public RpcException? Take(StreamUpdatesRequest.Types.Update update, CancellationToken closed)
    {
        if (update.Sequence < 1)
        {
            return StreamEnds.SequenceInvalid();
        }

        switch (ledger.Admit(update.Sequence))
        {
            case Admission.Gap:
                return ProducerBook.Gap(ledger.Received + 1).ToException();
            case Admission.Repeat:
                ledger.Repeat(new UpdateResult
                {
                    Sequence = update.Sequence,
                    EventId = update.Event?.EventId ?? "",
                    Disposition = UpdateResult.Types.Disposition.Duplicate,
                });
                return null;
            default:
                return ledger.Outstanding > 2 * terms.Window
                    ? StreamEnds.WindowExceeded(terms.Window)
                    : Begin(update, closed);
        }
    }

    /// <summary>Takes note of a decision.</summary>
    /// <returns>How the stream has to end because of it; null when it goes on.</returns>
    public RpcException? Take(StreamSignal.Decided decided)
    {
        underWay--;
        return Settle(decided.Sequence, decided.Event, decided.Answer);
    }

    /// <summary>
    /// Takes note that an update could not be decided, or not be stored. Nothing behind it is committed.
    /// </summary>
    public RpcException Take(StreamSignal.Failed failed)
    {
        underWay--;
        DeliveryLog.UpdateFailed(log, terms.SessionId, failed.Sequence, failed.Cause);
        return StreamEnds.Unavailable();
    }

    /// <summary>The next move of the cursor.</summary>
    public AdvanceCursor ToAdvance() => new(terms.SessionId, ledger.Prefix, ledger.TakeRejected());

    /// <summary>Takes note that the cursor is stored.</summary>
    public void Commit(long sequence) => ledger.Commit(sequence);

    /// <summary>What the client has yet to hear; given out once.</summary>
    public StreamUpdatesResponse ToAck()
    {
        StreamUpdatesResponse.Types.Ack ack = new() { CommittedSequence = ledger.Committed, Window = terms.Window };
        ImmutableArray<UpdateResult> results = ledger.TakeResults();
        ack.Results.AddRange(results);
        return new StreamUpdatesResponse { Ack = ack };
    }

    private RpcException? Begin(StreamUpdatesRequest.Types.Update update, CancellationToken closed)
    {
        long sequence = update.Sequence;
        if (update.Event is not { } sent)
        {
            return Settle(sequence, null, Rejected("", Fault.Invalid("event", "REQUIRED", "is required")));
        }

        if (update.CalculateSize() > StreamTerms.UpdateBytesMax)
        {
            return Settle(sequence, null, Rejected(
                sent.EventId,
                Fault.Invalid("update", "UPDATE_TOO_LARGE", $"has more than {StreamTerms.UpdateBytesMax} bytes")));
        }

        AddressedReport addressed = DeliveryMessages.Read(sent, terms.Key.Courier, ReportSource.Stream);
        if (addressed.Report.Location is not null && ledger.Outstanding > terms.Window)
        {
            // Under load positions go first: the next one replaces this one anyway.
            return Settle(sequence, sent, new ReportAnswer
            {
                EventId = sent.EventId,
                Disposition = Disposition.NoOp,
                Reason = "SHED",
            });
        }

        underWay++;
        lanes.Run(addressed.OrderId ?? "", () => Decide(sequence, sent, addressed, closed));
        return null;
    }

    private async Task Decide(
        long sequence, DeliveryEvent sent, AddressedReport addressed, CancellationToken closed)
    {
        try
        {
            closed.ThrowIfCancellationRequested();
            post(new StreamSignal.Decided(sequence, sent, await decide(addressed, closed)));
        }
        catch (Exception cause)
        {
            // The loop logs it, unless the stream is over anyway.
            post(new StreamSignal.Failed(sequence, cause));
        }
    }

    private RpcException? Settle(long sequence, DeliveryEvent? sent, ReportAnswer answer)
    {
        bool isRejected = answer.Disposition == Disposition.Rejected;
        bool isPlain = answer is { Disposition: Disposition.Applied, Flags: ReportFlags.None };

        // Meddling with another courier's leg is logged; a dead letter would only hand the meddler its words back.
        RejectedReport? letter = answer.Fault is { } fault && fault.Kind != FaultKind.Denied
            ? sent.ToRejected(fault, sequence)
            : null;
        ledger.Settle(sequence, isPlain ? null : answer.ToProto(sequence), letter);
        gauge.Count(isRejected, terms.Now);
        if (isQuarantined || !isRejected || !gauge.IsTripped(terms.Now))
        {
            return null;
        }

        isQuarantined = true;
        DeliveryLog.Quarantined(
            log, terms.Key.Courier.Value, terms.Key.Producer, terms.Options.QuarantineUpdatesMin);
        return StreamEnds.Quarantined();
    }

    private static ReportAnswer Rejected(string eventId, Fault fault) => new()
    {
        EventId = eventId,
        Disposition = Disposition.Rejected,
        Reason = fault.Reason,
        Fault = fault,
    };
}
