using Florist.Tests.Kernel.Engine;
using Microsoft.Extensions.DependencyInjection;

namespace Florist.Tests.Testing;

public sealed class TestShopTests
{
    [Fact]
    public async Task A_grains_state_survives_a_restart_and_a_crash()
    {
        await using TestShop shop = await TestShop.Start(services => services.AddSingleton<ProbeFailures>());
        DateTimeOffset due = shop.Time.GetUtcNow().AddHours(1);
        await shop.Grain<IProbeGrain>("a").Set(new ProbeCommand { Due = due });

        await shop.Restart();
        Assert.Equal(due, (await shop.Grain<IProbeGrain>("a").Get()).Due);

        await shop.Grain<IProbeGrain>("a").Set(new ProbeCommand { Due = due.AddHours(1) });
        await shop.Restart(crash: true);
        Assert.Equal(due.AddHours(1), (await shop.Grain<IProbeGrain>("a").Get()).Due);
    }

    [Fact]
    public async Task Running_until_an_instant_stops_at_everything_due_on_the_way()
    {
        await using TestShop shop = await TestShop.Start(services => services.AddSingleton<ProbeFailures>());
        DateTimeOffset start = shop.Time.GetUtcNow();
        await shop.Grain<IProbeGrain>("a").Set(new ProbeCommand { Due = start.AddDays(1), Daily = true });

        await shop.RunUntil(start.AddDays(10));

        Assert.Equal(new ProbeView(10, start.AddDays(11)), await shop.Grain<IProbeGrain>("a").Get());
        Assert.Equal(start.AddDays(10), shop.Time.GetUtcNow());
    }
}
