using System.Collections.Immutable;
using Orleans.Serialization.Invocation;

namespace Orleans.Runtime;

/// <summary>
/// One call on its way: arguments, who waits, and its place in the activation. The emitted subclass of a method holds
/// the arguments and makes the call. Its place is guarded by the lock of the activation.
/// </summary>
internal abstract class Request : ITurn, IInvokable
{
    /// <summary>Neighbours in the one list it is in.</summary>
    internal Request? Previous, Next;

    /// <summary>That list; null when it is in none.</summary>
    internal RequestList? List;

    private CallCancellation? cancellation;
    private CallTrace? trace;
    private long sentAt;

    public abstract GrainMethod Method { get; }

    /// <summary>Whether the caller has its answer, from the grain or from a timeout.</summary>
    internal abstract bool IsAnswered { get; }

    /// <summary>Called with this reference; null for work that the runtime made itself.</summary>
    internal GrainReference? Reference { get; private set; }

    /// <summary>The grain that called; null when the call came from outside.</summary>
    internal Activation? Sender { get; private set; }

    /// <summary>Whose calls keep their order; null unless mailboxes are shuffled.</summary>
    internal object? Caller { get; private set; }

    /// <summary>Where it was accepted.</summary>
    internal Activation? Target { get; set; }

    /// <summary>In milliseconds of the host; meaningless when the method is unlimited.</summary>
    internal long Deadline { get; set; }

    /// <summary>How often it waited for an activation that closed without having served anybody.</summary>
    internal int IdleForwards { get; set; }

    internal ImmutableDictionary<string, object>? Context { get; private set; }

    /// <summary>The token the method is given. It is cancelled in the grain's turn.</summary>
    protected CancellationToken CalleeToken => cancellation?.Token ?? default;

    internal bool CallerHasCancelled => cancellation is { Caller.IsCancellationRequested: true };

    internal bool Has(CallKinds kinds) => (Method.Kinds & kinds) != 0;

    internal void Address(GrainReference reference)
    {
        Reference = reference;
        Sender = TurnScheduler.CurrentOwner;
        Caller = reference.Host.Chaos.CallerOf(Sender);
        Context = RequestContext.Values;
        trace = CallTrace.Begin(this, reference.GrainId);
        sentAt = reference.Host.Metrics.Sent(reference.GrainId);
        ExpectAnswer(reference.Host.Scheduler.DeliversAnswers);
    }

    /// <summary>Gives the call a token; called by emitted code.</summary>
    internal void Cancellable(CancellationToken caller) => cancellation = new CallCancellation(this, caller);

    internal void WatchCaller() => cancellation?.Watch();

    /// <summary>Gives up: the caller is told and the method's token is cancelled.</summary>
    internal void Abandon(Exception reason)
    {
        if (Fail(reason))
        {
            Withdraw();
        }
    }

    internal void CancelByCaller()
    {
        if (cancellation is not null && Cancel(cancellation.Caller))
        {
            Withdraw();
        }
    }

    public void Run()
    {
        Activation target = Target ?? throw new InvalidOperationException("a request runs before it was accepted");
        if (IsAnswered)
        {
            target.Finished(this, null);
            return;
        }

        if (Context is not null)
        {
            RequestContext.Values = Context;
        }

        object grain = target.GrainInstance
            ?? throw new InvalidOperationException("a request runs before its grain exists");
        trace?.Enter(this, target.GrainId);
        Start(target, grain);
    }

    public int GetArgumentCount() => Method.ArgumentCount;

    public abstract object? GetArgument(int index);

    public string GetMethodName() => Method.MethodName;

    public string GetInterfaceName() => Method.InterfaceName;

    /// <summary>Answers with a failure, unless it is answered.</summary>
    internal abstract bool Fail(Exception reason);

    /// <summary>Calls the method and keeps its result in the response.</summary>
    internal abstract Task Invoke(object grain, CallResponse response);

    /// <summary>Calls the method and answers when it ends.</summary>
    private protected abstract void Begin(object grain);

    /// <summary>Answers with what the filters left.</summary>
    private protected abstract void AnswerFrom(CallResponse response);

    /// <summary>Somebody will wait.</summary>
    private protected abstract void ExpectAnswer(bool deferred);

    private protected abstract bool Cancel(CancellationToken token);

    /// <summary>Books the end of the method; then the caller may be answered if this returns true.</summary>
    private protected bool End(Exception? failure)
    {
        Settle();
        trace?.Leave(failure);
        return Target is { } target && target.Finished(this, failure);
    }

    private protected void EndWith(Exception failure)
    {
        if (!End(failure))
        {
            return;
        }

        if (Has(CallKinds.OneWay) && Target is { } target)
        {
            // Its caller was answered when it was sent.
            Measure(failure);
            GrainLog.OneWayFailed(target.Host.Log, target.GrainId, Method, failure);
            return;
        }

        Fail(failure);
    }

    private void Start(Activation target, object grain)
    {
        IIncomingGrainCallFilter[] filters;
        try
        {
            filters = Reference is null ? [] : target.Host.Filters;
        }
        catch (Exception failure)
        {
            // A filter could not be made. The turn must go on, or the grain would never answer again.
            EndWith(failure);
            return;
        }

        if (filters.Length > 0 || (Reference is not null && grain is IIncomingGrainCallFilter))
        {
            BeginFiltered(new IncomingCall(this, target, grain, filters));
        }
        else
        {
            Begin(grain);
        }
    }

    private protected void Settle() => cancellation?.Settle();

    /// <summary>To be called before the caller is told, which may already look at what was measured.</summary>
    private protected void Measure(Exception? failure)
    {
        trace?.Answered(failure);
        if (Reference is { } reference)
        {
            reference.Host.Metrics.Answered(reference.GrainId, sentAt, failure);
        }
    }

    private void BeginFiltered(IncomingCall call)
    {
        Task chain = call.Run();
        if (chain.IsCompleted)
        {
            EndFiltered(chain, call);
        }
        else
        {
            chain.GetAwaiter().UnsafeOnCompleted(() => EndFiltered(chain, call));
        }
    }

    private void EndFiltered(Task chain, IncomingCall call)
    {
        Exception? failure = chain.IsCompletedSuccessfully ? call.Outcome.Exception : CallFailure.Of(chain);
        if (failure is not null)
        {
            EndWith(failure);
        }
        else if (End(null))
        {
            AnswerFrom(call.Outcome);
        }
    }

    private void Withdraw()
    {
        Target?.Withdraw(this);
        cancellation?.CancelCallee();
    }
}
