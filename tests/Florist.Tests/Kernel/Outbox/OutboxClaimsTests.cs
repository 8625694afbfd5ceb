using Florist.Adapters.Sql;
using Florist.Kernel;
using Florist.Tests.Kernel.Engine;
using Florist.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Florist.Tests.Kernel.Outbox;

/// <summary>Several pumps share one outbox: each claims what it hands over, for as long as a lease lasts.</summary>
public sealed class OutboxClaimsTests
{
    private readonly ProbeHandler handler = new();

    [Fact]
    public async Task A_pump_that_dies_with_a_claim_keeps_nobody_from_the_message_longer_than_its_lease()
    {
        await using TestShop shop = await StartShared();
        DateTimeOffset start = shop.Time.GetUtcNow();
        await Send(shop, "m");
        handler.Answer = (_, _) =>
        {
            shop.Get<SqliteDatabase>().Abandon();
            return Task.FromResult(OutboxResult.Done);
        };
        await Assert.ThrowsAsync<InvalidOperationException>(shop.RunDue);

        handler.Answer = (_, _) => Task.FromResult(OutboxResult.Done);
        await shop.Restart(crash: true);
        Assert.Equal(0, await shop.RunDue());
        Assert.Equal(start.AddMinutes(2), await shop.Get<IEngineDriver>().NextDue(default));
        await shop.RunUntil(start.AddMinutes(2));

        Assert.Equal(["m", "m"], handler.Handled);
        Assert.Equal(0, await Rows(shop));
    }

    [Fact]
    public async Task Two_pumps_on_one_outbox_hand_every_message_over_once()
    {
        await using TestShop shop = await StartShared();
        for (int i = 0; i < 100; i++)
        {
            await Send(shop, $"m{i}", grain: $"g{i}");
        }

        using OutboxPump other = ActivatorUtilities.CreateInstance<OutboxPump>(shop.Services);
        handler.Answer = async (_, _) =>
        {
            await Task.Yield();
            return OutboxResult.Done;
        };
        await Task.WhenAll(
            Task.Run(() => shop.Get<OutboxPump>().RunDue(default)), Task.Run(() => other.RunDue(default)));

        Assert.Equal(100, handler.Handled.Count);
        Assert.Equal(100, handler.Handled.Distinct().Count());
        Assert.Equal(0, await Rows(shop));
    }

    [Fact]
    public async Task A_claim_falls_to_one_of_those_that_read_the_same_row()
    {
        await using TestShop shop = await StartShared();
        await Send(shop, "m");
        IOutboxTable table = shop.Get<IOutboxTable>();
        DateTimeOffset now = shop.Time.GetUtcNow();
        OutboxRow row = (await table.Due(OutboxClass.Notice, now, 1, default)).Single();

        Assert.True(await table.Claim(row, now.AddMinutes(1)));
        Assert.False(await table.Claim(row, now.AddMinutes(1)));
        Assert.Empty(await table.Due(OutboxClass.Notice, now, 1, default));
        OutboxRow again = (await table.Due(OutboxClass.Notice, now.AddMinutes(1), 1, default)).Single();
        Assert.True(await table.Claim(again, now.AddMinutes(2)));
    }

    private static Task Send(TestShop shop, string key, string grain = "a") =>
        shop.Grain<IProbeGrain>(grain).Set(new ProbeCommand { SendKey = key });

    private static Task<long?> Rows(TestShop shop) =>
        shop.Get<SqlQueries>().Number("SELECT COUNT(*) FROM outbox", [], CancellationToken.None);

    private Task<TestShop> StartShared() => TestShop.Start(services => services
        .AddSingleton<ProbeFailures>()
        .AddSingleton<IOutboxHandler>(handler)
        .Configure<EngineOptions>(options =>
        {
            options.Shared = true;
            options.DriverConcurrencyMax = 8;
        }));
}
