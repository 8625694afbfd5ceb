using Florist.Kernel;
using Florist.Tests.Kernel.Engine;
using Florist.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Florist.Tests.Kernel.Wake;

public sealed class WakeServiceTests
{
    [Fact]
    public async Task A_grain_is_woken_when_its_time_has_come_and_not_a_millisecond_before()
    {
        await using TestShop shop = await Start();
        DateTimeOffset due = shop.Time.GetUtcNow().AddHours(1);
        await shop.Grain<IProbeGrain>("a").Set(new ProbeCommand { Due = due });

        shop.Time.Set(due.AddMilliseconds(-1));
        Assert.Equal(0, await shop.RunDue());
        shop.Time.Set(due);
        Assert.Equal(1, await shop.RunDue());

        Assert.Equal(new ProbeView(1, null), await shop.Grain<IProbeGrain>("a").Get());
        Assert.Equal(0, await shop.RunDue());
    }

    [Fact]
    public async Task A_time_between_two_milliseconds_wakes_the_grain_when_it_has_come_never_before()
    {
        await using TestShop shop = await Start();
        DateTimeOffset due = shop.Time.GetUtcNow().AddTicks(1);
        await shop.Grain<IProbeGrain>("a").Set(new ProbeCommand { Due = due });

        Assert.Equal(0, await shop.RunDue());
        Assert.InRange((await NextDue(shop) ?? default) - due, TimeSpan.Zero, TimeSpan.FromMilliseconds(1));
        await shop.RunUntil(due.AddSeconds(1));

        Assert.Equal(1, shop.Get<ProbeFailures>().Attempts("a"));
        Assert.Equal(1, (await shop.Grain<IProbeGrain>("a").Get()).Wakes);
    }

    [Fact]
    public async Task What_fell_due_while_the_shop_was_down_is_done_at_the_next_start()
    {
        await using TestShop shop = await Start();
        await shop.Grain<IProbeGrain>("a").Set(
            new ProbeCommand { Due = shop.Time.GetUtcNow().AddDays(1), Daily = true });
        shop.Time.Advance(TimeSpan.FromDays(40));
        await shop.Restart(crash: true);

        await shop.RunDue();

        Assert.Equal(40, (await shop.Grain<IProbeGrain>("a").Get()).Wakes);
    }

    [Fact]
    public async Task A_clock_set_back_wakes_nobody_again()
    {
        await using TestShop shop = await Start();
        DateTimeOffset start = shop.Time.GetUtcNow();
        await shop.Grain<IProbeGrain>("a").Set(new ProbeCommand { Due = start.AddDays(1), Daily = true });
        await shop.RunUntil(start.AddDays(3));

        shop.Time.Set(start.AddDays(-1));
        Assert.Equal(0, await shop.RunDue());
        await shop.RunUntil(start.AddDays(3));

        Assert.Equal(3, (await shop.Grain<IProbeGrain>("a").Get()).Wakes);
    }

    [Fact]
    public async Task A_failed_wake_up_is_tried_again_later_and_later_until_it_succeeds()
    {
        await using TestShop shop = await Start();
        DateTimeOffset start = shop.Time.GetUtcNow();
        await shop.Grain<IProbeGrain>("a").Set(new ProbeCommand { Due = start, FailWakes = 4 });
        List<TimeSpan> waits = [];
        for (DateTimeOffset last = start; await NextDue(shop) is { } next && waits.Count < 10; last = next)
        {
            waits.Add(next - last);
            await shop.RunUntil(next);
        }

        Assert.Equal(1, (await shop.Grain<IProbeGrain>("a").Get()).Wakes);
        Assert.Equal(5, shop.Get<ProbeFailures>().Attempts("a"));
        Assert.Equal(5, waits.Count);
        for (int failure = 1; failure < waits.Count; failure++)
        {
            double whole = 1000 * Math.Pow(2, failure - 1);
            Assert.InRange(waits[failure].TotalMilliseconds, whole / 2, whole + 1);
        }
    }

    [Fact]
    public async Task A_grain_that_always_fails_is_parked_and_its_next_commit_brings_it_back()
    {
        await using TestShop shop = await Start(options => options.AttemptsMax = 3);
        DateTimeOffset start = shop.Time.GetUtcNow();
        await shop.Grain<IProbeGrain>("bad").Set(new ProbeCommand { Due = start, FailWakes = int.MaxValue });
        await shop.Grain<IProbeGrain>("good").Set(new ProbeCommand { Due = start });

        await shop.RunUntil(start.AddDays(1));

        Assert.Equal(3, shop.Get<ProbeFailures>().Attempts("bad"));
        Assert.Null(await NextDue(shop));
        Assert.Contains(shop.Log.Entries, entry => entry.Id == 101);
        Assert.Equal(1, (await shop.Grain<IProbeGrain>("good").Get()).Wakes);

        await shop.Grain<IProbeGrain>("bad").Set(new ProbeCommand { Due = start });
        await shop.RunDue();
        Assert.Equal(1, (await shop.Grain<IProbeGrain>("bad").Get()).Wakes);
    }

