using System.Collections.Immutable;
using System.Globalization;
using Florist.Adapters.Sql;
using Florist.Kernel;
using Florist.Tests.Kernel.Engine;
using Florist.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Runtime.Hosting;
using Orleans.Storage;

namespace Florist.Tests.Kernel.Wake;

/// <summary>The waking of a cluster, on the in-process host, whose reminders and timers look the same.</summary>
public sealed class WakeShardGrainTests
{
    private const int Grains = 200;

    [Fact]
    public async Task Every_grain_belongs_to_one_shard_and_the_shards_together_wake_all()
    {
        await using TestShop shop = await Start();
        await Schedule(shop, shop.Time.GetUtcNow());
        WakeShard shards = shop.Get<WakeShard>();

        List<int> woken = [];
        for (int shard = 0; shard < IWakeTable.Shards; shard++)
        {
            woken.Add(await shards.Run(shard, shop.Time.GetUtcNow(), 4, CancellationToken.None));
        }

        Assert.Equal(Grains, woken.Sum());
        Assert.InRange(woken.Count(count => count > 0), IWakeTable.Shards / 2, IWakeTable.Shards);
        Assert.All(await Wakes(shop), wakes => Assert.Equal(1, wakes));
    }

    [Fact]
    public async Task Two_that_look_after_one_shard_at_once_do_nothing_twice()
    {
        await using TestShop shop = await Start();
        await Schedule(shop, shop.Time.GetUtcNow());
        WakeShard shards = shop.Get<WakeShard>();

        await Parallel.ForEachAsync(
            Enumerable.Range(0, IWakeTable.Shards).SelectMany(shard => new[] { shard, shard, shard }),
            new ParallelOptions { MaxDegreeOfParallelism = 12 },
            async (shard, stop) => await shards.Run(shard, shop.Time.GetUtcNow(), 8, stop));

        Assert.All(await Wakes(shop), wakes => Assert.Equal(1, wakes));
        Assert.Null(await shop.Get<IWakeTable>().NextDue(CancellationToken.None));
    }

    [Fact]
    public async Task A_class_with_much_to_do_leaves_a_place_in_every_round_to_the_others()
    {
        await using TestShop shop = await Start();
        IWakeTable table = shop.Get<IWakeTable>();
        await Schedule(shop, shop.Time.GetUtcNow());
        int shard = 0;
        while ((await table.Due(new WakeQuery(WakeClass.Notice, shop.Time.GetUtcNow(), 9, shard), default)).IsEmpty)
        {
            shard++;
        }

        await shop.Get<SqliteDatabase>().Writer.Run(0, session => session.Execute(
            "UPDATE wake SET shard = $1, class = CASE WHEN grain_key = 'probe/p7' THEN 3 ELSE 1 END", shard));
        await shop.Get<WakeShard>().Run(shard, shop.Time.GetUtcNow(), 4, new CancellationToken(canceled: false));

        Assert.Equal(1, (await shop.Grain<IProbeGrain>("p7").Get()).Wakes);
        Assert.All(await Wakes(shop), wakes => Assert.Equal(1, wakes));
    }

    [Fact]
    public async Task A_poisoned_grain_is_put_off_and_the_others_of_its_shard_are_woken()
    {
        await using TestShop shop = await Start();
        await shop.Grain<IProbeGrain>("p0").Set(
            new ProbeCommand { Due = shop.Time.GetUtcNow(), FailWakes = int.MaxValue });
        await Schedule(shop, shop.Time.GetUtcNow(), from: 1);

        for (int shard = 0; shard < IWakeTable.Shards; shard++)
        {
            await shop.Get<WakeShard>().Run(shard, shop.Time.GetUtcNow(), 4, CancellationToken.None);
        }

        ImmutableArray<int> wakes = await Wakes(shop);
        Assert.Equal(0, wakes[0]);
        Assert.All(wakes.Skip(1), count => Assert.Equal(1, count));
        Assert.True(await shop.Get<IWakeTable>().NextDue(default) > shop.Time.GetUtcNow());
    }

    [Fact]
    public async Task In_a_shared_database_the_shards_start_with_the_host_and_wake_by_themselves()
    {
        await using TestShop shop = await Start(shared: true);
        await Schedule(shop, shop.Time.GetUtcNow(), until: 20);

        await WakeServiceTests.Until(async () => (await Wakes(shop, 20)).All(wakes => wakes == 1));
    }

    [Theory]
    [InlineData("64")]
    [InlineData("-1")]
    [InlineData("all")]
    public async Task There_are_no_other_shards(string key)
    {
        await using TestShop shop = await Start();

        await Assert.ThrowsAnyAsync<Exception>(() => shop.Grain<IWakeShardGrain>(key).Start());
    }

    private static Task<TestShop> Start(bool shared = false) => TestShop.Start(services =>
    {
        services.AddSingleton<ProbeFailures>();
        services.AddGrainStorage<IGrainStorage>(
            "Reminders", (provider, _) => ActivatorUtilities.CreateInstance<GroupCommitGrainStorage>(provider));
        services.Configure<EngineOptions>(options =>
        {
            options.Background = shared;
            options.Shared = shared;
        });
    });

    private static async Task Schedule(TestShop shop, DateTimeOffset due, int from = 0, int until = Grains)
    {
        for (int i = from; i < until; i++)
        {
            await Probe(shop, i).Set(new ProbeCommand { Due = due });
        }
    }

    private static async Task<ImmutableArray<int>> Wakes(TestShop shop, int until = Grains)
    {
        ImmutableArray<int>.Builder wakes = ImmutableArray.CreateBuilder<int>();
        for (int i = 0; i < until; i++)
        {
            wakes.Add((await Probe(shop, i).Get()).Wakes);
        }

        return wakes.ToImmutable();
    }

    private static IProbeGrain Probe(TestShop shop, int number) =>
        shop.Grain<IProbeGrain>(string.Create(CultureInfo.InvariantCulture, $"p{number}"));
}
