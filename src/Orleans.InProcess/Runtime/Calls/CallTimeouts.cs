namespace Orleans.Runtime;

/// <summary>
/// Tells callers that there was no answer in time, and names the grains when they wait for each other.
/// </summary>
internal static class CallTimeouts
{
    internal static void Fail(GrainHost host, List<Request> expired)
    {
        if (expired.Count == 0)
        {
            return;
        }

        // All are described before the first is failed: a failure lets grains go on, and the cycle would be gone.
        ILookup<Activation, Activation> waitsFor = WhoWaitsForWhom(host);
        (Request Request, TimeoutException Failure)[] failures =
        [
            .. expired.OrderBy(r => r.Deadline).ThenBy(r => r.Target?.GrainId ?? default)
                .Select(r => (r, new TimeoutException(Describe(host, r, waitsFor)))),
        ];
        foreach ((Request request, TimeoutException failure) in failures)
        {
            GrainLog.CallTimedOut(host.Log, request.Method, request.Target?.GrainId ?? default, failure.Message);
            host.Metrics.TimedOut();
            request.Abandon(failure);
        }
    }

    private static ILookup<Activation, Activation> WhoWaitsForWhom(GrainHost host)
    {
        List<(Activation Caller, Activation Target)> edges = [];
        foreach (Activation activation in host.Directory.All)
        {
            if (activation.Load > 0)
            {
                activation.CollectCallers(edges);
            }
        }

        return edges.OrderBy(e => e.Target.GrainId).ToLookup(e => e.Caller, e => e.Target);
    }

    private static string Describe(GrainHost host, Request request, ILookup<Activation, Activation> waitsFor)
    {
        string from = request.Sender is { } sender ? $" from {sender.GrainId}" : string.Empty;
        string text = $"The call {request.Method} to {request.Reference?.GrainId}{from} had no answer within "
            + $"{host.Options.ResponseTimeout}; whether it takes effect is unknown.";
        return request.Target is { } target && Cycle(target, waitsFor) is { } cycle
            ? $"{text} The grains wait for each other: {string.Join(" → ", cycle.Select(a => a.GrainId))}."
            : text;
    }

    /// <summary>
    /// The shortest way from a grain over those it waits for back to itself; null when there is none.
    /// </summary>
    private static List<Activation>? Cycle(Activation start, ILookup<Activation, Activation> waitsFor)
    {
        Dictionary<Activation, Activation> cameFrom = [];
        Queue<Activation> next = new([start]);
        while (next.TryDequeue(out Activation? at))
        {
            foreach (Activation target in waitsFor[at])
            {
                if (ReferenceEquals(target, start))
                {
                    return Path(start, at, cameFrom);
                }

                if (cameFrom.TryAdd(target, at))
                {
                    next.Enqueue(target);
                }
            }
        }

        return null;
    }

    private static List<Activation> Path(Activation start, Activation last, Dictionary<Activation, Activation> cameFrom)
    {
        List<Activation> path = [start];
        for (Activation at = last; !ReferenceEquals(at, start); at = cameFrom[at])
        {
            path.Insert(0, at);
        }

        path.Insert(0, start);
        return path;
    }
}
