using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Florist.Tests.Testing;

/// <summary>
/// The grain host of tests, within this process. Its twin <c>TestGrains.Orleans.cs</c> starts a silo of the published
/// packages instead; nothing else in the tests knows which of the two is in use.
/// </summary>
internal static class TestGrains
{
    /// <summary>Adds a host for the grain classes of these assemblies.</summary>
    public static void AddTestGrains(this IHostApplicationBuilder builder, params Assembly[] assemblies)
    {
        builder.UseOrleans(_ => { });
        builder.Services.Configure<InProcessOptions>(options => options.GrainAssemblies.AddRange(assemblies));
    }

    /// <summary>Adds a host for one grain class.</summary>
    /// <param name="builder">The host's builder.</param>
    /// <param name="grain">The class.</param>
    /// <param name="silo">What else it needs.</param>
    /// <param name="activationsMax">Activations that are kept; null leaves the usual number.</param>
    public static void AddTestGrain(
        this IHostApplicationBuilder builder, Type grain, Action<ISiloBuilder> silo, int? activationsMax = null)
    {
        builder.UseOrleans(silo);
        builder.Services.Configure<InProcessOptions>(options =>
        {
            options.GrainClasses.Add(grain);
            options.ActivationsMax = activationsMax ?? options.ActivationsMax;
        });
    }

    /// <summary>Has grains dropped, answers lost and writes refused, often and by a seed.</summary>
    public static void BeParanoid(this IServiceCollection services, int seed, TimeSpan responseTimeout) =>
        services.Configure<InProcessOptions>(options =>
        {
            options.Chaos.BeParanoid(seed);
            options.ResponseTimeout = responseTimeout;
        });

    /// <summary>What is left to do after the storage was abandoned as if the process had been killed: nothing.</summary>
    public static Task LetGrainsGo(this IHost host) => Task.CompletedTask;
}
