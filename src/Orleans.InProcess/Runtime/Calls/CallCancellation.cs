namespace Orleans.Runtime;

/// <summary>
/// Carries a cancellation from caller to grain. The caller stops waiting at once; the grain's token is cancelled in a
/// turn of the grain, because its callbacks are grain code.
/// </summary>
internal sealed class CallCancellation(Request request, CancellationToken caller)
{
    private readonly CancellationTokenSource source = new();
    private CancellationTokenRegistration registration;
    private bool settled;

    internal CancellationToken Caller => caller;

    internal CancellationToken Token => source.Token;

    /// <summary>The caller has its answer: a token that outlives the call must not remember it.</summary>
    internal void Settle()
    {
        Volatile.Write(ref settled, true);
        Interlocked.MemoryBarrier();
        registration.Unregister();
    }

    internal void Watch()
    {
        if (caller.CanBeCanceled)
        {
            registration = caller.UnsafeRegister(
                static self => (self as CallCancellation)?.CancelByCaller(),
                this);
            Interlocked.MemoryBarrier();
            if (Volatile.Read(ref settled))
            {
                // The answer was faster than the registration.
                registration.Unregister();
            }
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
