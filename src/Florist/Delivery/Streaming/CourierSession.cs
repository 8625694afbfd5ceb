using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Florist.Kernel;
using Florist.Protos.Delivery.V1;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Florist.Delivery.Streaming;

/// <summary>
/// One open stream, from Welcome to its end. All that happens to it becomes a signal, and one loop takes the signals
/// one
/// by one: so nothing here needs a lock, and messages are never written at the same time.
/// </summary>
[SuppressMessage(
    "Reliability", "CA1001", Justification = "A SemaphoreSlim whose wait handle is never asked for holds nothing.")]
internal sealed partial class CourierSession
{
    private readonly Channel<StreamSignal> signals = Channel.CreateUnbounded<StreamSignal>(
        new UnboundedChannelOptions { SingleReader = true });

    private readonly StreamTerms terms;
    private readonly ICourierWire wire;
    private readonly ICourierProducerGrain producer;
    private readonly Func<AddressedReport, CancellationToken, Task<ReportAnswer>> decide;
    private readonly ILogger log;
    private readonly SemaphoreSlim mayRead = new(0);
    private readonly OrderLanes lanes;
    private readonly Pace pace;
    private AckLedger ledger = new(0);
    private RejectionGauge gauge;
    private int underWay;
    private bool isAdvancing;
    private TimeSpan lastReceived;
    private TimeSpan lastSent;
    private TimeSpan? readyAt;
    private TimeSpan? readAt;
    private TimeSpan? drainAt;
    private TimeSpan? closeAt;
    private TimeSpan? flushBy;
    private RpcException? failure;

    public CourierSession(
        StreamTerms terms,
        ICourierWire wire,
        ICourierProducerGrain producer,
        Func<AddressedReport, CancellationToken, Task<ReportAnswer>> decide,
        ILogger log)
    {
        (this.terms, this.wire, this.producer, this.decide, this.log) = (terms, wire, producer, decide, log);
        lanes = new OrderLanes(terms.Window);
        pace = new Pace(terms.Options.UpdatesPerSecondMax);
        gauge = new RejectionGauge(terms.Options.QuarantineUpdatesMin);
    }

    /// <summary>Tells the stream that another one took over. From any thread.</summary>
    public void TakeOver() => Post(new StreamSignal.TakenOver());

    /// <summary>Says Welcome, and serves the stream until it ends well.</summary>
    /// <param name="committed">The last committed number.</param>
    /// <param name="rejections">What is counted of the producer beyond this stream.</param>
    /// <param name="stopping">Cancelled when the server stops.</param>
    /// <param name="aborted">Cancelled when the connection is gone.</param>
    /// <exception cref="RpcException">It ended otherwise.</exception>
    public async Task Run(
        long committed, RejectionGauge rejections, CancellationToken stopping, CancellationToken aborted)
    {
        ledger = new AckLedger(committed);
        gauge = rejections;
        lastReceived = terms.Now;
        drainAt = terms.Now + terms.Lifetime;
        using CancellationTokenSource closed = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        using CancellationTokenRegistration stop = stopping.Register(() => Post(new StreamSignal.Stopping()));
        await using ITimer alarm = terms.Clock.CreateTimer(
            _ => Post(new StreamSignal.Tick()), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            await Send(Welcome(committed), aborted);
            _ = Read(closed.Token);
            while (!IsOver)
            {
                alarm.Change(UntilNextDue(), Timeout.InfiniteTimeSpan);
                await Take(await signals.Reader.ReadAsync(aborted), closed.Token);
                await Beat(aborted);
            }
        }
        finally
        {
            await closed.CancelAsync();
        }

        if (failure is not null)
        {
            throw failure;
        }
    }

    // An end waits for what is under way, so that the client need not send it again.
    private bool IsOver => flushBy is { } by && !isAdvancing
        && (terms.Now >= by || (underWay == 0 && ledger.Ready == 0));

    private async Task Read(CancellationToken cancellationToken)
    {
        try
        {
            StreamUpdatesRequest? message;
            do
            {
                message = await wire.Receive(cancellationToken);
                Post(new StreamSignal.Received(message));
                await mayRead.WaitAsync(cancellationToken);
            }
            while (message is not null);
        }
        catch (Exception cause)
        {
            // The loop rethrows it, unless the stream is over anyway.
            Post(new StreamSignal.Broken(cause));
        }
    }

