using Florist.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Runtime;

namespace Florist.Benchmarks.Engine;

/// <summary>A grain that does nothing, called by many over many, beside a method behind a semaphore per key.</summary>
internal static class GrainCallBenchmark
{
    private const int Callers = 100;
    private const int Grains = 1000;
    private const double CallsPerSecondMin = 1_500_000;

    // A caller goes round all keys, each from a place of its own; the places lie on cache lines of their own.
    private const int Stride = 16;
    private static readonly int[] Places = [.. Enumerable.Range(0, Callers * Stride).Select(i => i * 7919 % Grains)];

    public static async Task Run()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging();
        builder.AddTestGrain(typeof(EchoGrain), _ => { });
        using IHost host = builder.Build();
        await host.StartAsync();

        IGrainFactory factory = host.Services.GetRequiredService<IGrainFactory>();
        IEchoGrain[] grains = [.. Enumerable.Range(0, Grains).Select(i => factory.GetGrain<IEchoGrain>($"echo{i}"))];
        SemaphoreSlim[] gates = [.. Enumerable.Range(0, Grains).Select(_ => new SemaphoreSlim(1, 1))];
        (double calls, double plain) = await Measure.Both(
            () => Measure.Rate(Callers, caller => Call(grains, caller)),
            () => Measure.Rate(Callers, caller => Plain(gates, caller)));
        Figure.Rate("engine.grain_calls", calls, plain, goal: 0.1);
        Figure.Rate("engine.grain_calls_of_1500000_per_second", calls, CallsPerSecondMin, goal: 1);

        await host.StopAsync();
        foreach (SemaphoreSlim gate in gates)
        {
            gate.Dispose();
        }
    }

    private static Task<int> Call(IEchoGrain[] grains, int caller)
    {
        int key = Next(caller);
        return grains[key].Echo(key);
    }

    private static async Task<int> Plain(SemaphoreSlim[] gates, int caller)
    {
        int key = Next(caller);
        SemaphoreSlim gate = gates[key];
        await gate.WaitAsync();
        try
        {
            return key;
        }
        finally
        {
            gate.Release();
        }
    }

    private static int Next(int caller) => Places[caller * Stride] = (Places[caller * Stride] + 1) % Grains;
}

/// <summary>A grain that does nothing and keeps nothing.</summary>
public interface IEchoGrain : IGrainWithStringKey
{
    Task<int> Echo(int number);
}

[GrainType("echo")]
internal sealed class EchoGrain : Grain, IEchoGrain
{
    public Task<int> Echo(int number) => Task.FromResult(number);
}
