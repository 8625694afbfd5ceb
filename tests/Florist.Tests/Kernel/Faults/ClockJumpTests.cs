using System.Collections.Immutable;
using System.Globalization;
using Florist.Kernel;
using Florist.Occasions;
using Florist.Tests.Kernel.Engine;
using Florist.Tests.Occasions;
using Florist.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Florist.Tests.Kernel.Faults;

/// <summary>The clock jumps and stutters: no occurrence is reminded of twice, none is lost without a record.</summary>
public sealed class ClockJumpTests
{
    private static readonly string[] LeadTimes = ["03", "14"];

    private readonly ReminderLedger ledger = new();

    [Theory]
    [InlineData(1)]
    [InlineData(24 * 365)]
    [InlineData(-1)]
    [InlineData(-24)]
    public async Task A_jump_between_two_reminders_neither_doubles_nor_loses_one(int hours)
    {
        await using TestShop shop = await Open();
        await shop.RunUntil(Books.At("2027-03-06T12:00:00Z"));

        shop.Time.Advance(TimeSpan.FromHours(hours));
        await shop.RunDue();
        await shop.RunUntil(Books.At("2029-12-31T00:00:00Z"));

        await CheckYears(shop, 2027, 2029);

        // Each of three years has its two, but for the one whose time for an order the clock leapt over.
        Assert.Equal(hours > 24 ? 5 : 6, ledger.Keys.Length);
    }

    [Fact]
    public async Task A_clock_that_stutters_by_minutes_reminds_once_of_each_occurrence()
    {
        await using TestShop shop = await Open();
        Random random = new(7);
        DateTimeOffset truth = OccasionShop.NewYear;
        while (truth < Books.At("2028-12-31T00:00:00Z"))
        {
            truth += TimeSpan.FromHours(random.Next(1, 48));
            for (int i = 0; i < 3; i++)
            {
                shop.Time.Set(truth.AddSeconds(random.Next(-262, 263)));
                await shop.RunDue();
            }
        }

        await shop.RunUntil(Books.At("2028-12-31T12:00:00Z"));
        await CheckYears(shop, 2027, 2028);
        Assert.Equal(4, ledger.Keys.Length);
    }

    [Fact]
    public async Task A_suspended_machine_that_resumes_a_week_later_does_what_is_still_of_use_once()
    {
        await using TestShop shop = await Open();
        shop.Time.Set(Books.At("2027-02-24T00:00:00Z"));
        await shop.RunDue();
        shop.Time.Advance(TimeSpan.FromDays(7));
        await shop.RunDue();

        // Two weeks before had come; three days before comes in its own time.
        Assert.Single(ledger.Keys);
        await shop.RunUntil(Books.At("2027-12-31T00:00:00Z"));
        Assert.Equal(2, ledger.Keys.Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(24 * 365)]
    [InlineData(-1)]
    [InlineData(-24)]
    public async Task A_grain_that_waits_out_a_back_off_is_tried_again_whatever_the_clock_does(int hours)
    {
        await using TestShop shop = await TestShop.Start(services => services.AddSingleton<ProbeFailures>());
        DateTimeOffset start = shop.Time.GetUtcNow();
        await shop.Grain<IProbeGrain>("a").Set(new ProbeCommand { Due = start, FailWakes = 2 });
        await shop.RunDue();

        shop.Time.Advance(TimeSpan.FromHours(hours));
        await shop.RunDue();
        await shop.RunUntil((hours < 0 ? start : shop.Time.GetUtcNow()).AddMinutes(1));

        Assert.Equal(1, (await shop.Grain<IProbeGrain>("a").Get()).Wakes);
    }

    private async Task<TestShop> Open()
    {
        TestShop shop = await OccasionShop.Start(ledger);
        await shop.Add(Books.MumsBirthday);
        return shop;
    }

    // Every step of every year was either sent or skipped on record, and none both or twice.
    private async Task CheckYears(TestShop shop, int from, int until)
    {
        ImmutableArray<string> reminded = await shop.Rows(OccasionBook.RemindedRow);
        ImmutableArray<string> skipped = await shop.Rows(OccasionBook.SkipRow);
        string[] settled = [.. reminded.Concat(skipped).Select(row => row[(row.IndexOf(':') + 1)..]).Order()];
        string[] expected = [.. Enumerable.Range(from, until - from + 1)
            .SelectMany(year => LeadTimes.Select(
                lead => string.Create(CultureInfo.InvariantCulture, $"{year}:{lead}")))];
        Assert.Equal(expected, settled);
        Assert.Equal(reminded.Length, ledger.Keys.Length);
        Assert.Equal(ledger.Keys.Distinct(), ledger.Keys);
    }
}
