using Florist.Tests.Testing.Postgres;

namespace Florist.Faults;

public sealed class KillLoopTests
{
    private const int Seed = 20261123;

    [Theory]
    [InlineData(false, 5)]
    [InlineData(true, 3)]
    public async Task Killed_at_any_moment_under_load_nothing_is_lost_doubled_or_stuck(bool onPostgres, int kills)
    {
        Assert.SkipWhen(onPostgres && PostgresCluster.WhyNot is not null, PostgresCluster.WhyNot ?? "");
        using FaultShop shop = await FaultShop.Open(onPostgres);
        KillLoop loop = new(shop, Seed);

        await loop.Run(kills, 8, TimeSpan.FromSeconds(0.6), TestContext.Current.CancellationToken);

        Assert.Equal([], loop.Violations);
        Assert.Equal(kills, loop.Kills);
        Assert.NotEqual(0, shop.Ledger.DoneCount);
    }
}
