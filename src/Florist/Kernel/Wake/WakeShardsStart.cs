using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans;

namespace Florist.Kernel;

/// <summary>Starts the shards of a cluster; every process does so, and the first one is enough.</summary>
internal sealed class WakeShardsStart(IGrainFactory grains, IOptions<EngineOptions> options) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) =>
        options.Value is { Shared: true, Background: true } ? Start() : Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private Task Start() => Task.WhenAll(Enumerable
        .Range(0, IWakeTable.Shards)
        .Select(i => grains.GetGrain<IWakeShardGrain>(i.ToString(CultureInfo.InvariantCulture)).Start()));
}
