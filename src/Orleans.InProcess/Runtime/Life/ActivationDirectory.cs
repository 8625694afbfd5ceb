using System.Collections.Concurrent;

namespace Orleans.Runtime;

/// <summary>Which grains are in memory.</summary>
internal sealed class ActivationDirectory(GrainHost host)
{
    private readonly ConcurrentDictionary<GrainId, Activation> activations = new();
    private readonly ConcurrentDictionary<GrainId, WorkerPool> pools = new();

    // Empty unless faults are injected.
    private readonly ConcurrentDictionary<GrainId, Activation> seconds = new();
    private int count;
    private int leaving;

    internal int Count => Volatile.Read(ref count);

    /// <summary>Those that nobody has decided to collect yet.</summary>
    internal int StayingCount => Count - Volatile.Read(ref leaving);

    internal IEnumerable<Activation> All => activations.Select(pair => pair.Value)
        .Concat(pools.SelectMany(pair => pair.Value.Workers))
        .Concat(seconds.Select(pair => pair.Value));

    /// <summary>Hands a request to the activation of its grain, and makes one if there is none.</summary>
    internal void Deliver(Request request)
    {
        if (request.Reference is not { } reference)
        {
            throw new InvalidOperationException($"{request.Method} goes to no grain");
        }

        if (reference.Class is not { } grainClass)
        {
            request.Fail(new ArgumentException(
                $"no grain class has the type of {reference.GrainId}: was its assembly registered?"));
            return;
        }

        bool second = host.Chaos.GoesToSecond(request);
        while (!request.IsAnswered)
        {
            if (Find(grainClass, reference.GrainId, second ? seconds : activations) is not { } activation)
            {
                request.Fail(new OrleansException(
                    $"the grain host stops: {reference.GrainId} is not activated any more"));
                return;
            }

            if (activation.Receive(request))
            {
                return;
            }

            Remove(activation);
        }
    }

    internal void Remove(Activation activation)
    {
        bool removed = activation.Class.WorkersMax > 0
            ? pools.TryGetValue(activation.GrainId, out WorkerPool? pool) && pool.Remove(activation)
            : activations.TryRemove(KeyValuePair.Create(activation.GrainId, activation))
                || seconds.TryRemove(KeyValuePair.Create(activation.GrainId, activation));
        if (!removed)
        {
            return;
        }

        Interlocked.Decrement(ref count);
        host.Metrics.ActivationDestroyed();
        if (activation.IsLeaving)
        {
            Interlocked.Decrement(ref leaving);
        }
    }

    internal void CountLeaving() => Interlocked.Increment(ref leaving);

    private Activation? Find(
        GrainClass grainClass,
        GrainId grainId,
        ConcurrentDictionary<GrainId, Activation> among)
    {
        if (grainClass.WorkersMax > 0)
        {
            return pools.GetOrAdd(grainId, static _ => new WorkerPool())
                .Pick(grainClass.WorkersMax, () => Make(grainClass, grainId));
        }

        if (among.TryGetValue(grainId, out Activation? known))
        {
            return known;
        }

        if (host.IsStopping)
        {
            return null;
        }

        Activation made = new(host, grainClass, grainId);
        if (!among.TryAdd(grainId, made))
        {
            return among.TryGetValue(grainId, out Activation? other) ? other : Find(grainClass, grainId, among);
        }

        Counted();
        return made;
    }

    private Activation? Make(GrainClass grainClass, GrainId grainId)
    {
        if (host.IsStopping)
        {
            return null;
        }

        Counted();
        return new Activation(host, grainClass, grainId);
    }

    private void Counted()
    {
        Interlocked.Increment(ref count);
        host.Metrics.ActivationCreated();
        if (StayingCount > host.Options.ActivationsMax)
        {
            host.Sweeper.CollectSurplus();
        }
    }
}

/// <summary>The activations of one grain of a class that may have several.</summary>
internal sealed class WorkerPool
{
    private readonly Lock gate = new();
    private Activation[] workers = [];

    internal IReadOnlyList<Activation> Workers => Volatile.Read(ref workers);

    /// <summary>
    /// An idle worker, else a new one, else the one with the least to do; null when none may be made.
    /// </summary>
    internal Activation? Pick(int workersMax, Func<Activation?> make)
    {
        lock (gate)
        {
            Activation? least = workers.MinBy(w => w.Load);
            if (least is { Load: 0 } || workers.Length >= workersMax || make() is not { } made)
            {
                return least;
            }

            Volatile.Write(ref workers, [.. workers, made]);
            return made;
        }
    }

    internal bool Remove(Activation worker)
    {
        lock (gate)
        {
            int before = workers.Length;
            Volatile.Write(ref workers, [.. workers.Where(w => !ReferenceEquals(w, worker))]);
            return workers.Length < before;
        }
    }
}
