using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using Florist.Kernel;
using Microsoft.Extensions.Options;

namespace Florist.Stock;

/// <summary>
/// What shops have in common where the settings of <c>Stock</c> leave it out; said by who takes orders.
/// </summary>
public sealed record ShopDefaults
{
    /// <summary>IANA zone of cut-offs and windows.</summary>
    public string TimeZone { get; init; } = "Europe/London";

    /// <summary>Cut-off by weekday; nothing is delivered on others.</summary>
    public ImmutableSortedDictionary<DayOfWeek, TimeOnly> CutOffs { get; init; } =
        ImmutableSortedDictionary<DayOfWeek, TimeOnly>.Empty;

    /// <summary>The delivery day.</summary>
    public SlotWindow Day { get; init; } = new(new(9, 0), new(18, 0));

    /// <summary>CLDR regions that are delivered to.</summary>
    public ImmutableArray<string> Regions { get; init; } = [];
}

/// <summary>A place that a shop delivers to.</summary>
/// <param name="Id">Tells it from others, as <c>main:0</c>.</param>
/// <param name="Shop">The shop's id.</param>
/// <param name="TimeZone">IANA zone of the place: its day and its windows are in it.</param>
/// <param name="ShopTimeZone">IANA zone of the shop: its cut-offs are in it.</param>
public sealed record DeliveryArea(string Id, string Shop, string TimeZone, string ShopTimeZone);

/// <summary>
/// The plan of every day as the settings have it: weekdays, holidays, peak days, regions. Pure, and the same for
/// quotes, orders and the days themselves. Safe to use from anywhere.
/// </summary>
public sealed class ShopPlans
{
    private readonly StockOptions options;
    private readonly ShopDefaults defaults;
    private readonly FrozenDictionary<string, ShopSetting> shops;
    private readonly ImmutableArray<(AreaSetting Setting, DeliveryArea Area)> areas;
    private readonly FrozenDictionary<string, AreaSetting> areaById;

    /// <summary>Reads the settings.</summary>
    public ShopPlans(IOptions<StockOptions> options, ShopDefaults defaults)
    {
        this.options = options.Value;
        this.defaults = defaults;
        ImmutableArray<ShopSetting> all = this.options.Shops.Count > 0
            ? [.. this.options.Shops]
            : [new ShopSetting { Id = "main" }];
        shops = all.ToFrozenDictionary(shop => shop.Id, StringComparer.Ordinal);
        areas = [.. all.SelectMany(AreasOf)];
        areaById = areas.ToFrozenDictionary(
            area => area.Area.Id, area => area.Setting, StringComparer.Ordinal);
        Shops = [.. all.Select(shop => shop.Id)];
    }

    /// <summary>Ids of all shops, in the order of the settings.</summary>
    public ImmutableArray<string> Shops { get; }

    /// <summary>The zone of a shop's cut-offs.</summary>
    /// <exception cref="KeyNotFoundException">There is no such shop.</exception>
    public string TimeZone(string shop) => shops[shop].TimeZone is { Length: > 0 } zone ? zone : defaults.TimeZone;

    /// <summary>
    /// The area that an address is in: of those of its region the one with the longest begin of its postal code; null
    /// when no shop delivers there.
    /// </summary>
    public DeliveryArea? AreaOf(string regionCode, string? postalCode)
    {
        string code = (postalCode ?? "").Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
        DeliveryArea? best = null;
        int length = -1;
        foreach ((AreaSetting setting, DeliveryArea area) in areas)
        {
            int fit = setting.Region == regionCode ? Fit(setting, code) : -1;
            if (fit > length)
            {
                (best, length) = (area, fit);
            }
        }

        return best;
    }

    /// <summary>The plan of a day that the shop has not planned.</summary>
    /// <exception cref="KeyNotFoundException">There is no such shop.</exception>
    public DayPlan Of(string shop, DateOnly day)
    {
        ShopSetting setting = shops[shop];
        SpecialDaySetting? special = options.SpecialDays.LastOrDefault(
            one => one.Date == day && (one.Shop.Length == 0 || one.Shop == shop));
        TimeOnly? weekday = CutOffs(setting).TryGetValue(day.DayOfWeek, out TimeOnly time) ? time : null;
        TimeOnly? cutOff = special is null ? weekday : special.CutOff ?? weekday;
        return new DayPlan
        {
            Label = special is { Label.Length: > 0 } ? special.Label : null,
            Closed = cutOff is null || special is { Closed: true },
            CutOff = cutOff,
            LeadDays = special?.LeadDays ?? 0,
            Slots = SlotsOf(setting, day, special?.CapacityPercent ?? 100),
            ClosedBouquets = [.. special?.ClosedBouquets ?? []],
            StemsCounted = options.StemsCounted,
        };
    }

