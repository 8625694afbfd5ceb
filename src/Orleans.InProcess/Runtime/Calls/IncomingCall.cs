using System.Runtime.ExceptionServices;
using Orleans.Serialization.Invocation;

namespace Orleans.Runtime;

/// <summary>A call passing through the filters of the host, then the grain's own, then its method.</summary>
internal sealed class IncomingCall(
    Request request,
    Activation target,
    object grain,
    IIncomingGrainCallFilter[] filters) : IIncomingGrainCallContext
{
    private int stage;

    public IInvokable Request => request;

    public object Grain => grain;

    public GrainId TargetId => target.GrainId;

    public string InterfaceName => request.Method.InterfaceName;

    public string MethodName => request.Method.MethodName;

    public object? Result
    {
        get => Response?.Result;
        set => Response = new CallResponse { Result = value };
    }

    public Response? Response { get; set; }

    /// <summary>What the filters left; a call that no filter let through has an empty answer.</summary>
    internal CallResponse Outcome => Response switch
    {
        CallResponse outcome => outcome,
        null => new CallResponse(),
        Response other => new CallResponse { Result = other.Result, Exception = other.Exception },
    };

    /// <summary>
    /// Runs the chain; what a filter throws before its first await is a failure of the chain as well.
    /// </summary>
    internal async Task Run() => await Invoke();

    public Task Invoke()
    {
        int at = stage++;
        if (at < filters.Length)
        {
            return filters[at].Invoke(this);
        }

        if (at == filters.Length && grain is IIncomingGrainCallFilter own)
        {
            return own.Invoke(this);
        }

        return InvokeMethod();
    }

    private async Task InvokeMethod()
    {
        CallResponse response = new();
        try
        {
            await request.Invoke(grain, response);
        }
        catch (Exception failure)
        {
            response.Exception = failure;
        }

        Response = response;
        if (response.Exception is { } thrown)
        {
            ExceptionDispatchInfo.Throw(thrown);
        }
    }
}

/// <summary>What became of a call that filters see.</summary>
internal sealed class CallResponse : Response
{
    public override object? Result { get; set; }

    public override Exception? Exception { get; set; }
}
