namespace Grpc.Net.ClientFactory;

/// <summary>Makes clients that were registered with <c>AddGrpcClient</c>.</summary>
public abstract class GrpcClientFactory
{
    /// <summary>For derived classes.</summary>
    protected GrpcClientFactory()
    {
    }

    /// <summary>Makes a client. Clients of one name share a channel.</summary>
    /// <typeparam name="TClient">The generated client.</typeparam>
    /// <param name="name">The name it was registered with; by default the name of its type.</param>
    /// <returns>The client.</returns>
    /// <exception cref="InvalidOperationException">
    /// No such client was registered, or it was registered without an address.
    /// </exception>
    public abstract TClient CreateClient<TClient>(string name)
        where TClient : class;
}
