using Florist.Stock;

namespace Florist.Tests.Stock;

public sealed class ShopPlansTests
{
    private static readonly DateOnly Saturday = new(2026, 2, 14);

    [Fact]
    public void Without_settings_there_is_one_shop_with_the_orders_cut_offs_and_slots_of_three_hours()
    {
        ShopPlans plans = StockSamples.Plans(new StockOptions());

        DayPlan plan = plans.Of("main", Saturday);

        Assert.Equal(["main"], plans.Shops);
        Assert.Equal(new TimeOnly(10, 0), plan.CutOff);
        Assert.Equal(["from-0900", "from-1200", "from-1500"], plan.Slots.Select(slot => slot.Id));
        Assert.All(plan.Slots, slot => Assert.Equal(500, slot.Capacity));
        Assert.True(plans.Of("main", Saturday.AddDays(1)).Closed);
    }

    [Theory]
    [InlineData("GB", "BS1 4DJ", "bristol")]
    [InlineData("GB", "bs48 1aa", "nailsea")]
    [InlineData("GB", "EH1 1AA", "main")]
    [InlineData("GB", null, "main")]
    [InlineData("DE", "10115", null)]
    public void An_address_is_delivered_to_by_the_shop_whose_postcodes_fit_best(string region, string? postcode, string? shop)
    {
        ShopPlans plans = StockSamples.Plans(new StockOptions
        {
            Shops =
            [
                new() { Id = "main", Areas = [new() { Region = "GB" }] },
                new() { Id = "bristol", Areas = [new() { Region = "GB", PostcodePrefixes = ["BS"] }] },
                new() { Id = "nailsea", Areas = [new() { Region = "GB", PostcodePrefixes = ["BS48", "BS49"] }] },
            ],
        });

        Assert.Equal(shop, plans.AreaOf(region, postcode)?.Shop);
    }

    [Fact]
    public void A_peak_day_closes_earlier_days_before_and_with_another_capacity()
    {
        ShopPlans plans = StockSamples.Plans(new StockOptions
        {
            SpecialDays =
            [
                new()
                {
                    Date = Saturday, Label = "Valentine's Day", CutOff = new(18, 0), LeadDays = 2,
                    CapacityPercent = 250, ClosedBouquets = ["single-rose"],
                },
                new() { Date = Saturday.AddDays(2), Closed = true },
            ],
        });

        DayPlan peak = plans.Of("main", Saturday);

        Assert.Equal("Valentine's Day", peak.Label);
        Assert.All(peak.Slots, slot => Assert.Equal(1250, slot.Capacity));
        Assert.Equal(["single-rose"], peak.ClosedBouquets);
        Assert.Equal(
            new DateTimeOffset(2026, 2, 12, 18, 0, 0, TimeSpan.Zero), plans.CutOff(peak, "main", "main:0", Saturday));
        Assert.Null(plans.CutOff(plans.Of("main", Saturday.AddDays(2)), "main", "main:0", Saturday.AddDays(2)));
        Assert.False(plans.Of("main", Saturday.AddDays(3)).Closed);
    }

    [Theory]
    [InlineData("main:0", "2026-07-01", "2026-07-01T13:00:00Z")]
    [InlineData("main:1", "2026-07-01", "2026-07-01T11:00:00Z")]
    [InlineData("main:1", "2026-07-02", null)]
    public void An_area_has_an_earlier_cut_off_of_its_own_in_the_shops_zone(string area, string day, string? cutOff)
    {
        ShopPlans plans = StockSamples.Plans(new StockOptions
        {
            Shops =
            [
                new()
                {
                    Id = "main",
                    Areas =
                    [
                        new() { Region = "GB" },
                        new() { Region = "DE", TimeZone = "Europe/Berlin", CutOffs = new() { [DayOfWeek.Wednesday] = new(12, 0) } },
                    ],
                },
            ],
        });
        DateOnly on = DateOnly.Parse(day, null);

        Assert.Equal(
            cutOff is null ? null : DateTimeOffset.Parse(cutOff, null), plans.CutOff(plans.Of("main", on), "main", area, on));
        Assert.Equal("Europe/Berlin", plans.AreaOf("DE", null)?.TimeZone);
    }

    [Theory]
    [InlineData("2026-02-14T09:59:00Z", "2026-02-14")]
    [InlineData("2026-02-14T10:00:00Z", "2026-02-16")]
    public void The_next_open_day_is_the_first_whose_cut_off_is_to_come(string now, string day)
    {
        ShopPlans plans = StockSamples.Plans(new StockOptions());
        DeliveryArea area = plans.AreaOf("GB", null) ?? throw new InvalidOperationException();

        Assert.Equal(DateOnly.Parse(day, null), plans.NextOpenDay(area, DateTimeOffset.Parse(now, null)));
    }

    [Fact]
    public void What_cannot_be_meant_is_refused_at_the_start()
    {
        StockOptions wrong = new()
        {
            Slots =
            [
                new() { Id = "a", Start = new(9, 0), End = new(9, 0), Capacity = 1 },
                new() { Id = "a", Start = new(9, 0), End = new(10, 0), Capacity = -1 },
            ],
            Shops = [new() { Id = "Main", TimeZone = "Mars/Olympus", Areas = [new() { Region = "XX" }] }],
            SpecialDays = [new() { LeadDays = 61 }],
        };

        IEnumerable<string> failures = new StockOptionsConsistency().Validate(null, wrong).Failures ?? [];

        Assert.Equal(8, failures.Count());
        Assert.True(new StockOptionsConsistency().Validate(null, new StockOptions()).Succeeded);
    }
}
