using System.Diagnostics;

namespace Orleans.Runtime;

/// <summary>
/// The two spans of a call: what the caller waited for, and inside of it what the grain did. Names and tags are those
/// of Orleans. It is made only while somebody listens; streams and the ticks of timers have no spans.
/// </summary>
internal sealed class CallTrace
{
    /// <summary>The name to listen to.</summary>
    internal const string SourceName = "Microsoft.Orleans.Application";

    private static readonly ActivitySource Source = new(SourceName);

    private readonly Activity? client;
    private readonly ActivityContext parent;
    private Activity? server;

    private CallTrace(Activity? client, ActivityContext parent)
    {
        this.client = client;
        this.parent = parent;
    }

    /// <summary>Begins the caller's span; the caller's own current span stays current for what it does next.</summary>
    /// <returns>Null while nobody listens.</returns>
    internal static CallTrace? Begin(Request request, GrainId target)
    {
        if (!Source.HasListeners() || request.Has(CallKinds.Unlimited))
        {
            return null;
        }

        Activity? current = Activity.Current;
        Activity? client = Source.StartActivity(request.Method.TraceName, ActivityKind.Client);
        Activity.Current = current;
        Describe(client, request, target);
        if (request.Has(CallKinds.OneWay))
        {
            // Sending it is all that its caller waits for.
            End(client, failure: null);
        }

        return new CallTrace(client, (client ?? current)?.Context ?? default);
    }

    /// <summary>Begins the grain's span, which is current in the turns of the call.</summary>
    internal void Enter(Request request, GrainId target)
    {
        server = Source.StartActivity(request.Method.TraceName, ActivityKind.Server, parent);
        Describe(server, request, target);
    }

    /// <summary>The method has ended.</summary>
    internal void Leave(Exception? failure) => End(server, failure);

    /// <summary>The caller has its answer, or has given up.</summary>
    internal void Answered(Exception? failure) => End(client, failure);

    private static void Describe(Activity? span, Request request, GrainId target)
    {
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag("rpc.system", "orleans");
            span.SetTag("rpc.service", request.Method.InterfaceName);
            span.SetTag("rpc.method", request.Method.MethodName);
            span.SetTag("rpc.orleans.target_id", target.ToString());
        }
    }

    private static void End(Activity? span, Exception? failure)
    {
        if (span is null or { IsStopped: true })
        {
            return;
        }

        if (failure is not null)
        {
            // The text of an exception may name persons; its type does not.
            span.SetStatus(ActivityStatusCode.Error);
            span.SetTag("error.type", failure.GetType().FullName);
        }

        // A span that stops makes its parent current, on whatever thread that happens.
        Activity? current = Activity.Current;
        span.Stop();
        Activity.Current = current;
    }
}
