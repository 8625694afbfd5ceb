namespace Orleans.Runtime;

/// <summary>
/// What a method of type IAsyncEnumerable returns to its caller. Every enumeration opens a stream of its own.
/// </summary>
internal sealed class GrainStream<T>(GrainReference reference, StreamRequest<T> request, CancellationToken caller)
    : IAsyncEnumerable<T>
{
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (!caller.CanBeCanceled || !cancellationToken.CanBeCanceled)
        {
            CancellationToken one = caller.CanBeCanceled ? caller : cancellationToken;
            return new StreamReader<T>(reference, request, linked: null, one);
        }

        var both = CancellationTokenSource.CreateLinkedTokenSource(caller, cancellationToken);
        return new StreamReader<T>(reference, request, both, both.Token);
    }
}
