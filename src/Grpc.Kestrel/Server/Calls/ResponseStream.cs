using Grpc.Core;

namespace Grpc.Kestrel.Server;

/// <summary>The responses of a server streaming or duplex call, as its handler writes them.</summary>
internal sealed class ResponseStream<T>(ServerCall call, Action<T, SerializationContext> serialize)
    : IServerStreamWriter<T>
    where T : class
{
    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        if (message is null)
        {
            return Task.FromException(new ArgumentNullException(nameof(message)));
        }

        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }

        WriteOptions? options = WriteOptions ?? call.WriteOptions;
        return call.WriteToStream(message, serialize, options?.Flags ?? 0, cancellationToken);
    }
}
