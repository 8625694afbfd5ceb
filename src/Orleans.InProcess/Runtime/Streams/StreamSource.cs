namespace Orleans.Runtime;

/// <summary>A stream an activation has open, so that it can end it with itself.</summary>
internal interface IStreamSource
{
    /// <summary>Cancels the method and disposes its enumerator when it has stopped. In the grain's turn.</summary>
    void Close();
}

/// <summary>
/// The grain's end of a stream. Its fields belong to the turns of the activation that opened it, except for the two
/// that say who that is and whether the caller has gone.
/// </summary>
internal sealed class StreamSource<T>(StreamRequest<T> request) : IStreamSource
{
    private const int BatchMax = 100;

    private readonly CancellationTokenSource cancellation = new();
    private IAsyncEnumerator<T>? enumerator;
    private Task<bool>? move;
    private bool closed;
    private Activation? owner;
    private int abandoned;

    internal StreamRequest<T> Request => request;

    /// <summary>Waits for an element and takes along what else is ready.</summary>
    internal async ValueTask<StreamBatch<T>?> Next(Activation target, object grain)
    {
        Open(target, grain);
        List<T> items = [];
        try
        {
            while (items.Count < BatchMax)
            {
                Task<bool> step = move ??= Advance();
                if (!step.IsCompleted && items.Count > 0)
                {
                    return new StreamBatch<T>(items, IsLast: false, Failure: null);
                }

                bool found = await step;
                move = null;
                if (!found)
                {
                    Close();
                    return new StreamBatch<T>(items, IsLast: true, Failure: null);
                }

                items.Add(Opened.Current);
            }
        }
        catch (Exception failure)
        {
            // It reaches the caller behind the elements that came before it.
            Close();
            return new StreamBatch<T>(items, IsLast: true, failure);
        }

        return new StreamBatch<T>(items, IsLast: false, Failure: null);
    }

    /// <summary>From any thread: the caller has no more use for it.</summary>
    internal void CloseFromCaller()
    {
        Interlocked.Exchange(ref abandoned, 1);
        Volatile.Read(ref owner)?.Post(new ActionTurn(Close));
    }

    public void Close()
    {
        if (closed)
        {
            return;
        }

        closed = true;
        owner?.Forget(this);
        _ = Dispose(enumerator, move);
    }

    private IAsyncEnumerator<T> Opened => enumerator
        ?? throw new EnumerationAbortedException($"the stream {request.Method} was closed");

    private void Open(Activation target, object grain)
    {
        if (enumerator is null && owner is null)
        {
            Interlocked.Exchange(ref owner, target);
            enumerator = request.Call(grain, cancellation.Token).GetAsyncEnumerator(cancellation.Token);
            target.Remember(this);
        }

        if (closed || !ReferenceEquals(owner, target))
        {
            throw new EnumerationAbortedException(
                $"the stream {request.Method} of {target.GrainId} ended because the grain was deactivated");
        }

        if (Volatile.Read(ref abandoned) != 0)
        {
            Close();
            throw new OperationCanceledException($"the caller has left the stream {request.Method}");
        }
    }

    private Task<bool> Advance() => Opened.MoveNextAsync().AsTask();

    private async Task Dispose(IAsyncEnumerator<T>? opened, Task<bool>? running)
    {
        try
        {
            cancellation.Cancel();
            if (running is not null)
            {
                await ((Task)running).ConfigureAwait(
                    ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }

            if (opened is not null)
            {
                await opened.DisposeAsync();
            }
        }
        catch (Exception failure)
        {
            // The caller has left or has its answer; the clean-up code of the grain has only the log to fail to.
            if (owner is { } activation)
            {
                GrainLog.StreamCleanUpFailed(activation.Host.Log, activation.GrainId, request.Method, failure);
            }
        }
    }
}
