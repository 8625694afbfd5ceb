using Florist.Protos.Delivery.V1;
using Grpc.Core;

namespace Florist.Delivery.Streaming;

/// <summary>The two directions of a stream.</summary>
internal interface ICourierWire
{
    /// <summary>The next message; null when the client has half-closed.</summary>
    Task<StreamUpdatesRequest?> Receive(CancellationToken cancellationToken);

    /// <summary>Sends a message. One at a time.</summary>
    Task Send(StreamUpdatesResponse message, CancellationToken cancellationToken);
}

/// <summary>A gRPC call.</summary>
internal sealed class GrpcWire(
    IAsyncStreamReader<StreamUpdatesRequest> requests, IServerStreamWriter<StreamUpdatesResponse> responses)
    : ICourierWire
{
    public async Task<StreamUpdatesRequest?> Receive(CancellationToken cancellationToken) =>
        await requests.MoveNext(cancellationToken) ? requests.Current : null;

    public Task Send(StreamUpdatesResponse message, CancellationToken cancellationToken) =>
        responses.WriteAsync(message, cancellationToken);
}
