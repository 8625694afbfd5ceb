using System.ComponentModel.DataAnnotations;
using Florist.Kernel;
using Microsoft.Extensions.Options;

namespace Florist.Stock;

/// <summary>
/// Settings of the section <c>Stock</c>: shops, where they deliver, and the plan of days that nobody has planned. What
/// is left out is taken from <c>Orders</c>: one shop, <c>main</c>, in <c>Orders:TimeZone</c>, with
/// <c>Orders:CutOffs</c>, delivering to <c>Orders:Regions</c>.
/// </summary>
public sealed class StockOptions
{
    /// <summary>The shops. By number: <c>Id</c>, <c>TimeZone</c>, <c>CutOffs</c>, <c>Slots</c>, <c>Areas</c>.</summary>
    public List<ShopSetting> Shops { get; set; } = [];

    /// <summary>
    /// Slots of a day, for shops that name none. By number: <c>Id</c>, <c>Start</c>, <c>End</c>, <c>Capacity</c>, and
    /// <c>Weekdays</c> where it is not all. Without any, the delivery day is cut into slots of <c>SlotHours</c>.
    /// </summary>
    public List<SlotSetting> Slots { get; set; } = [];

    /// <summary>Length of the slots that the delivery day is cut into where none are named, in hours.</summary>
    [Range(1, 24)]
    public int SlotHours { get; set; } = 3;

    /// <summary>Orders that such a slot takes.</summary>
    [Range(0, DayPlan.CapacityMax)]
    public int SlotCapacity { get; set; } = 500;

    /// <summary>
    /// Holidays and peak days. By number: <c>Date</c>, <c>Label</c>, <c>Shop</c> (all without), <c>Closed</c>,
    /// <c>CutOff</c>, <c>LeadDays</c>, <c>CapacityPercent</c>, <c>ClosedBouquets</c>.
    /// </summary>
    public List<SpecialDaySetting> SpecialDays { get; set; } = [];

    /// <summary>
    /// True when stems are there only where somebody has counted them in; false when stems that nobody has counted do
    /// not run out.
    /// </summary>
    public bool StemsCounted { get; set; }

    /// <summary>How long a place and stems are held for an order that is not paid for yet, in minutes.</summary>
    [Range(1, 120)]
    public int HoldMinutes { get; set; } = 10;

    /// <summary>How long after a change a day's promises are compared with the orders, in minutes.</summary>
    [Range(1, 1440)]
    public int VerifyMinutes { get; set; } = 60;
}

/// <summary>A shop.</summary>
public sealed class ShopSetting
{
    /// <summary>Its id, as <c>bristol</c>.</summary>
    public string Id { get; set; } = "";

    /// <summary>IANA zone in which its cut-offs are; empty for that of the orders.</summary>
    public string TimeZone { get; set; } = "";

    /// <summary>Cut-off by weekday; empty for those of the orders.</summary>
    public Dictionary<DayOfWeek, TimeOnly> CutOffs { get; set; } = [];

    /// <summary>Its slots; empty for those of all shops.</summary>
    public List<SlotSetting> Slots { get; set; } = [];

    /// <summary>Where it delivers; empty for wherever no other shop does.</summary>
    public List<AreaSetting> Areas { get; set; } = [];
}

/// <summary>A place that a shop delivers to.</summary>
public sealed class AreaSetting
{
    /// <summary>CLDR region code, as <c>GB</c>.</summary>
    public string Region { get; set; } = "";

    /// <summary>
    /// Begins of postal codes, without spaces, as <c>BS</c>; the longest that fits wins. Empty for all.
    /// </summary>
    public List<string> PostcodePrefixes { get; set; } = [];

    /// <summary>IANA zone of the place, in which its day and windows are; empty for the shop's.</summary>
    public string TimeZone { get; set; } = "";

    /// <summary>
    /// Cut-offs for this place where they differ, in the shop's zone; the earlier one counts. On weekdays that are left
    /// out nothing is delivered there. Empty for the shop's.
    /// </summary>
    public Dictionary<DayOfWeek, TimeOnly> CutOffs { get; set; } = [];
}

/// <summary>A slot.</summary>
public sealed class SlotSetting
{
    /// <summary>Its id, as <c>morning</c>.</summary>
    public string Id { get; set; } = "";

    /// <summary>Its begin.</summary>
    public TimeOnly Start { get; set; }

    /// <summary>Its end.</summary>
    public TimeOnly End { get; set; }

