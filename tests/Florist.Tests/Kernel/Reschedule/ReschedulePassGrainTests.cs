using System.Collections.Immutable;
using Florist.Adapters.Sql;
using Florist.Kernel;
using Florist.Occasions;
using Florist.Orders;
using Florist.Tests.Kernel.Engine;
using Florist.Tests.Kernel.Wake;
using Florist.Tests.Occasions;
using Florist.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Orleans;
using Orleans.Runtime;

namespace Florist.Tests.Kernel.Reschedule;

/// <summary>
/// New time-zone data, or another time of day for reminders: wake-ups that follow from civil time move, and nothing
/// that was promised does.
/// </summary>
public sealed class ReschedulePassGrainTests
{
    /// <summary>Of the birthday on 10 June 2027, three days before at nine, in London's summer time.</summary>
    private static readonly DateTimeOffset Due = Books.At("2027-06-07T08:00:00Z");

    private readonly ReminderLedger ledger = new();
    private IDateTimeZoneProvider zones = SwappedZones.Today;
    private TimeOnly windowStart = new(9, 0);
    private int fails;

    [Fact]
    public async Task New_data_move_the_wake_up_at_the_next_start_and_the_reminder_comes_once_at_the_new_time()
    {
        await using TestShop shop = await Start();
        await Add(shop, "anna");
        Assert.Equal(Due, await NextDue(shop));

        zones = SwappedZones.Where("Europe/London", "Europe/Berlin");
        await shop.Restart();
        await shop.RunUntil(shop.Time.GetUtcNow().AddMinutes(1));
        Assert.Equal(Due.AddHours(-1), await NextDue(shop));

        await shop.RunUntil(Due.AddHours(-1));
        Assert.Single(ledger.Keys);
        await shop.RunUntil(Due.AddDays(30));
        Assert.Single(ledger.Keys);
    }

    [Fact]
    public async Task The_same_data_move_nothing_and_write_nothing()
    {
        await using TestShop shop = await Start();
        await Add(shop, "anna");
        long? version = await Version(shop, "occasions/anna");

        await shop.Restart();
        await shop.RunUntil(shop.Time.GetUtcNow().AddMinutes(1));

        Assert.Equal(version, await Version(shop, "occasions/anna"));
        Assert.DoesNotContain(shop.Log.Entries, entry => entry.Id == 109);
    }

    [Fact]
    public async Task New_data_that_leave_a_customers_zone_as_it_was_write_nothing_for_that_customer()
    {
        await using TestShop shop = await Start();
        await Add(shop, "anna");
        long? version = await Version(shop, "occasions/anna");

        zones = SwappedZones.Where("Asia/Tokyo", "Asia/Seoul");
        await shop.Restart();
        await shop.RunUntil(shop.Time.GetUtcNow().AddMinutes(1));

        Assert.Contains(shop.Log.Entries, entry => entry.Id == 110);
        Assert.Equal(version, await Version(shop, "occasions/anna"));
    }

    [Fact]
    public async Task Another_time_of_day_for_reminders_moves_the_wake_ups_too()
    {
        await using TestShop shop = await Start();
        await Add(shop, "anna");

        windowStart = new(10, 30);
        await shop.Restart();
        await shop.RunUntil(shop.Time.GetUtcNow().AddMinutes(1));

        Assert.Equal(Due.AddMinutes(90), await NextDue(shop));
    }

    [Fact]
    public async Task A_pass_walks_at_a_steady_rate_and_goes_on_where_a_crash_stopped_it()
    {
        const int Customers = (ReschedulePassGrain.PageMax * 2) + 50;
        await using TestShop shop = await Start();
        for (int i = 0; i < Customers; i++)
        {
            await Add(shop, $"c{i:000}");
        }

        DateTimeOffset start = shop.Time.GetUtcNow();
        zones = SwappedZones.Where("Europe/London", "Europe/Berlin");
        await shop.Restart();
        await shop.RunDue();
        Assert.Equal(ReschedulePassGrain.PageMax, await Moved(shop));

        await shop.Restart(crash: true);
        await shop.RunDue();
        Assert.Equal(ReschedulePassGrain.PageMax, await Moved(shop));
        await shop.RunUntil(start.AddSeconds(1));
        Assert.Equal(2 * ReschedulePassGrain.PageMax, await Moved(shop));

        await shop.RunUntil(start.AddSeconds(3));
        Assert.Equal(Customers, await Moved(shop));
        Assert.Contains(shop.Log.Entries, entry => entry.Id == 110);
    }

