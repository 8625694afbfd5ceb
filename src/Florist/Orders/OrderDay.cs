using System.Collections.Immutable;
using Florist.Stock;

namespace Florist.Orders;

/// <summary>The day that an order is for, where it goes, as it stands when the order is priced.</summary>
internal sealed record OrderDay
{
    /// <summary>Which shop delivers there, and in which zone.</summary>
    public required DeliveryArea Area { get; init; }

    /// <summary>The day.</summary>
    public required DeliveryDay Day { get; init; }

    /// <summary>Until when orders are taken; null when nothing is delivered there on that day.</summary>
    public required DateTimeOffset? CutOffAt { get; init; }

    /// <summary>The first day for which orders are taken now; null when there is none.</summary>
    public required DateOnly? NextOpenDay { get; init; }

    /// <summary>What an order claims of its day.</summary>
    public static ClaimPlace ClaimOf(OrderId order, OrderDraft draft, OrderTerms terms) => new()
    {
        OrderId = order.Value,
        Generation = terms.PlaceGeneration,
        Area = terms.Area,
        Slot = draft.Slot?.Slot,
        Window = new SlotWindow(terms.Window.Start, terms.Window.End),
        Lines = [.. draft.Lines.Select(line => new ClaimedBouquet(line.Bouquet, line.Quantity))],
    };
}
