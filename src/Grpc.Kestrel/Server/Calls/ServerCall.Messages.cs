using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Kestrel.Wire;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Grpc.Kestrel.Server;

/// <summary>This part reads requests and writes responses.</summary>
internal sealed partial class ServerCall
{
    // A hint to buffer is no promise to hold any amount of memory.
    private const int BufferedMax = 64 * 1024;

    private Func<ValueTask>? stopReading;
    private bool hasSent;

    public bool IsClosed => turn.IsClosed;

    public RequestStream<T> ReadStream<T>(Func<DeserializationContext, T> deserialize)
        where T : class
    {
        // A stream may be silent for hours: the limits that fit a form post do not fit it.
        IHttpMinRequestBodyDataRateFeature? rate = HttpContext.Features.Get<IHttpMinRequestBodyDataRateFeature>();
        if (rate is not null)
        {
            rate.MinDataRate = null;
        }

        LiftRequestTimeout();
        RequestStream<T> stream = new(this, deserialize);
        stopReading = stream.Stop;
        return stream;
    }

    public ResponseStream<T> WriteStream<T>(Action<T, SerializationContext> serialize)
        where T : class
    {
        HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        LiftRequestTimeout();
        return new ResponseStream<T>(this, serialize);
    }

    /// <summary>Writes the only response; it leaves together with headers and trailers when the request ends.</summary>
    public void WriteSingle<T>(T? response, Action<T, SerializationContext> serialize)
        where T : class
    {
        if (response is null)
        {
            throw new RpcException(new Status(StatusCode.Cancelled, "No message returned from method."));
        }

        if (turn.IsClosed)
        {
            // The deadline has answered in the handler's place.
            return;
        }

        turn.Enter();
        try
        {
            writer.Write(response, serialize, WriteOptions?.Flags ?? 0);
            hasSent = true;
        }
        finally
        {
            turn.Leave();
        }
    }

    /// <summary>Writes one of several responses and, without a hint that more follow, sends it.</summary>
    /// <exception cref="InvalidOperationException">Another write is in progress, or the call has ended.</exception>
    /// <exception cref="OperationCanceledException">The call ended during the write, or the token fired.</exception>
    public Task WriteToStream<T>(
        T message, Action<T, SerializationContext> serialize, WriteFlags flags, CancellationToken cancellationToken)
    {
        if (CancellationToken.IsCancellationRequested)
        {
            return Task.FromException(
                new InvalidOperationException("Can't write the message because the request is complete."));
        }

        if (!turn.TryEnter(out string refusal))
        {
            return Task.FromException(new InvalidOperationException(refusal));
        }

        bool leaves = true;
        try
        {
            writer.Write(message, serialize, flags);
            hasSent = true;
            if ((flags & WriteFlags.BufferHint) != 0 && output.Unflushed < BufferedMax)
            {
                return Task.CompletedTask;
            }

            ValueTask flushing = Flush(cancellationToken);
            leaves = flushing.IsCompleted;
            return leaves ? flushing.AsTask() : LeaveAfter(flushing);
        }
        catch (Exception e)
        {
            // Whoever awaits the write gets the error. Most writes end here and now, which needs no state machine.
            return Task.FromException(e);
        }
        finally
        {
            if (leaves)
            {
                turn.Leave();
            }
        }
    }

    private async Task LeaveAfter(ValueTask flushing)
    {
        try
        {
            await flushing.ConfigureAwait(false);
        }
        finally
        {
            turn.Leave();
        }
    }

    private async Task SendHeaders(Metadata headers)
    {
        turn.Enter();
        try
        {
            if (hasSent || HttpContext.Response.HasStarted)
            {
                throw new InvalidOperationException("Response headers can only be sent once per call.");
            }

            MetadataFields.Append(HttpContext.Response.Headers, headers);
            hasSent = true;
            await Flush(CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            turn.Leave();
        }
    }

    private ValueTask Flush(CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            return FlushUnless(cancellationToken);
        }

        ValueTask<FlushResult> flushing = output.Flush();
        if (!flushing.IsCompletedSuccessfully)
        {
            return FinishFlush(flushing);
        }

        ThrowIfOver(flushing.GetAwaiter().GetResult());
        return default;
    }

    private async ValueTask FinishFlush(ValueTask<FlushResult> flushing) =>
        ThrowIfOver(await flushing.ConfigureAwait(false));

    // The token is not given to the pipe, because the server would answer it with INTERNAL_ERROR instead of CANCEL.
    // Nor does the server's pipe say that a flush was cancelled: whether it was, the token and the turn tell.
    private async ValueTask FlushUnless(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static output => ((PipeBatch?)output)?.CancelPendingFlush(), output);
        FlushResult result = await output.Flush().ConfigureAwait(false);
        if (cancellationToken.IsCancellationRequested)
        {
            Reset(FieldNames.ResetCancel);
            throw new OperationCanceledException(cancellationToken);
        }

        ThrowIfOver(result);
    }

    private void ThrowIfOver(in FlushResult result)
    {
        if (result.IsCompleted || turn.IsClosed)
        {
            throw new OperationCanceledException("The call has ended.", CancellationToken);
        }
    }

    private void Reset(int errorCode)
    {
        if (HttpContext.Features.Get<IHttpResetFeature>() is IHttpResetFeature reset)
        {
            reset.Reset(errorCode);
        }
        else
        {
            HttpContext.Abort();
        }
    }

    private void LiftRequestTimeout() =>
        HttpContext.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();
}
