using Florist.Kernel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Florist.Benchmarks.Engine;

/// <summary>One grain that everybody changes: behind an output gate, beside one commit a command.</summary>
internal static class HotGrainBenchmark
{
    private const int Callers = 256;

    public static async Task Run(IHost host)
    {
        await host.StartAsync();
        IGrainFactory grains = host.Services.GetRequiredService<IGrainFactory>();
        IHotGrain gated = grains.GetGrain<IHotGrain>(GrainId.Create("bench-gated", "one"));
        IHotGrain single = grains.GetGrain<IHotGrain>(GrainId.Create("bench-single", "one"));
        (double shared, double each) = await Measure.Both(
            () => Measure.Rate(Callers, _ => gated.Add()),
            () => Measure.Rate(Callers, _ => single.Add()));
        Figure.Rate("engine.hot_grain", shared, each, goal: 20);
        await host.StopAsync();
    }
}

/// <summary>A counter.</summary>
public interface IHotGrain : IGrainWithStringKey
{
    Task<int> Add();
}

[Reentrant]
[GrainType("bench-gated")]
internal sealed class GatedGrain([PersistentState("state")] IPersistentState<BenchState> state) : Grain, IHotGrain
{
    private readonly OutputGate<BenchState> gate = new(state);

    public Task<int> Add()
    {
        BenchState next = gate.State with { Count = gate.State.Count + 1 };
        gate.Change(next);
        return gate.Durable(next.Count);
    }
}

[GrainType("bench-single")]
internal sealed class SingleGrain([PersistentState("state")] IPersistentState<BenchState> state) : Grain, IHotGrain
{
    public async Task<int> Add()
    {
        await state.Commit(state.State with { Count = state.State.Count + 1 }, DeactivateOnIdle);
        return state.State.Count;
    }
}
