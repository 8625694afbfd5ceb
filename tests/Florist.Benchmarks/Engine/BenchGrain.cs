using System.Text.Json.Serialization;
using Florist.Kernel;
using Orleans;
using Orleans.Runtime;

namespace Florist.Benchmarks.Engine;

/// <summary>A grain with a state of ordinary size.</summary>
public interface IBenchGrain : IGrainWithStringKey
{
    Task<int> Echo(int number);

    Task Schedule(DateTimeOffset due);

    Task Repeat(DateTimeOffset first, TimeSpan every);
}

/// <summary>About a kilobyte of JSON.</summary>
internal sealed record BenchState : IDurableState<BenchState>
{
    public int Count { get; init; }

    public string Filling { get; init; } = new('x', 1000);

    public DateTimeOffset? Due { get; init; }

    public TimeSpan? Every { get; init; }

    [JsonIgnore]
    public DateTimeOffset? NextDue => Due;

    [JsonIgnore]
    public Effects Effects { get; init; } = Effects.None;

    public BenchState With(Effects effects) => this with { Effects = effects };
}

[GrainType("bench")]
internal sealed class BenchGrain([PersistentState("state")] IPersistentState<BenchState> state)
    : Grain, IBenchGrain, IWakeable
{
    public Task<int> Echo(int number) => Task.FromResult(number);

    public Task Schedule(DateTimeOffset due) =>
        state.Commit(state.State with { Count = state.State.Count + 1, Due = due }, DeactivateOnIdle);

    public Task Repeat(DateTimeOffset first, TimeSpan every) =>
        state.Commit(state.State with { Due = first, Every = every }, DeactivateOnIdle);

    // On the grid of its first time, so that being late once does not make it late for ever.
    public Task OnWake(DateTimeOffset now) => state.Commit(
        state.State with { Count = state.State.Count + 1, Due = state.State.Due + state.State.Every },
        DeactivateOnIdle);
}
