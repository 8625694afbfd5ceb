namespace Orleans.Runtime;

/// <summary>
/// Carries a cancellation from caller to grain. The caller stops waiting at once; the grain's token is cancelled in a
/// turn of the grain, because its callbacks are grain code.
/// </summary>
internal sealed class CallCancellation(Request request, CancellationToken caller) : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private CancellationTokenRegistration registration;

    internal CancellationToken Caller => caller;

    internal CancellationToken Token => source.Token;

    public void Dispose() => registration.Unregister();

    internal void Watch()
    {
        if (caller.CanBeCanceled)
        {
            registration = caller.UnsafeRegister(
                static self => (self as CallCancellation)?.CancelByCaller(),
                this);
        }
    }

    internal void CancelCallee()
    {
        if (request.Target is { } target)
        {
            target.Post(new ActionTurn(() => CancelIn(target)));
        }
        else
        {
            source.Cancel();
        }
    }

    private void CancelByCaller() => request.CancelByCaller();

    private void CancelIn(Activation target)
    {
        try
        {
            source.Cancel();
        }
        catch (AggregateException failures)
        {
            // Callbacks of grain code failed. Nobody awaits a cancellation, so the log is all that is left.
            GrainLog.CancellationFailed(target.Host.Log, target.GrainId, request.Method, failures);
        }
    }
}
