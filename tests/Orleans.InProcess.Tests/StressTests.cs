using Orleans.InProcess.Tests.Testing;
using Orleans.Runtime;

namespace Orleans.InProcess.Tests;

/// <summary>Everything at once, on the thread pool and under seeds: nothing is lost, doubled or left behind.</summary>
public sealed class StressTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Acknowledged_writes_are_there_whatever_order_things_happen_in(int seed)
    {
        await using GrainTestHost host = new(options =>
        {
            options.ActivationsMax = 20;
            options.Chaos.Seed = seed;
            options.Chaos.DropActivation = 0.05;
        }, seed: seed);
        int[] acknowledged = new int[40];
        Task all = host.Begin(() => Task.WhenAll(Enumerable.Range(0, 2000).Select(async i =>
        {
            int purse = i * seed % acknowledged.Length;
            await host.Grains.GetGrain<IPayerGrain>($"payer{i % 11}").Pay($"p{purse}", 1);
            acknowledged[purse]++;
        })));
        host.Advance(TimeSpan.FromMinutes(1));
        GrainTestHost.Ended(all);
        host.Advance(TimeSpan.FromHours(1));

        for (int i = 0; i < acknowledged.Length; i++)
        {
            Purse? stored = host.Storage.Stored<Purse>("purse", GrainId.Create("purse", $"p{i}"));
            Assert.Equal(acknowledged[i], stored?.Coins ?? 0);
        }

        Assert.Equal(0, host.Host.Directory.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Retiring_cancelling_and_writing_on_the_thread_pool_lose_nothing(int seed)
    {
        await using GrainTestHost host = new(
            options =>
            {
                options.ActivationsMax = 8;
                options.Chaos.Seed = seed;
                options.Chaos.DropActivation = 0.02;
            },
            scheduler: new PoolScheduler());
        int[] acknowledged = new int[16];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 4000),
            new ParallelOptions { MaxDegreeOfParallelism = 32 },
            async (i, _) =>
            {
                IPurseGrain purse = host.Grains.GetGrain<IPurseGrain>($"p{i % acknowledged.Length}");
                if (i % 50 == 0)
                {
                    await purse.Retire(andWait: false);
                }
                else if (i % 7 == 0)
                {
                    await CallAndCancel(host.Grains.GetGrain<ITurnGrain>($"t{i % 5}"), i);
                }
                else
                {
                    await purse.Put(1);
                    Interlocked.Increment(ref acknowledged[i % acknowledged.Length]);
                }
            });

        for (int i = 0; i < acknowledged.Length; i++)
        {
            Purse? stored = host.Storage.Stored<Purse>("purse", GrainId.Create("purse", $"p{i}"));
            Assert.Equal(acknowledged[i], stored?.Coins);
        }

        Assert.Equal("alive", await host.Grains.GetGrain<ITurnGrain>("t0").Echo("alive"));
        Assert.All(host.Host.Directory.All, activation => Assert.Equal(0, activation.WaitingCount));
    }

    private static async Task CallAndCancel(ITurnGrain grain, int number)
    {
        using CancellationTokenSource cancel = new();
        Task<string> call = grain.WaitFor($"never{number}", cancel.Token);
        await Task.Yield();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }
}
