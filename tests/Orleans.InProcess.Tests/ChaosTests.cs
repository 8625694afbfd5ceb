using Orleans.InProcess.Tests.Testing;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.InProcess.Tests;

/// <summary>Fault injection: what a cluster does rarely, done on purpose.</summary>
public sealed class ChaosTests
{
    [Fact]
    public async Task A_lost_reply_is_a_timeout_after_the_effect()
    {
        await using GrainTestHost host = new(options => options.Chaos.LoseReply = 1);
        IPurseGrain purse = host.Grains.GetGrain<IPurseGrain>("p");

        Task<int> put = host.Begin(() => purse.Put(1));
        Assert.Equal(1, host.Storage.Writes);
        Assert.False(put.IsCompleted);

        host.Advance(TimeSpan.FromSeconds(40));
        Assert.Throws<TimeoutException>(() => GrainTestHost.Value(put));
    }

    [Fact]
    public async Task A_dropped_activation_loses_its_memory_but_not_its_state()
    {
        await using GrainTestHost host = new(options => options.Chaos.DropActivation = 1);
        IPurseGrain purse = host.Grains.GetGrain<IPurseGrain>("p");

        Assert.Equal([1, 2, 3], Enumerable.Range(0, 3).Select(_ => host.Run(() => purse.Put(1))));
        Assert.Equal(3, host.Probe.Count("activate p"));
    }

    [Fact]
    public async Task An_injected_conflict_writes_nothing_and_drops_the_activation()
    {
        await using GrainTestHost host = new(options => options.Chaos.Conflict = 1);
        IPurseGrain purse = host.Grains.GetGrain<IPurseGrain>("p");

        Assert.Throws<InconsistentStateException>(() => host.Run(() => purse.Put(1)));
        Assert.Equal(0, host.Storage.Writes);
        host.Settle();
        Assert.Equal(0, host.Host.Directory.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task No_coin_is_lost_or_made_whatever_fails(int seed)
    {
        await using GrainTestHost host = new(
            options =>
            {
                options.Chaos.Seed = seed;
                options.Chaos.DropActivation = 0.2;
                options.Chaos.LoseReply = 0.1;
                options.Chaos.Conflict = 0.1;
            },
            seed: seed);
        int sure = 0;
        int unknown = 0;
        Task all = host.Begin(() => Task.WhenAll(Enumerable.Range(0, 300).Select(async i =>
        {
            try
            {
                await host.Grains.GetGrain<IPayerGrain>($"payer{i % 7}").Pay("p", 1);
                sure++;
            }
            catch (InconsistentStateException)
            {
                // Refused for certain: nothing was written.
            }
            catch (TimeoutException)
            {
                unknown++;
            }
        })));
        host.Advance(TimeSpan.FromHours(2));
        GrainTestHost.Ended(all);

        int coins = host.Storage.Stored<Purse>("purse", GrainId.Create("purse", "p"))?.Coins ?? 0;
        Assert.InRange(coins, sure, sure + unknown);
        Assert.InRange(unknown, 1, 299);
    }
}
