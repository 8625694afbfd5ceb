using Grpc.Core;

namespace Grpc.Kestrel.Server;

/// <summary>The requests of a client streaming or duplex call, as its handler reads them.</summary>
internal sealed class RequestStream<T>(ServerCall call, Func<DeserializationContext, T> deserialize)
    : IAsyncStreamReader<T>
    where T : class
{
    private T? current;
    private Task<bool> reading = Task.FromResult(false);
    private bool isEnded;

    public T Current => current ?? throw new InvalidOperationException("There is no current message.");

    public Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<bool>(cancellationToken);
        }

        if (call.IsClosed)
        {
            return Task.FromException<bool>(
                new InvalidOperationException("Can't read messages after the request is complete."));
        }

        if (!reading.IsCompleted)
        {
            return Task.FromException<bool>(new InvalidOperationException(
                "Can't read the next message because the previous read is in progress."));
        }

        return reading = Read(cancellationToken);
    }

    /// <summary>Ends a read that the handler left behind, before the request goes back to the server.</summary>
    public async ValueTask Stop()
    {
        if (!reading.IsCompleted)
        {
            call.Reader.CancelPendingRead();
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> Read(CancellationToken cancellationToken)
    {
        current = null;
        if (isEnded)
        {
            return false;
        }

        current = await call.Reader.Read(deserialize, cancellationToken).ConfigureAwait(false);
        isEnded = current is null;
        return !isEnded;
    }
}