    [Fact]
    public async Task A_storage_that_fails_at_the_start_does_not_end_it_and_the_pass_begins_when_it_works_again()
    {
        await using TestShop shop = await Start();
        await Add(shop, "anna");
        zones = SwappedZones.Where("Europe/London", "Europe/Berlin");
        fails = 2;

        await shop.Restart();

        Assert.Contains(shop.Log.Entries, entry => entry.Id == 111);
        await WakeServiceTests.Until(() => Task.FromResult(shop.Log.Entries.Any(entry => entry.Id == 109)));
        await shop.RunUntil(shop.Time.GetUtcNow().AddMinutes(1));
        Assert.Equal(Due.AddHours(-1), await NextDue(shop));
    }

    [Fact]
    public async Task What_was_promised_as_an_instant_does_not_move()
    {
        await using TestShop shop = await Start();
        await shop.Grain<IProbeGrain>("promise").Set(new ProbeCommand { Due = Due });
        await Add(shop, "anna");
        shop.Time.Set(Due);
        await shop.Get<IGrainFactory>().GetGrain<IWakeable>(GrainId.Create("occasions", "anna")).OnWake(Due);
        DateTimeOffset? expires = (await Pending(shop)).Message.ExpiresAt;

        zones = SwappedZones.Where("Europe/London", "Asia/Tokyo");
        shop.Time.Set(Due.AddMinutes(-1));
        await shop.Restart();

        Assert.Equal(expires, (await Pending(shop)).Message.ExpiresAt);
        await shop.RunDue();
        Assert.Equal(0, (await shop.Grain<IProbeGrain>("promise").Get()).Wakes);
        Assert.Equal(Due, (await shop.Grain<IProbeGrain>("promise").Get()).Due);
    }

    private static async Task Add(TestShop shop, string customer) => (await shop.Grain<IOccasionsGrain>(customer).Add(
        new AddOccasion(null, new OccasionDetails
        {
            Kind = OccasionKind.Birthday,
            Title = "Birthday",
            Day = new FixedDay { Month = 6, Day = 10 },
            LeadDays = [3],
        }),
        new CustomerFacts { Revision = 1, TimeZone = "Europe/London" })).OrThrow();

    private static async Task<DateTimeOffset?> NextDue(TestShop shop) =>
        await shop.Get<IWakeTable>().NextDue(CancellationToken.None);

    private static async Task<OutboxRow> Pending(TestShop shop) => Assert.Single(
        await shop.Get<IOutboxTable>().Due(OutboxClass.Occasion, DateTimeOffset.MaxValue, 10, CancellationToken.None));

    private static async Task<int> Moved(TestShop shop)
    {
        ImmutableArray<WakeRow> rows =
            await shop.Get<IWakeTable>().OfType("occasions", null, 10_000, CancellationToken.None);
        return rows.Count(row => row.DueAt == Due.AddHours(-1));
    }

    private static Task<long?> Version(TestShop shop, string grain) => shop.Get<SqliteDatabase>().Readers.Read(
        session => session.Number("SELECT version FROM grain_state WHERE grain_key = $1", grain),
        CancellationToken.None);

    private async Task<TestShop> Start()
    {
        TestShop shop = await TestShop.Start(services =>
        {
            services.AddSingleton(zones);
            services.AddOccasions();
            services.AddSingleton<ProbeFailures>();
            services.Configure<OccasionsOptions>(options =>
            {
                options.WindowMinutes = 0;
                options.WindowStart = windowStart;
            });
            services.AddSingleton<IOutboxHandler>(ledger);
            services.AddSingleton<IIncomingGrainCallFilter>(new Failing(this));
            services.Configure<EngineOptions>(options => (options.BackOffMsMin, options.BackOffMsMax) = (1, 2));
        });
        shop.Time.Set(OccasionShop.NewYear);
        return shop;
    }

    /// <summary>Fails the first calls that would begin a pass, as the storage would.</summary>
    private sealed class Failing(ReschedulePassGrainTests tests) : IIncomingGrainCallFilter
    {
        public Task Invoke(IIncomingGrainCallContext context) =>
            context.MethodName == nameof(IReschedulePassGrain.Begin) && Interlocked.Decrement(ref tests.fails) >= 0
                ? throw new StorageClosedException("the storage has failed")
                : context.Invoke();
    }
}
