using Florist.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Runtime;
using Orleans.Runtime.Hosting;
using Orleans.Storage;

namespace Florist.Benchmarks.Engine;

/// <summary>What a grain that nobody calls costs in memory, beside its state.</summary>
internal static class IdleActivationBenchmark
{
    private const int Grains = 10_000;
    private const double BytesMax = 1200;

    public static async Task Run()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddTestGrain(
            typeof(IdleGrain),
            silo => silo.Services.AddGrainStorage("Default", (_, _) => new FullStorage()),
            activationsMax: 2 * Grains);
        using IHost host = builder.Build();
        await host.StartAsync();
        IGrainFactory factory = host.Services.GetRequiredService<IGrainFactory>();
        await factory.GetGrain<IIdleGrain>("first").Touch();

        long before = GC.GetTotalMemory(forceFullCollection: true);
        IdleState[] alone = [.. Enumerable.Range(0, Grains).Select(_ => new IdleState { Body = new byte[1000] })];
        long states = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(alone);
        alone = [];

        before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < Grains; i++)
        {
            await factory.GetGrain<IIdleGrain>($"customer-{i:0000000000}").Touch();
        }

        long all = GC.GetTotalMemory(forceFullCollection: true) - before;
        Figure.Limit("engine.idle_activation_bytes", (all - states) / (double)Grains, BytesMax);
        GC.KeepAlive(alone);
        await host.StopAsync();
    }

    /// <summary>Every grain has a state of a kilobyte, and nothing else here holds it.</summary>
    private sealed class FullStorage : IGrainStorage
    {
        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            if (grainState is IGrainState<IdleState> idle)
            {
                idle.State = new IdleState { Body = new byte[1000] };
                idle.ETag = "1";
                idle.RecordExists = true;
            }

            return Task.CompletedTask;
        }

        public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
            throw new NotSupportedException();

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
            throw new NotSupportedException();
    }
}

/// <summary>A grain with a state and a service, as most have.</summary>
public interface IIdleGrain : IGrainWithStringKey
{
    Task<long> Touch();
}

internal sealed record IdleState
{
    public byte[] Body { get; init; } = [];
}

[GrainType("bench-idle")]
internal sealed class IdleGrain([PersistentState("state")] IPersistentState<IdleState> state, TimeProvider time)
    : Grain, IIdleGrain
{
    public Task<long> Touch() => Task.FromResult(state.State.Body.Length + time.GetTimestamp());
}
