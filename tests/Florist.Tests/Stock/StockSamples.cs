using System.Collections.Immutable;
using Florist.Catalogue;
using Florist.Stock;
using Florist.Tests.Catalogue;
using Microsoft.Extensions.Options;

namespace Florist.Tests.Stock;

/// <summary>A day and what may be claimed of it, to vary from.</summary>
internal static class StockSamples
{
    /// <summary>The Wednesday before, 09:00 in London.</summary>
    public static readonly DateTimeOffset Morning = new(2026, 2, 11, 9, 0, 0, TimeSpan.Zero);

    public static readonly DayKey Valentines = new("main", new DateOnly(2026, 2, 14));

    public static readonly ShopDefaults Defaults = new()
    {
        TimeZone = "Europe/London",
        CutOffs = new Dictionary<DayOfWeek, TimeOnly>
        {
            [DayOfWeek.Monday] = new(14, 0),
            [DayOfWeek.Tuesday] = new(14, 0),
            [DayOfWeek.Wednesday] = new(14, 0),
            [DayOfWeek.Thursday] = new(14, 0),
            [DayOfWeek.Friday] = new(14, 0),
            [DayOfWeek.Saturday] = new(10, 0),
        }.ToImmutableSortedDictionary(),
        Regions = ["GB", "DE"],
    };

    /// <summary>Two slots of so many places.</summary>
    public static DayPlan Plan(int morning = 10, int afternoon = 10) => new()
    {
        CutOff = new TimeOnly(10, 0),
        Slots =
        [
            new("morning", new(new(9, 0), new(13, 0)), morning),
            new("afternoon", new(new(13, 0), new(18, 0)), afternoon),
        ],
    };

    public static DayTerms Terms(DayPlan plan, DateTimeOffset? now = null) => new()
    {
        Key = Valentines,
        Plan = plan,
        CutOffAt = Plans(new StockOptions()).CutOff(plan, "main", "main:0", Valentines.Day),
        Catalogue = DemoCatalogue.Value,
        Now = now ?? Morning,
        HeldFor = TimeSpan.FromMinutes(10),
        VerifyAfter = TimeSpan.FromMinutes(60),
    };

    public static ShopPlans Plans(StockOptions options) => new(Options.Create(options), Defaults);

    /// <summary>An empty book with so many of a stem counted in; fewer than 0 leaves it uncounted.</summary>
    public static DayBook Book(string stem = "red-rose", int count = -1) => new()
    {
        Key = Valentines,
        OnHand = count < 0
            ? ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal)
            : ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal).Add(stem, count),
    };

    /// <summary>A dozen red roses (twelve stems of red-rose), or others.</summary>
    public static ClaimPlace Claim(string order, string? slot = "morning", params (string Bouquet, int Quantity)[] lines) =>
        new()
        {
            OrderId = order,
            Area = "main:0",
            Slot = slot,
            Lines = lines.Length == 0
                ? [new(new BouquetId("dozen-red-roses"), 1)]
                : [.. lines.Select(line => new ClaimedBouquet(new BouquetId(line.Bouquet), line.Quantity))],
        };
}
