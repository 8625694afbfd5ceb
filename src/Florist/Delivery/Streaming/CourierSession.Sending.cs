using Florist.Kernel;
using Florist.Protos.Delivery.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Florist.Delivery.Streaming;

/// <summary>What a stream says, and what it does as time goes by: acks, heartbeats, drain and end.</summary>
internal sealed partial class CourierSession
{
    private async Task Acknowledge(StreamSignal.Advanced advanced, CancellationToken cancellationToken)
    {
        isAdvancing = false;
        if (advanced.Outcome.Failed(out Fault? fault, out _))
        {
            throw fault.ToException();
        }

        ledger.Commit(advanced.Sequence);
        await SendAck(cancellationToken);
    }

    private Task SendAck(CancellationToken cancellationToken)
    {
        StreamUpdatesResponse.Types.Ack ack = new() { CommittedSequence = ledger.Committed, Window = terms.Window };
        ack.Results.AddRange(ledger.TakeResults());
        readyAt = null;
        return Send(new StreamUpdatesResponse { Ack = ack }, cancellationToken);
    }

    // What time asks for; looked at after every signal.
    private async Task Beat(CancellationToken cancellationToken)
    {
        TimeSpan now = terms.Now;
        if (flushBy is null && now >= lastReceived + terms.SilenceMax)
        {
            End(StreamEnds.HeartbeatMissed());
        }

        if (drainAt is { } drain && now >= drain)
        {
            await Drain("MAX_STREAM_DURATION", cancellationToken);
        }

        if (closeAt is { } close && now >= close)
        {
            End(null);
        }

        if (readAt is { } read && now >= read)
        {
            readAt = null;
            mayRead.Release();
        }

        readyAt = ledger.Ready > 0 ? readyAt ?? now : null;
        bool isDue = flushBy is not null || ledger.Ready >= terms.Options.AckUpdatesMax
            || now >= readyAt + terms.AckWait;
        if (ledger.Ready > 0 && isDue && !isAdvancing)
        {
            await Commit(cancellationToken);
        }

        if (now >= lastSent + terms.Heartbeat)
        {
            await Send(new StreamUpdatesResponse { Heartbeat = new() }, cancellationToken);
            _ = CheckHold();
        }
    }

    private Task Commit(CancellationToken cancellationToken)
    {
        if (ledger.Prefix == ledger.Committed)
        {
            return SendAck(cancellationToken);
        }

        isAdvancing = true;
        _ = Advance(new AdvanceCursor(terms.SessionId, ledger.Prefix, ledger.TakeRejected()));
        return Task.CompletedTask;
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

    private Task Drain(string reason, CancellationToken cancellationToken)
    {
        drainAt = null;
        if (closeAt is not null || flushBy is not null)
        {
            return Task.CompletedTask;
        }

        closeAt = terms.Now + terms.DrainWait;
        return Send(
            new StreamUpdatesResponse
            {
                Drain = new() { GracePeriod = Duration.FromTimeSpan(terms.DrainWait), Reason = reason },
            },
            cancellationToken);
    }

    private void End(RpcException? error)
    {
        failure = flushBy is null ? error : failure;
        flushBy ??= terms.Now + StreamTerms.FlushMax;
        closeAt = null;
        drainAt = null;
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

    private StreamUpdatesResponse Welcome(long committed) => new()
    {
        Welcome = new()
        {
            SessionId = terms.SessionId,
            CommittedSequence = committed,
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
            readAt ?? TimeSpan.MaxValue,
            readyAt is { } ready && !isAdvancing ? ready + terms.AckWait : TimeSpan.MaxValue,
        }.Min() - terms.Now;
        return due > TimeSpan.Zero ? due : TimeSpan.Zero;
    }
}
