using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
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

    /// <summary>What is left to do after the storage was abandoned as if the process had been killed: nothing.</summary>
    public static Task LetGrainsGo(this IHost host) => Task.CompletedTask;
}
