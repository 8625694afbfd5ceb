using Florist.Kernel;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Florist.Server;

/// <summary>
/// The grain host within this process. Its twin <c>Hosting.Orleans.cs</c> joins a real cluster instead.
/// </summary>
internal static class Hosting
{
    /// <summary>Adds the grain host. Storage goes before it, so that it is open when grains start.</summary>
    public static void AddGrainHost(this IHostApplicationBuilder builder)
    {
        builder.UseOrleans(silo => silo.Services.Configure<InProcessOptions>(
            options => options.GrainAssemblies.Add(typeof(IWakeable).Assembly)));
    }
}
