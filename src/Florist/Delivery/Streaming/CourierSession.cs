using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Florist.Kernel;
using Florist.Protos.Delivery.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Florist.Delivery.Streaming;

/// <summary>
/// One open stream, from Welcome to its end. All that happens to it becomes a signal, and one loop takes the signals
/// one by one: so nothing here needs a lock, and no two messages are written at the same time.
/// </summary>
internal sealed partial class CourierSession
{
    private readonly Channel<StreamSignal> signals = Channel.CreateUnbounded<StreamSignal>(
        new UnboundedChannelOptions { SingleReader = true });

    // One permit a message: what the loop has not taken up is not read, so the transport holds the client back.
    private readonly Channel<bool> permits = Channel.CreateUnbounded<bool>();

    private readonly StreamTerms terms;
    private readonly ICourierWire wire;
    private readonly ICourierProducerGrain producer;
    private readonly ICourierGrain courier;
    private readonly RejectionGauge gauge;
    private readonly UpdateFlow updates;
    private readonly Pace pace;
    private readonly ILogger log;
    private bool isAdvancing;
    private bool isShuttingOut;
    private bool isShutOut;
    private TimeSpan checkAt;
    private TimeSpan? warnAt;
    private TimeSpan lastReceived;
    private TimeSpan lastSent;
    private TimeSpan? readyAt;
    private TimeSpan? readAt;
    private TimeSpan? drainAt;
    private TimeSpan? closeAt;
    private TimeSpan? flushBy;
    private RpcException? failure;

    /// <param name="terms">What holds for the stream.</param>
    /// <param name="committed">The last committed number.</param>
    /// <param name="gauge">What is counted of the producer beyond this stream.</param>
    /// <param name="wire">The stream itself.</param>
    /// <param name="producer">Whose stream it is.</param>
    /// <param name="courier">Whose producer that is.</param>
    /// <param name="decide">Decides a report, and stores what it changes.</param>
    /// <param name="log">For operators.</param>
    public CourierSession(
        StreamTerms terms,
        long committed,
        RejectionGauge gauge,
        ICourierWire wire,
        ICourierProducerGrain producer,
        ICourierGrain courier,
        Func<AddressedReport, CancellationToken, Task<ReportAnswer>> decide,
        ILogger log)
    {
        (this.terms, this.wire, this.producer, this.courier) = (terms, wire, producer, courier);
        (this.gauge, this.log) = (gauge, log);
        updates = new UpdateFlow(terms, committed, gauge, decide, Post, log);
        pace = new Pace(terms.Options.UpdatesPerSecondMax);
    }

    // An end waits for what is under way, so that the client need not send it again.
    private bool IsOver => flushBy is { } by
        && (terms.Now >= by || (!isAdvancing && !isShuttingOut && !updates.IsDeciding && updates.Ready == 0));

    /// <summary>Tells the stream that another one took over. From any thread.</summary>
    public void TakeOver() => Post(new StreamSignal.TakenOver());

    /// <summary>Says Welcome, and serves the stream until it ends well.</summary>
    /// <param name="stopping">Cancelled when the server stops.</param>
    /// <param name="aborted">Cancelled when the connection is gone.</param>
    /// <exception cref="RpcException">It ended otherwise.</exception>
    public async Task Run(CancellationToken stopping, CancellationToken aborted)
    {
        lastReceived = terms.Now;
        drainAt = terms.Now + terms.Lifetime;
        checkAt = terms.Now + StreamTerms.StandingWait;
        warnAt = terms.ExpiresAt - StreamTerms.ExpiryWarning;
        using CancellationTokenSource closed = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        await using ITimer alarm = terms.Clock.CreateTimer(
            _ => Post(new StreamSignal.Tick()), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            await Send(Welcome(), aborted);
            using CancellationTokenRegistration stop = stopping.Register(() => Post(new StreamSignal.Stopping()));
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

    private async Task Read(CancellationToken cancellationToken)
    {
        try
        {
            StreamUpdatesRequest? message;
            do
            {
                message = await wire.Receive(cancellationToken);
                Post(new StreamSignal.Received(message));
                await permits.Reader.ReadAsync(cancellationToken);
            }
            while (message is not null);
        }
        catch (Exception cause)
        {
            // The loop rethrows it, unless the stream is over anyway.
            Post(new StreamSignal.Broken(cause));
        }
    }

    private async Task Take(StreamSignal signal, CancellationToken closed)
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
                EndIf(updates.Take(decided));
                ShutOutIfPoisonous();
                break;
            case StreamSignal.Failed failed:
                EndIf(updates.Take(failed));
                break;
            case StreamSignal.Advanced advanced:
                await Acknowledge(advanced, closed);
                break;
            case StreamSignal.CursorFailed failed:
                DeliveryLog.CursorFailed(log, terms.SessionId, failed.Cause);
                throw StreamEnds.Unavailable();
            case StreamSignal.TakenOver:
                throw ProducerBook.Fenced.ToException();
            case StreamSignal.Refused refused:
                throw refused.Fault.ToException();
            case StreamSignal.ShutOut:
                isShuttingOut = false;
                break;
            case StreamSignal.Stopping:
                await Drain("SERVER_STOPPING", closed);
                break;
            default:
                break;
        }
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
                EndIf(updates.Take(message.Update, closed));
                ShutOutIfPoisonous();
                break;
            case StreamUpdatesRequest.MessageOneofCase.Heartbeat:
                break;
            default:
                End(StreamEnds.UpdateExpected());
                break;
        }