    [Fact]
    public async Task Operators_find_parked_grains_page_by_page_and_can_have_one_tried_again()
    {
        await using TestShop shop = await Start(options => options.AttemptsMax = 2);
        DateTimeOffset start = shop.Time.GetUtcNow();
        foreach (string key in new[] { "c", "a", "b" })
        {
            await shop.Grain<IProbeGrain>(key).Set(new ProbeCommand { Due = start, FailWakes = 2 });
        }

        await shop.Grain<IProbeGrain>("well").Set(new ProbeCommand { Due = start.AddDays(2) });
        await shop.RunUntil(start.AddDays(1));
        IWakeTable table = shop.Get<IWakeTable>();
        WakeRow first = (await table.Parked(null, 1, default)).Single();
        Assert.Equal((GrainId.Create("probe", "a"), start, 2), (first.Grain, first.DueAt, first.Attempts));
        Assert.Equal(
            [GrainId.Create("probe", "b"), GrainId.Create("probe", "c")],
            (await table.Parked(first.Grain, 10, default)).Select(row => row.Grain));

        Assert.True(await table.Retry(first.Grain));
        Assert.False(await table.Retry(first.Grain));
        Assert.False(await table.Retry(GrainId.Create("probe", "well")));
        await shop.RunDue();

        Assert.Equal(1, (await shop.Grain<IProbeGrain>("a").Get()).Wakes);
        Assert.Equal(2, (await table.Parked(null, 10, default)).Length);
    }

    [Fact]
    public async Task The_back_off_of_a_poisoned_grain_grows_to_its_limit_and_no_further()
    {
        await using TestShop shop = await Start(options => options.AttemptsMax = 30);
        DateTimeOffset start = shop.Time.GetUtcNow();
        await shop.Grain<IProbeGrain>("bad").Set(new ProbeCommand { Due = start, FailWakes = int.MaxValue });
        List<DateTimeOffset> tries = [];
        while (await NextDue(shop) is { } next)
        {
            tries.Add(next);
            await shop.RunUntil(next);
        }

        Assert.Equal(30, tries.Count);
        TimeSpan[] waits = [.. tries.Zip(tries.Skip(1), (one, other) => other - one)];
        Assert.All(waits, wait => Assert.InRange(wait.TotalSeconds, 0.5, 600.001));
        Assert.All(waits[^10..], wait => Assert.InRange(wait.TotalSeconds, 300, 600.001));
    }

    [Fact]
    public async Task A_grain_that_leaves_its_wake_up_as_it_was_counts_as_failed_and_is_not_called_without_end()
    {
        await using TestShop shop = await Start(options => options.AttemptsMax = 5);
        await shop.Grain<IProbeGrain>("a").Set(new ProbeCommand { Due = shop.Time.GetUtcNow(), IgnoreWakes = true });

        await shop.RunUntil(shop.Time.GetUtcNow().AddDays(1));

        Assert.Equal(5, shop.Get<ProbeFailures>().Attempts("a"));
    }

    [Fact]
    public async Task A_grain_type_that_is_gone_parks_its_rows_and_stops_nobody()
    {
        await using TestShop shop = await Start(options => options.AttemptsMax = 2);
        DateTimeOffset start = shop.Time.GetUtcNow();
        await shop.Grain<IProbeGrain>("a").Set(new ProbeCommand { Due = start });
        await shop.Get<Florist.Adapters.Sql.SqliteDatabase>().Writer.Run(
            0, session => session.Execute("UPDATE wake SET grain_key = 'gone/a'"));
        await shop.Grain<IProbeGrain>("b").Set(new ProbeCommand { Due = start });

        await shop.RunUntil(start.AddDays(1));

        Assert.Equal(1, (await shop.Grain<IProbeGrain>("b").Get()).Wakes);
        Assert.Contains(
            shop.Log.Entries,
            entry => entry.Id == 101 && entry.Text.Contains("gone/a", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_loop_wakes_by_itself_soon_after_a_commit_made_something_due()
    {
        await using TestShop shop = await Start(options =>
        {
            options.Background = true;
            options.PollMsMin = 60_000;
            options.PollMsMax = 60_000;
        });
        await shop.Grain<IProbeGrain>("first").Set(new ProbeCommand { Due = shop.Time.GetUtcNow() });
        await Until(async () => (await shop.Grain<IProbeGrain>("first").Get()).Wakes == 1);

        // The poll is a minute away: only the signal of the commit can be in time.
        await shop.Grain<IProbeGrain>("second").Set(new ProbeCommand { Due = shop.Time.GetUtcNow() });
        await Until(async () => (await shop.Grain<IProbeGrain>("second").Get()).Wakes == 1);
    }

    [Fact]
    public async Task The_loop_finds_by_polling_what_no_signal_told()
    {
        await using TestShop shop = await Start(options =>
        {
            options.Background = true;
            options.PollMsMin = 10;
            options.PollMsMax = 20;
        });
        await shop.Grain<IProbeGrain>("a").Set(new ProbeCommand { Due = shop.Time.GetUtcNow().AddDays(3) });

        shop.Time.Advance(TimeSpan.FromDays(3));

        await Until(async () => (await shop.Grain<IProbeGrain>("a").Get()).Wakes == 1);
    }

    internal static async Task Until(Func<Task<bool>> holds)
    {
        using CancellationTokenSource late = new(TimeSpan.FromSeconds(20));
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(10));
        while (!await holds())
        {
            await timer.WaitForNextTickAsync(late.Token);
        }
    }

    private static Task<TestShop> Start(Action<EngineOptions>? configure = null) => TestShop.Start(services =>
    {
        services.AddSingleton<ProbeFailures>();
        services.Configure(configure ?? (_ => { }));
    });

    private static Task<DateTimeOffset?> NextDue(TestShop shop) => shop.Get<IEngineDriver>().NextDue(default);
}
