using System.Net;
using System.Net.Sockets;
using System.Reflection;
using Florist.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Serialization;

namespace Florist.Tests.Testing;

/// <summary>
/// The grain host of tests: a silo of the published packages, alone in a cluster of its own on free ports. Its twin
/// <c>TestGrains.InProcess.cs</c> is what an ordinary build uses.
/// </summary>
internal static class TestGrains
{
    /// <summary>Adds a silo. The packages find the grain classes themselves.</summary>
    public static void AddTestGrains(this IHostApplicationBuilder builder, params Assembly[] assemblies) =>
        builder.AddTestGrains(_ => { }, assemblies);

    /// <summary>Adds a silo for one grain class, and whatever other classes the packages find.</summary>
    public static void AddTestGrain(
        this IHostApplicationBuilder builder, Type grain, Action<ISiloBuilder> silo, int? activationsMax = null) =>
        builder.AddTestGrains(silo, grain.Assembly);

    private static void AddTestGrains(
        this IHostApplicationBuilder builder, Action<ISiloBuilder> more, params Assembly[] assemblies)
    {
        (int silo, int gateway) = FreePorts();
        builder.Services.AddMachineClock();
        builder.UseOrleans(host =>
        {
            more(host);
            host.UseLocalhostClustering(silo, gateway, null, Guid.CreateVersion7().ToString(), "florist-test");
            host.UseInMemoryReminderService();
            host.Services.AddWireForm(assemblies);
            host.Services.Configure<ClusterMembershipOptions>(options => options.LivenessEnabled = false);
        });
    }

    /// <summary>Nothing: a real silo has no faults to order. What is asserted must hold without them too.</summary>
    public static void BeParanoid(this IServiceCollection services, int seed, TimeSpan responseTimeout) =>
        services.Configure<SiloMessagingOptions>(options => _ = (seed, responseTimeout, options));

    /// <summary>
    /// What is left to do after the storage was abandoned as if the process had been killed: a silo has threads and
    /// ports, which it gives up without saying farewell.
    /// </summary>
    public static Task LetGrainsGo(this IHost host) => host.StopAsync(new CancellationToken(canceled: true));

    // Both are held until both are known, so that they differ; another process could still be quicker to take one.
    private static (int First, int Second) FreePorts()
    {
        using TcpListener first = new(IPAddress.Loopback, 0);
        using TcpListener second = new(IPAddress.Loopback, 0);
        first.Start();
        second.Start();
        return (((IPEndPoint)first.LocalEndpoint).Port, ((IPEndPoint)second.LocalEndpoint).Port);
    }
}
