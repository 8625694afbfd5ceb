using Florist.Kernel;
using Florist.Protos.Stock.V1;
using Offers = Florist.Protos.Stock.V1.CheckAvailabilityResponse.Types;

namespace Florist.Stock;

/// <summary>Offers and movements to messages.</summary>
internal static class OfferMessages
{
    /// <summary>A day's offer.</summary>
    public static Offers.Day ToProto(this DayOffer offer)
    {
        Offers.Day message = new()
        {
            Date = offer.Key.Day.ToProto(),
            Label = offer.Label ?? "",
            Available = offer.Reason is null,
            Reason = offer.Reason ?? "",
            CutoffTime = offer.CutOffAt?.ToProto(),
        };
        message.Slots.AddRange(offer.Slots.Select(slot => new Offers.Slot
        {
            DeliverySlot = $"{offer.Key.Name}/slots/{slot.Slot.Id}",
            StartTime = DayMessages.ToProto(slot.Slot.Window.Start),
            EndTime = DayMessages.ToProto(slot.Slot.Window.End),
            Available = slot.Reason is null,
            Reason = slot.Reason ?? "",
        }));
        message.Bouquets.AddRange(offer.Bouquets.Select(bouquet => new Offers.BouquetOffer
        {
            Bouquet = $"bouquets/{bouquet.Bouquet}",
            Available = bouquet.Reason is null,
            Reason = bouquet.Reason ?? "",
        }));
        return message;
    }

    /// <summary>A movement of a day.</summary>
    public static Protos.Stock.V1.StockMovement ToProto(this StockMovement movement, DayKey day)
    {
        Protos.Stock.V1.StockMovement message = new()
        {
            Name = StockNames.Movement(day, movement.Number),
            Kind = (Protos.Stock.V1.StockMovement.Types.Kind)((int)movement.Kind + 1),
            CreateTime = movement.At.ToProto(),
            Actor = movement.By,
            Note = movement.Note ?? "",
        };
        message.Stems.AddRange(movement.Stems.Select(
            stem => new StemQuantity { StemId = stem.Key, Count = stem.Value }));
        message.Slots.AddRange(movement.Places.Select(
            slot => new SlotQuantity { SlotId = slot.Key, Count = slot.Value }));
        return message;
    }
}
