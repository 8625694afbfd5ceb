using System.Collections.Immutable;
using Florist.Kernel;
using Google.Type;
using Proto = Florist.Protos.Stock.V1.DeliveryDay;

namespace Florist.Stock;

/// <summary>Reads plans of days, collecting what is wrong field by field.</summary>
internal static class DayPlanMessages
{
    private const int LabelLengthMax = 60;

    /// <summary>What of a day can be changed.</summary>
    public static readonly ImmutableArray<string> Settable =
    [
        "label", "closed", "cutoff_time_of_day", "lead_days", "slots", "closed_bouquets", "stems_counted",
    ];

    /// <summary>The part of a plan that a path names.</summary>
    public static PlanPart PartOf(string path) => path switch
    {
        "label" => PlanPart.Label,
        "closed" => PlanPart.Closed,
        "cutoff_time_of_day" => PlanPart.CutOff,
        "lead_days" => PlanPart.LeadDays,
        "slots" => PlanPart.Slots,
        "closed_bouquets" => PlanPart.ClosedBouquets,
        "stems_counted" => PlanPart.StemsCounted,
        _ => throw new ArgumentOutOfRangeException(nameof(path), path, "a path that cannot be changed"),
    };

    /// <summary>The plan that a message stands for.</summary>
    public static DayPlan Read(Proto sent, FieldChecks checks)
    {
        checks.That(
            sent.LeadDays is >= 0 and <= DayPlan.LeadDaysMax,
            "delivery_day.lead_days",
            "OUT_OF_RANGE",
            $"must be 0 to {DayPlan.LeadDaysMax}");
        return new DayPlan
        {
            Label = checks.OptionalText("delivery_day.label", sent.Label, LabelLengthMax),
            Closed = sent.Closed,
            CutOff = sent.CutoffTimeOfDay is { } time
                ? Time(time, "delivery_day.cutoff_time_of_day", checks)
                : null,
            LeadDays = sent.LeadDays,
            Slots = Slots(sent, checks),
            ClosedBouquets = Bouquets(sent, checks),
            StemsCounted = sent.StemsCounted,
        };
    }

    private static ImmutableArray<SlotPlan> Slots(Proto sent, FieldChecks checks)
    {
        const string path = "delivery_day.slots";
        checks.That(sent.Slots.Count <= DayPlan.SlotsMax, path, "TOO_MANY", $"more than {DayPlan.SlotsMax}");
        HashSet<string> seen = new(StringComparer.Ordinal);
        ImmutableArray<SlotPlan>.Builder slots = ImmutableArray.CreateBuilder<SlotPlan>();
        for (int i = 0; i < Math.Min(sent.Slots.Count, DayPlan.SlotsMax); i++)
        {
            Proto.Types.Slot slot = sent.Slots[i];
            string at = $"{path}[{i}]";
            checks.That(StockNames.IsId(slot.SlotId), $"{at}.slot_id", "ID_INVALID", "is no id");
            checks.That(seen.Add(slot.SlotId), $"{at}.slot_id", "DUPLICATE", "stands there twice");
            checks.That(
                slot.Capacity is >= 0 and <= DayPlan.CapacityMax,
                $"{at}.capacity",
                "OUT_OF_RANGE",
                $"must be 0 to {DayPlan.CapacityMax}");
            TimeOnly start = Time(slot.StartTime, $"{at}.start_time", checks);
            TimeOnly end = Time(slot.EndTime, $"{at}.end_time", checks);
            checks.That(start < end, $"{at}.end_time", "NOT_AFTER_START", "must be later than start_time");
            slots.Add(new SlotPlan(slot.SlotId, new SlotWindow(start, end), slot.Capacity, slot.Closed));
        }

        return [.. slots.OrderBy(slot => slot.Window.Start).ThenBy(slot => slot.Id, StringComparer.Ordinal)];
    }

    private static ImmutableArray<string> Bouquets(Proto sent, FieldChecks checks)
    {
        const string path = "delivery_day.closed_bouquets";
        checks.That(
            sent.ClosedBouquets.Count <= DayPlan.ClosedBouquetsMax,
            path,
            "TOO_MANY",
            $"more than {DayPlan.ClosedBouquetsMax}");
        ImmutableArray<string>.Builder bouquets = ImmutableArray.CreateBuilder<string>();
        for (int i = 0; i < Math.Min(sent.ClosedBouquets.Count, DayPlan.ClosedBouquetsMax); i++)
        {
            string[] parts = sent.ClosedBouquets[i].Split('/');
            bool named = parts is ["bouquets", string id] && StockNames.IsId(id);
            checks.That(named, $"{path}[{i}]", "NAME_INVALID", "is not a name of the form bouquets/{bouquet}");
            bouquets.Add(named ? parts[1] : "");
        }

        return [.. bouquets.Distinct().Order(StringComparer.Ordinal)];
    }

    private static TimeOnly Time(TimeOfDay? time, string field, FieldChecks checks)
    {
        if (time is { Hours: >= 0 and <= 23, Minutes: >= 0 and <= 59, Seconds: 0, Nanos: 0 })
        {
            return new TimeOnly(time.Hours, time.Minutes);
        }

        checks.Add(field, time is null ? "REQUIRED" : "TIME_INVALID", "is required, as hours and minutes of a day");
        return default;
    }
}
