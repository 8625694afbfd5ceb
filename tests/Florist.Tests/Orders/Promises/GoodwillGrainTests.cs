using Florist.Kernel;
using Florist.Orders;
using Florist.Tests.Testing;

namespace Florist.Tests.Orders.Promises;

public sealed class GoodwillGrainTests
{
    private static readonly Money Cap = new(1000, "GBP");

    [Fact]
    public async Task A_budget_gives_what_it_has_left_and_a_repeat_gets_the_same_also_after_a_crash()
    {
        await using TestShop shop = await OrderShop.Start();

        Money first = await Take(shop, "o1:1", 700);
        Money second = await Take(shop, "o2:1", 700);
        await shop.Restart(crash: true);
        Money again = await Take(shop, "o1:1", 900);
        Money third = await Take(shop, "o3:1", 1);

        Assert.Equal([700, 300, 700, 0], new[] { first, second, again, third }.Select(money => money.Minor));
    }

    [Fact]
    public async Task What_another_budget_did_not_have_is_free_again()
    {
        await using TestShop shop = await OrderShop.Start();
        await Take(shop, "o1:1", 1000);

        await Grain(shop).Keep(new KeepGoodwill("o1:1", new Money(400, "GBP")));
        await Grain(shop).Keep(new KeepGoodwill("o1:1", new Money(800, "GBP")));
        await Grain(shop).Keep(new KeepGoodwill("o9:1", new Money(1, "GBP")));

        Assert.Equal(400, (await Take(shop, "o1:1", 1000)).Minor);
        Assert.Equal(600, (await Take(shop, "o2:1", 1000)).Minor);
    }

    [Fact]
    public async Task Old_grants_and_other_currencies_do_not_count()
    {
        await using TestShop shop = await OrderShop.Start();
        await Take(shop, "o1:1", 1000);

        await shop.RunUntil(OrderSamples.Morning.AddDays(90));
        Money euros = await Grain(shop).Take(
            new TakeGoodwill("o2:1", new Money(5, "EUR"), new Money(5, "EUR"), DateTimeOffset.MinValue));
        Money before = await Take(shop, "o3:1", 10, OrderSamples.Morning);
        Money after = await Take(shop, "o4:1", 10, OrderSamples.Morning.AddDays(1));

        Assert.Equal([5, 0, 10], new[] { euros, before, after }.Select(money => money.Minor));
    }

    [Fact]
    public async Task Grants_that_are_too_many_to_remember_one_by_one_still_count()
    {
        await using TestShop shop = await OrderShop.Start();
        for (int i = 0; i < 80; i++)
        {
            await Take(shop, $"o{i}:1", 10);
        }

        Assert.Equal(10, (await Take(shop, "o0:1", 10)).Minor);
        Assert.Equal(200, (await Take(shop, "p1:1", 900)).Minor);
    }

    private static IGoodwillGrain Grain(TestShop shop) => shop.Grain<IGoodwillGrain>("customer-anna");

    private static Task<Money> Take(TestShop shop, string key, long minor, DateTimeOffset? since = null) =>
        Grain(shop).Take(new TakeGoodwill(key, new Money(minor, "GBP"), Cap, since ?? DateTimeOffset.MinValue));
}
