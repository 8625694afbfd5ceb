using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.InProcess.Tests.Testing;
using Orleans.Runtime;
using Orleans.Runtime.Hosting;

namespace Orleans.InProcess.Tests;

/// <summary>The host as a program meets it: generic host, thread pool, real clock.</summary>
public sealed class UseOrleansTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_program_gets_its_grains_without_naming_them(bool applicationBuilder)
    {
        Probe probe = new();
        MemoryGrainStorage storage = new();
        using IHost host = applicationBuilder ? OfApplication(probe, storage) : OfHost(probe, storage);
        await host.StartAsync(TestContext.Current.CancellationToken);

        IClusterClient client = host.Services.GetRequiredService<IClusterClient>();
        Assert.Equal(3, await client.GetGrain<IPurseGrain>("p").Put(3));
        Assert.Same(client, host.Services.GetRequiredService<IGrainFactory>());

        await host.StopAsync(TestContext.Current.CancellationToken);
        Assert.Contains("deactivate p ShuttingDown", probe.Notes);
        Assert.Equal(3, storage.Stored<Purse>("purse", GrainId.Create("purse", "p"))?.Coins);
    }

    private static IHost OfApplication(Probe probe, MemoryGrainStorage storage)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo => Configure(silo.Services, probe, storage));
        return builder.Build();
    }

    private static IHost OfHost(Probe probe, MemoryGrainStorage storage) => new HostBuilder()
        .UseOrleans(silo => Configure(silo.Services, probe, storage))
        .Build();

    private static void Configure(IServiceCollection services, Probe probe, MemoryGrainStorage storage) =>
        services.AddSingleton(probe).AddGrainStorage("memory", (_, _) => storage);
}
