using Grpc.Core;

namespace Grpc.Kestrel.Client;

/// <summary>The responses of a streaming call.</summary>
internal sealed class ClientResponseStream<TResponse>(ClientCall<TResponse> call) : IAsyncStreamReader<TResponse>
    where TResponse : class
{
    private TResponse? current;
    private Task<bool> reading = Task.FromResult(false);

    public TResponse Current => current ?? throw new InvalidOperationException("There is no current message.");

    public Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<bool>(cancellationToken);
        }

        if (!reading.IsCompleted)
        {
            return Task.FromException<bool>(new InvalidOperationException(
                "Can't read the next message because the previous read is in progress."));
        }

        return reading = Read(cancellationToken);
    }

    private async Task<bool> Read(CancellationToken cancellationToken)
    {
        current = null;
        current = await call.Next(cancellationToken).ConfigureAwait(false);
        return current is not null;
    }
}

/// <summary>The requests of a streaming call.</summary>
internal sealed class ClientRequestStream<TRequest, TResponse>(
    ClientCall<TResponse> call, RequestStreamContent content, Action<TRequest, SerializationContext> serialize)
    : IClientStreamWriter<TRequest>
    where TRequest : class
    where TResponse : class
{
    private Task writing = Task.CompletedTask;
    private bool isComplete;

    public WriteOptions? WriteOptions { get; set; } = call.Options.WriteOptions;

    public Task WriteAsync(TRequest message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(TRequest message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }

        if (isComplete)
        {
            return Task.FromException(new InvalidOperationException("The request stream has been completed."));
        }

        if (!writing.IsCompleted)
        {
            return Task.FromException(new InvalidOperationException(
                "Can't write the message because the previous write is in progress."));
        }

        WriteFlags flags = WriteOptions?.Flags ?? 0;
        return writing = call.Write(content, message, serialize, flags, cancellationToken);
    }

    public Task CompleteAsync()
    {
        if (!writing.IsCompleted)
        {
            return Task.FromException(new InvalidOperationException(
                "Can't complete the stream because the previous write is in progress."));
        }

        isComplete = true;
        content.End();
        return Task.CompletedTask;
    }
}