    /// <summary>Orders that it takes.</summary>
    public int Capacity { get; set; }

    /// <summary>On which weekdays; empty for all.</summary>
    public List<DayOfWeek> Weekdays { get; set; } = [];
}

/// <summary>A day that is not like others.</summary>
public sealed class SpecialDaySetting
{
    /// <summary>Which.</summary>
    public DateOnly Date { get; set; }

    /// <summary>What it is called; empty for nothing in particular.</summary>
    public string Label { get; set; } = "";

    /// <summary>At which shop; empty for all.</summary>
    public string Shop { get; set; } = "";

    /// <summary>True when nothing is delivered.</summary>
    public bool Closed { get; set; }

    /// <summary>The cut-off of this day, also on a weekday that has none; null for the weekday's.</summary>
    public TimeOnly? CutOff { get; set; }

    /// <summary>How many days before.</summary>
    public int LeadDays { get; set; }

    /// <summary>Capacity of the slots in percent of an ordinary day's.</summary>
    public int CapacityPercent { get; set; } = 100;

    /// <summary>Bouquets that are not sold for it.</summary>
    public List<string> ClosedBouquets { get; set; } = [];
}

/// <summary>Checks <see cref="StockOptions"/> when the server starts.</summary>
[OptionsValidator]
internal sealed partial class StockOptionsValidator : IValidateOptions<StockOptions>;

/// <summary>Checks what attributes cannot say.</summary>
internal sealed class StockOptionsConsistency : IValidateOptions<StockOptions>
{
    public ValidateOptionsResult Validate(string? name, StockOptions options)
    {
        List<string> wrong = [];
        Slots("Stock:Slots", options.Slots, wrong);
        HashSet<string> shops = new(StringComparer.Ordinal);
        for (int i = 0; i < options.Shops.Count; i++)
        {
            ShopSetting shop = options.Shops[i];
            string at = $"Stock:Shops:{i}";
            That(StockNames.IsId(shop.Id) && shops.Add(shop.Id), $"{at}:Id '{shop.Id}' is no id of its own", wrong);
            That(IsZone(shop.TimeZone), $"{at}:TimeZone '{shop.TimeZone}' is no IANA zone", wrong);
            Slots($"{at}:Slots", shop.Slots, wrong);
            Areas(at, shop.Areas, wrong);
        }

        for (int i = 0; i < options.SpecialDays.Count; i++)
        {
            Special($"Stock:SpecialDays:{i}", options.SpecialDays[i], wrong);
        }

        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static void Slots(string at, List<SlotSetting> slots, List<string> wrong)
    {
        That(slots.Count <= DayPlan.SlotsMax, $"{at} are more than {DayPlan.SlotsMax}", wrong);
        for (int i = 0; i < slots.Count; i++)
        {
            SlotSetting slot = slots[i];
            bool own = slots.FindIndex(other => other.Id == slot.Id) == i;
            That(own && StockNames.IsId(slot.Id), $"{at}:{i}:Id '{slot.Id}' is no id of its own", wrong);
            That(slot.Start < slot.End, $"{at}:{i}:End must be later than its Start", wrong);
            That(
                slot.Capacity is >= 0 and <= DayPlan.CapacityMax,
                $"{at}:{i}:Capacity must be 0 to {DayPlan.CapacityMax}",
                wrong);
        }
    }

    private static void Areas(string at, List<AreaSetting> areas, List<string> wrong)
    {
        for (int i = 0; i < areas.Count; i++)
        {
            AreaSetting area = areas[i];
            That(Regions.Known(area.Region), $"{at}:Areas:{i}:Region '{area.Region}' is no CLDR region", wrong);
            That(IsZone(area.TimeZone), $"{at}:Areas:{i}:TimeZone '{area.TimeZone}' is no IANA zone", wrong);
        }
    }

    private static void Special(string at, SpecialDaySetting day, List<string> wrong)
    {
        That(day.Date != default, $"{at}:Date is required", wrong);
        That(day.LeadDays is >= 0 and <= DayPlan.LeadDaysMax, $"{at}:LeadDays must be 0 to 60", wrong);
        That(day.CapacityPercent is >= 0 and <= 10_000, $"{at}:CapacityPercent must be 0 to 10000", wrong);
    }

    private static bool IsZone(string zone) => zone.Length == 0 || Zones.Known(zone);

    private static void That(bool holds, string mistake, List<string> wrong)
    {
        if (!holds)
        {
            wrong.Add(mistake);
        }
    }
}
