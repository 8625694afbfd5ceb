namespace Orleans.Runtime;

/// <summary>The caller's end of a stream. It fetches what is ready, a batch at a time.</summary>
internal sealed class StreamReader<T>(
    GrainReference reference,
    StreamRequest<T> request,
    CancellationTokenSource? linked,
    CancellationToken cancellation) : IAsyncEnumerator<T>
{
    private readonly StreamSource<T> source = new(request);
    private StreamBatch<T> batch = StreamBatch<T>.Empty;
    private int at = -1;
    private bool started;

    public T Current => batch.Items[at];

    public async ValueTask<bool> MoveNextAsync()
    {
        while (++at >= batch.Items.Count)
        {
            if (batch.Failure is { } failure)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
            }

            if (batch.IsLast)
            {
                return false;
            }

            cancellation.ThrowIfCancellationRequested();
            BatchRequest<T> next = new(source, started);
            next.Cancellable(cancellation);
            started = true;
            batch = await reference.Send(next) ?? StreamBatch<T>.Empty;
            at = -1;
        }

        return true;
    }

    public ValueTask DisposeAsync()
    {
        source.CloseFromCaller();
        linked?.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Elements that were ready, and whether more may come.</summary>
internal sealed record StreamBatch<T>(List<T> Items, bool IsLast, Exception? Failure)
{
    internal static readonly StreamBatch<T> Empty = new([], IsLast: false, Failure: null);
}

/// <summary>The call that fetches a batch. It interleaves with everything and may wait for hours.</summary>
internal sealed class BatchRequest<T>(StreamSource<T> source, bool started) : ResultRequest<StreamBatch<T>>
{
    private const CallKinds Kinds = CallKinds.Interleaves | CallKinds.Unlimited | CallKinds.Abandonable;
    private const string InterfaceName = "Orleans.Runtime.IAsyncEnumerableGrainExtension";

    private static readonly GrainMethod Start = new(InterfaceName, "StartEnumeration", 1, Kinds);
    private static readonly GrainMethod MoveNext = new(InterfaceName, "MoveNext", 1, Kinds);

    public override GrainMethod Method => started ? MoveNext : Start;

    public override object? GetArgument(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(index, 0);
        return source.Request;
    }

    protected override ValueTask<StreamBatch<T>?> Call(object grain) => source.Next(
        Target ?? throw new InvalidOperationException("a stream is read before its request was accepted"),
        grain);
}
