using Orleans.Concurrency;

namespace Orleans.InProcess.Tests.Testing;

/// <summary>Calls with every way of taking turns.</summary>
public interface ITurnGrain : IGrainWithStringKey
{
    Task Wait(string gate);

    Task<string> Echo(string text);

    ValueTask Nothing();

    ValueTask<int> Add(int a, int b);

    [AlwaysInterleave]
    Task<string> Peek();

    [ReadOnly]
    Task Read(string gate);

    [OneWay]
    Task Tell(string text);

    Task Fail(string text);

    Task FailAtOnce(string text);

    Task<string> WaitFor(string gate, CancellationToken cancellation);

    Task<int> Unsafe(int rounds);

    Task<string> Deep(string[] path);

    /// <summary>Asks another grain, which calls a method of this one that always interleaves.</summary>
    Task<string> AskAndBePeeked(string other);

    Task<string> PeekAt(string other);

    Task<string> AmbientOf(string other, string key);

    Task<string?> Ambient(string key);

    Task SetAmbient(string key);
}

[GrainType("turn")]
internal sealed class TurnGrain(Probe probe) : Grain, ITurnGrain
{
    private static readonly AsyncLocal<string?> Leak = new();

    private int entered;

    public async Task Wait(string gate)
    {
        probe.Note($"begin {gate}");
        await probe.Gate(gate);
        probe.Note($"end {gate}");
    }

    public Task<string> Echo(string text) => Task.FromResult(text);

    public ValueTask Nothing() => ValueTask.CompletedTask;

    public async ValueTask<int> Add(int a, int b)
    {
        await Task.Yield();
        return a + b;
    }

    public Task<string> Peek() => Task.FromResult("peeked");

    public Task Read(string gate) => Wait(gate);

    public Task Tell(string text)
    {
        probe.Note(text);
        return text == "fail" ? throw new InvalidOperationException(text) : Task.CompletedTask;
    }

    public async Task Fail(string text)
    {
        await Task.Yield();
        throw new InvalidOperationException(text);
    }

    public Task FailAtOnce(string text) => throw new InvalidOperationException(text);

    public async Task<string> WaitFor(string gate, CancellationToken cancellation)
    {
        probe.Note($"begin {gate}");
        try
        {
            await probe.Gate(gate).WaitAsync(cancellation);
            return gate;
        }
        catch (OperationCanceledException)
        {
            probe.Note($"cancelled {gate}");
            throw;
        }
    }

    /// <summary>Counts how many turns are inside at once: more than one means that turns overlap.</summary>
    public async Task<int> Unsafe(int rounds)
    {
        int most = 0;
        for (int i = 0; i < rounds; i++)
        {
            int inside = Interlocked.Increment(ref entered);
            most = Math.Max(most, inside);
            await Task.Yield();
            Interlocked.Decrement(ref entered);
        }

        return most;
    }

    public async Task<string> Deep(string[] path)
    {
        string key = this.GetPrimaryKeyString();
        return path.Length == 0
            ? key
            : $"{key} {await GrainFactory.GetGrain<ITurnGrain>(path[0]).Deep(path[1..])}";
    }

    public async Task<string> AskAndBePeeked(string other) =>
        await GrainFactory.GetGrain<ITurnGrain>(other).PeekAt(this.GetPrimaryKeyString());

    public async Task<string> PeekAt(string other) => await GrainFactory.GetGrain<ITurnGrain>(other).Peek();

    public async Task<string> AmbientOf(string other, string key)
    {
        string? there = await GrainFactory.GetGrain<ITurnGrain>(other).Ambient(key);
        await GrainFactory.GetGrain<ITurnGrain>(other).SetAmbient(key);
        return $"{there} {await Ambient(key)}";
    }

    public Task<string?> Ambient(string key) =>
        Task.FromResult($"{Orleans.Runtime.RequestContext.Get(key) as string ?? "-"} {Leak.Value ?? "-"}")!;

    public Task SetAmbient(string key)
    {
        // Not an async method on purpose: what it sets stays on the thread unless the host clears it.
        Orleans.Runtime.RequestContext.Set(key, "leaked");
        Leak.Value = "leaked";
        return Task.CompletedTask;
    }
}

public interface IReentrantGrain : IGrainWithStringKey
{
    /// <summary>Asks another grain, which asks back.</summary>
    Task<string> Ask(string other, bool back);

    Task<string> Answer();

    Task Wait(string gate);
}

[Reentrant]
[GrainType("reentrant")]
internal sealed class ReentrantGrain(Probe probe) : Grain, IReentrantGrain
{
    public async Task<string> Ask(string other, bool back)
    {
        IReentrantGrain asked = GrainFactory.GetGrain<IReentrantGrain>(other);
        return back ? await asked.Ask(this.GetPrimaryKeyString(), back: false) : await asked.Answer();
    }

    public Task<string> Answer() => Task.FromResult("answer");

    public async Task Wait(string gate)
    {
        probe.Note($"begin {gate}");
        await probe.Gate(gate);
    }
}

public interface IWorkerGrain : IGrainWithStringKey
{
    Task Wait(string gate);
}

[StatelessWorker(2)]
[GrainType("worker")]
internal sealed class WorkerGrain(Probe probe) : Grain, IWorkerGrain
{
    public async Task Wait(string gate)
    {
        probe.Note($"begin {gate}");
        await probe.Gate(gate);
    }
}
