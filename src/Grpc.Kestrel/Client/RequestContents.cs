using System.Net;
using Grpc.Kestrel.Wire;

namespace Grpc.Kestrel.Client;

/// <summary>The only request of a call.</summary>
internal sealed class SingleRequestContent(PooledBuffer frame) : HttpContent
{
    private int senders;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // A request that the server did not take is sent again, so the frame is kept until the call has ended.
        Interlocked.Increment(ref senders);
        await stream.WriteAsync(frame.WrittenMemory, cancellationToken).ConfigureAwait(false);
        Interlocked.Decrement(ref senders);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        // Memory that may still be read from is left to the garbage collector.
        if (disposing && Volatile.Read(ref senders) == 0)
        {
            frame.Dispose();
        }

        base.Dispose(disposing);
    }
}

/// <summary>The requests of a call, written one by one while the response may already come.</summary>
internal sealed class RequestStreamContent : HttpContent
{
    private readonly TaskCompletionSource<Stream> opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The stream to write to, as soon as there is a connection.</summary>
    public Task<Stream> Opened => opened.Task;

    /// <summary>Ends the request: the other side sees the end of the stream.</summary>
    public void End() => ended.TrySetResult();

    /// <summary>Gives the request up: the other side sees a reset, never the end of the stream.</summary>
    public void Abandon()
    {
        ended.TrySetCanceled();
        opened.TrySetCanceled();
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // The headers go out at once: the other side may have something to say before the first request.
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        opened.TrySetResult(stream);
        await ended.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