        readAt = terms.Now + pause;
    }

    private Task Acknowledge(StreamSignal.Advanced advanced, CancellationToken cancellationToken)
    {
        isAdvancing = false;
        if (advanced.Outcome.Failed(out Fault? fault, out _))
        {
            throw fault.ToException();
        }

        updates.Commit(advanced.Sequence);
        return SendAck(cancellationToken);
    }

    // What time asks for; looked at after every signal.
    private async Task Beat(CancellationToken cancellationToken)
    {
        TimeSpan now = terms.Now;
        if (now >= lastReceived + terms.SilenceMax)
        {
            EndIf(flushBy is null ? StreamEnds.HeartbeatMissed() : null);
        }

        await BeatCredentials(now, cancellationToken);
        if (now >= drainAt)
        {
            await Drain("MAX_STREAM_DURATION", cancellationToken);
        }

        if (now >= closeAt)
        {
            End(null);
        }

        if (now >= readAt)
        {
            readAt = null;
            permits.Writer.TryWrite(true);
        }

        await BeatAcks(now, cancellationToken);
        if (now >= lastSent + terms.Heartbeat)
        {
            await Send(new StreamUpdatesResponse { Heartbeat = new() }, cancellationToken);
            _ = CheckHold();
        }
    }

    private async Task BeatAcks(TimeSpan now, CancellationToken cancellationToken)
    {
        readyAt = updates.Ready > 0 ? readyAt ?? now : null;
        bool isDue = flushBy is not null || updates.Ready >= terms.Options.AckUpdatesMax
            || now >= readyAt + terms.AckWait;
        if (updates.Ready == 0 || !isDue || isAdvancing)
        {
            return;
        }

        if (updates.CanAdvance)
        {
            isAdvancing = true;
            _ = Advance(updates.ToAdvance());
        }
        else
        {
            await SendAck(cancellationToken);
        }
    }

    private async Task Advance(AdvanceCursor command)
    {
        try
        {
            Post(new StreamSignal.Advanced(command.CommittedSequence, await producer.Advance(command)));
        }
        catch (Exception cause)
        {
            // The loop logs it.
            Post(new StreamSignal.CursorFailed(cause));
        }
    }

    // A stream with nothing to commit would otherwise never hear that another process took over.
    private async Task CheckHold()
    {
        try
        {
            if (!await producer.IsHeldBy(terms.SessionId))
            {
                Post(new StreamSignal.TakenOver());
            }
        }
        catch (Exception cause)
        {
            Post(new StreamSignal.CursorFailed(cause));
        }
    }

    private async Task Drain(string reason, CancellationToken cancellationToken)
    {
        drainAt = null;
        if (closeAt is not null || flushBy is not null)
        {
            return;
        }

        closeAt = terms.Now + terms.DrainWait;
        await SendDrain(terms.DrainWait, reason, cancellationToken);
    }

    private Task SendDrain(TimeSpan grace, string reason, CancellationToken cancellationToken) => Send(
        new StreamUpdatesResponse { Drain = new() { GracePeriod = Duration.FromTimeSpan(grace), Reason = reason } },
        cancellationToken);

    private void EndIf(RpcException? error)
    {
        if (error is not null)
        {
            End(error);
        }
    }

    private void End(RpcException? error)
    {
        failure = flushBy is null ? error : failure;
        flushBy ??= terms.Now + StreamTerms.FlushMax;
        (closeAt, drainAt) = (null, null);
    }

    private Task SendAck(CancellationToken cancellationToken)
    {
        readyAt = null;
        return Send(updates.ToAck(), cancellationToken);
    }

    private async Task Send(StreamUpdatesResponse message, CancellationToken cancellationToken)
    {
        try
        {
            // A client that takes nothing off the wire is as dead as one that puts nothing on it.
            await wire.Send(message, cancellationToken).WaitAsync(terms.SilenceMax, terms.Clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw StreamEnds.HeartbeatMissed();
        }

        lastSent = terms.Now;
    }

    private StreamUpdatesResponse Welcome() => new()
    {
        Welcome = new()
        {
            SessionId = terms.SessionId,
            CommittedSequence = updates.Committed,
            Window = terms.Window,
            HeartbeatInterval = Duration.FromTimeSpan(terms.Heartbeat),
            MaxStreamDuration = Duration.FromTimeSpan(TimeSpan.FromMinutes(terms.Options.StreamMinutesMax)),
        },
    };

    private TimeSpan UntilNextDue()
    {
        TimeSpan due = new[]
        {
            lastSent + terms.Heartbeat,
            flushBy ?? (lastReceived + terms.SilenceMax),
            drainAt ?? TimeSpan.MaxValue,
            closeAt ?? TimeSpan.MaxValue,
            warnAt ?? TimeSpan.MaxValue,
            (flushBy is null ? terms.ExpiresAt : null) ?? TimeSpan.MaxValue,
            checkAt,
            readAt ?? TimeSpan.MaxValue,
            readyAt is { } ready && !isAdvancing ? ready + terms.AckWait : TimeSpan.MaxValue,
        }.Min() - terms.Now;
        return due > TimeSpan.Zero ? due : TimeSpan.Zero;
    }

    private void Post(StreamSignal signal) => signals.Writer.TryWrite(signal);
}
