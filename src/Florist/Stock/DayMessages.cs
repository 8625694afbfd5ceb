using Florist.Kernel;
using Google.Type;
using Proto = Florist.Protos.Stock.V1.DeliveryDay;

namespace Florist.Stock;

/// <summary>Delivery days to messages.</summary>
internal static class DayMessages
{
    /// <summary>A day of a shop.</summary>
    public static Proto ToProto(this DeliveryDay day, ShopPlans plans)
    {
        Proto message = new()
        {
            Name = day.Key.Name,
            Date = day.Key.Day.ToProto(),
            Label = day.Plan.Label ?? "",
            Closed = day.Plan.Closed,
            CutoffTimeOfDay = day.Plan.CutOff is { } time ? ToProto(time) : null,
            LeadDays = day.Plan.LeadDays,
            StemsCounted = day.Plan.StemsCounted,
            CutoffTime = plans.CutOff(day.Plan, day.Key.Shop, "", day.Key.Day)?.ToProto(),
            TimeZone = plans.TimeZone(day.Key.Shop),
            Planned = day.IsPlanned,
            Etag = Etags.Of(day.Revision),
        };
        message.Slots.AddRange(day.Plan.Slots.Select(slot => ToProto(slot, day)));
        message.ClosedBouquets.AddRange(day.Plan.ClosedBouquets.Select(id => $"bouquets/{id}"));
        message.StemCounts.AddRange(day.Stems.Select(stem => new Proto.Types.StemCount
        {
            StemId = stem.Key,
            OnHandCount = stem.Value.OnHand,
            HeldCount = stem.Value.Taken.Held,
            CommittedCount = stem.Value.Taken.Committed,
            ExtraCount = stem.Value.Extra,
            FreeCount = day.FreeStems(stem.Key) ?? 0,
        }));
        return message;
    }

    /// <summary>A time of a day.</summary>
    public static TimeOfDay ToProto(TimeOnly time) => new() { Hours = time.Hour, Minutes = time.Minute };

    private static Proto.Types.Slot ToProto(SlotPlan slot, DeliveryDay day)
    {
        Taken taken = day.Places.GetValueOrDefault(slot.Id, Taken.None);
        return new Proto.Types.Slot
        {
            SlotId = slot.Id,
            StartTime = ToProto(slot.Window.Start),
            EndTime = ToProto(slot.Window.End),
            Capacity = slot.Capacity,
            Closed = slot.Closed,
            HeldCount = taken.Held,
            CommittedCount = taken.Committed,
            ExtraCount = day.ExtraPlaces.GetValueOrDefault(slot.Id),
            FreeCount = day.FreePlaces(slot.Id),
        };
    }
}