    /// <summary>
    /// Until when orders for a day are taken in an area: the plan's cut-off, or the area's own if that is earlier. Null
    /// when nothing is delivered there on that day.
    /// </summary>
    /// <param name="plan">The plan of the day.</param>
    /// <param name="shop">The shop.</param>
    /// <param name="area">See <see cref="DeliveryArea.Id"/>; one that is not known has the shop's cut-off.</param>
    /// <param name="day">The day.</param>
    public DateTimeOffset? CutOff(DayPlan plan, string shop, string area, DateOnly day)
    {
        if (plan.Closed || plan.CutOff is not { } time)
        {
            return null;
        }

        if (areaById.GetValueOrDefault(area) is { CutOffs.Count: > 0 } own)
        {
            if (!own.CutOffs.TryGetValue(day.DayOfWeek, out TimeOnly earlier))
            {
                return null;
            }

            time = earlier < time ? earlier : time;
        }

        return Zones.Instant(day.AddDays(-plan.LeadDays), time, TimeZone(shop));
    }

    /// <summary>
    /// The first day for which an order is taken at <paramref name="now"/>, as far as the settings tell; null when
    /// there is none within a year.
    /// </summary>
    public DateOnly? NextOpenDay(DeliveryArea area, DateTimeOffset now)
    {
        DateOnly today = Zones.Day(now, area.ShopTimeZone);
        for (int ahead = 0; ahead <= 366; ahead++)
        {
            DateOnly day = today.AddDays(ahead);
            if (CutOff(Of(area.Shop, day), area.Shop, area.Id, day) > now)
            {
                return day;
            }
        }

        return null;
    }

    private static int Fit(AreaSetting area, string code) => area.PostcodePrefixes.Count == 0
        ? 0
        : area.PostcodePrefixes.Where(prefix => code.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            .Select(prefix => prefix.Length).DefaultIfEmpty(-1).Max();

    private IEnumerable<KeyValuePair<DayOfWeek, TimeOnly>> CutOffsOf(ShopSetting shop) =>
        shop.CutOffs.Count > 0 ? shop.CutOffs : defaults.CutOffs;

    private Dictionary<DayOfWeek, TimeOnly> CutOffs(ShopSetting shop) => new(CutOffsOf(shop));

    private IEnumerable<(AreaSetting Setting, DeliveryArea Area)> AreasOf(ShopSetting shop)
    {
        IEnumerable<AreaSetting> settings = shop.Areas.Count > 0
            ? shop.Areas
            : defaults.Regions.Select(region => new AreaSetting { Region = region });
        string zone = shop.TimeZone.Length > 0 ? shop.TimeZone : defaults.TimeZone;
        return settings.Select((area, i) => (area, new DeliveryArea(
            string.Create(CultureInfo.InvariantCulture, $"{shop.Id}:{i}"),
            shop.Id,
            area.TimeZone.Length > 0 ? area.TimeZone : zone,
            zone)));
    }

    private ImmutableArray<SlotPlan> SlotsOf(ShopSetting shop, DateOnly day, int percent)
    {
        List<SlotSetting> settings = shop.Slots.Count > 0 ? shop.Slots : options.Slots;
        IEnumerable<SlotPlan> slots = settings.Count > 0
            ? settings
                .Where(slot => slot.Weekdays.Count == 0 || slot.Weekdays.Contains(day.DayOfWeek))
                .Select(slot => new SlotPlan(slot.Id, new(slot.Start, slot.End), slot.Capacity))
            : Cut();
        return [.. slots
            .Select(slot => slot with
            {
                Capacity = (int)Math.Min(DayPlan.CapacityMax, (long)slot.Capacity * percent / 100),
            })
            .OrderBy(slot => slot.Window.Start)
            .ThenBy(slot => slot.Id, StringComparer.Ordinal)];
    }

    // The delivery day in pieces; what is left at its end makes the last one shorter.
    private IEnumerable<SlotPlan> Cut()
    {
        TimeSpan length = TimeSpan.FromHours(options.SlotHours);
        for (TimeSpan start = defaults.Day.Start.ToTimeSpan(); start < defaults.Day.End.ToTimeSpan(); start += length)
        {
            TimeSpan end = start + length;
            TimeOnly until = end < defaults.Day.End.ToTimeSpan() ? TimeOnly.FromTimeSpan(end) : defaults.Day.End;
            SlotWindow window = new(TimeOnly.FromTimeSpan(start), until);
            string id = string.Create(CultureInfo.InvariantCulture, $"from-{window.Start:HHmm}");
            yield return new SlotPlan(id, window, options.SlotCapacity);
        }
    }
}
