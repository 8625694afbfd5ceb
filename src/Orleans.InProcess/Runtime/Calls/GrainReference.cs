namespace Orleans.Runtime;

/// <summary>Names a grain and sends it calls. The emitted subclass of an interface implements its methods.</summary>
internal class GrainReference(GrainHost host, GrainClass? grainClass, GrainId grainId)
    : IAddressable, IEquatable<GrainReference>
{
    internal GrainHost Host => host;

    /// <summary>The class of the grain; null when no class has its type, which is said when it is called.</summary>
    internal GrainClass? Class => grainClass;

    internal GrainId GrainId => grainId;

    public bool Equals(GrainReference? other) => other is not null && other.GrainId.Equals(grainId);

    public override bool Equals(object? obj) => obj is GrainReference other && Equals(other);

    public override int GetHashCode() => grainId.GetHashCode();

    public override string ToString() => grainId.ToString();

    /// <summary>Called by emitted code, like the three that follow.</summary>
    internal Task<T?> Send<T>(ResultRequest<T> request)
    {
        request.Address(this);
        host.Send(request);
        return request.Reply;
    }

    internal Task Send(VoidRequest request)
    {
        request.Address(this);
        host.Send(request);
        return request.Reply;
    }

    internal Task SendOneWay(VoidRequest request)
    {
        request.Address(this);
        host.Send(request);
        return Task.CompletedTask;
    }

    internal IAsyncEnumerable<T> Open<T>(StreamRequest<T> request, CancellationToken caller) =>
        new GrainStream<T>(this, request, caller);
}
