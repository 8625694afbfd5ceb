using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans;

namespace Florist.Kernel;

/// <summary>
/// Starts the shards of a cluster; every process does so, and the first one is enough. Nobody waits for it: a shard
/// that was on a silo which has just died answers only when the cluster knows of that.
/// </summary>
internal sealed class WakeShardsStart(IGrainFactory grains, IOptions<EngineOptions> options, StartWork work)
    : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value is { Shared: true, Background: true })
        {
            for (int shard = 0; shard < IWakeTable.Shards; shard++)
            {
                _ = Start(shard);
            }
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => work.Stop(cancellationToken);

    private Task Start(int shard) => work.Begin(
        string.Create(CultureInfo.InvariantCulture, $"wake-up shard {shard}"),
        () => grains.GetGrain<IWakeShardGrain>(shard.ToString(CultureInfo.InvariantCulture)).Start());
}