    private Task Take(StreamSignal signal, CancellationToken closed)
    {
        switch (signal)
        {
            case StreamSignal.Received received:
                Receive(received.Message, closed);
                break;
            case StreamSignal.Broken broken:
                ExceptionDispatchInfo.Throw(broken.Cause);
                break;
            case StreamSignal.Decided decided:
                underWay--;
                Settle(decided.Sequence, decided.Event, decided.Answer);
                break;
            case StreamSignal.Failed failed:
                underWay--;
                DeliveryLog.UpdateFailed(log, terms.SessionId, failed.Sequence, failed.Cause);
                End(StreamEnds.Unavailable());
                break;
            case StreamSignal.Advanced advanced:
                return Acknowledge(advanced, closed);
            case StreamSignal.CursorFailed failed:
                isAdvancing = false;
                DeliveryLog.CursorFailed(log, terms.SessionId, failed.Cause);
                throw StreamEnds.Unavailable();
            case StreamSignal.TakenOver:
                throw ProducerBook.Fenced.ToException();
            case StreamSignal.Stopping:
                return Drain("SERVER_STOPPING", closed);
            default:
                break;
        }

        return Task.CompletedTask;
    }

    private void Receive(StreamUpdatesRequest? message, CancellationToken closed)
    {
        lastReceived = terms.Now;
        if (flushBy is not null)
        {
            return;
        }

        TimeSpan pause = TimeSpan.Zero;
        switch (message?.MessageCase)
        {
            case null:
                End(null);
                return;
            case StreamUpdatesRequest.MessageOneofCase.Update:
                pause = pace.Take(terms.Now);
                Admit(message.Update, closed);
                break;
            case StreamUpdatesRequest.MessageOneofCase.Heartbeat:
                break;
            default:
                End(StreamEnds.UpdateExpected());
                break;
        }

        readAt = terms.Now + pause;
    }

    private void Admit(StreamUpdatesRequest.Types.Update update, CancellationToken closed)
    {
        if (update.Sequence < 1)
        {
            End(StreamEnds.SequenceInvalid());
            return;
        }

        switch (ledger.Admit(update.Sequence))
        {
            case Admission.Gap:
                End(ProducerBook.Gap(ledger.Received + 1).ToException());
                break;
            case Admission.Repeat:
                ledger.Repeat(new UpdateResult
                {
                    Sequence = update.Sequence,
                    EventId = update.Event?.EventId ?? "",
                    Disposition = UpdateResult.Types.Disposition.Duplicate,
                });
                break;
            default:
                Begin(update, closed);
                break;
        }
    }

    private void Begin(StreamUpdatesRequest.Types.Update update, CancellationToken closed)
    {
        long sequence = update.Sequence;
        if (ledger.Outstanding > 2 * terms.Window)
        {
            End(StreamEnds.WindowExceeded(terms.Window));
            return;
        }

        if (update.Event is not { } sent || update.CalculateSize() > StreamTerms.UpdateBytesMax)
        {
            Fault fault = update.Event is null
                ? Fault.Invalid("event", "REQUIRED", "is required")
                : Fault.Invalid("update", "UPDATE_TOO_LARGE", $"has more than {StreamTerms.UpdateBytesMax} bytes");
            Settle(sequence, null, new ReportAnswer
            {
                EventId = update.Event?.EventId ?? "",
                Disposition = Disposition.Rejected,
                Reason = fault.Reason,
                Fault = fault,
            });
            return;
        }

        AddressedReport addressed = DeliveryMessages.Read(sent, terms.Key.Courier, ReportSource.Stream);
        if (addressed.Report.Location is not null && ledger.Outstanding > terms.Window)
        {
            // Under load positions go first: the next one replaces this one anyway.
            Settle(sequence, sent, new ReportAnswer
            {
                EventId = sent.EventId,
                Disposition = Disposition.NoOp,
                Reason = "SHED",
            });
            return;
        }

        underWay++;
        lanes.Run(addressed.OrderId ?? "", () => Decide(sequence, sent, addressed, closed));
    }

    private async Task Decide(
        long sequence, DeliveryEvent sent, AddressedReport addressed, CancellationToken closed)
    {
        try
        {
            closed.ThrowIfCancellationRequested();
            Post(new StreamSignal.Decided(sequence, sent, await decide(addressed, closed)));
        }
        catch (Exception cause)
        {
            // The loop logs it, unless the stream is over anyway.
            Post(new StreamSignal.Failed(sequence, cause));
        }
    }

    private void Settle(long sequence, DeliveryEvent? sent, ReportAnswer answer)
    {
        bool isRejected = answer.Disposition == Disposition.Rejected;
        bool isPlain = answer is { Disposition: Disposition.Applied, Flags: ReportFlags.None };

        // Meddling with another courier's leg is logged; a dead letter would only hand the meddler its words back.
        RejectedReport? letter = answer.Fault is { } fault && fault.Kind != FaultKind.Denied
            ? sent.ToRejected(fault, sequence)
            : null;
        ledger.Settle(sequence, isPlain ? null : answer.ToProto(sequence), letter);
        gauge.Count(isRejected, terms.Now);
        if (isRejected && flushBy is null && gauge.IsTripped(terms.Now))
        {
            DeliveryLog.Quarantined(
                log, terms.Key.Courier.Value, terms.Key.Producer, terms.Options.QuarantineUpdatesMin);
            End(StreamEnds.Quarantined());
        }
    }

    private void Post(StreamSignal signal) => signals.Writer.TryWrite(signal);
}
