using System.Collections.Immutable;
using Florist.Catalogue;

namespace Florist.Occasions;

/// <summary>Whether flowers for an occurrence are ordered, so that a reminder would only annoy.</summary>
internal static class AlreadyOrdered
{
    /// <summary>Flowers may come so much earlier than the day and still be for it.</summary>
    public const int DaysBeforeMax = 7;

    /// <summary>Flowers may come so much later than the day and still be for it.</summary>
    public const int DaysAfterMax = 3;

    // What was delivered so long ago belongs to no occurrence that a reminder may still be due for.
    private const int DaysKept = OccasionLimits.LeadDaysMax;
    private const int OrdersMax = 60;

    /// <summary>
    /// True when an order goes to the same person on the very day, whatever it is for, or near the day for this reason
    /// or for none in particular. Where the occasion or the order names nobody, the reason must be the same.
    /// </summary>
    public static bool For(ImmutableArray<OrderedDelivery> ordered, Occasion occasion, DateOnly date) =>
        ordered.Any(order => !order.Cancelled && IsFor(order, occasion, date.DayNumber - order.DeliveryOn.DayNumber));

    /// <summary>The orders with one more, or with what is now known of it; those long delivered are dropped.</summary>
    public static ImmutableArray<OrderedDelivery> Note(
        ImmutableArray<OrderedDelivery> ordered, OrderedDelivery order, DateOnly today)
    {
        // A cancellation stands, whichever of the two events came first.
        bool cancelled = order.Cancelled || ordered.Any(known => known.Order == order.Order && known.Cancelled);
        OrderedDelivery noted = order with { Cancelled = cancelled };
        return
        [
            .. ordered
                .Where(known => known.Order != order.Order)
                .Append(noted)
                .Where(known => known.DeliveryOn.DayNumber >= today.DayNumber - DaysKept)
                .OrderBy(known => known.DeliveryOn)
                .ThenBy(known => known.Order.Value, StringComparer.Ordinal)
                .TakeLast(OrdersMax),
        ];
    }

    private static bool IsFor(OrderedDelivery order, Occasion occasion, int daysBefore)
    {
        bool isSamePerson = order.Recipient is not null && order.Recipient == occasion.Details.Recipient;
        bool isSameReason = order.Category == occasion.Details.Category;
        bool isNear = daysBefore is >= -DaysAfterMax and <= DaysBeforeMax;
        bool isUnsaid = order.Category is null or OccasionCategory.JustBecause;
        bool isNobodyNamed = order.Recipient is null || occasion.Details.Recipient is null;
        return isSamePerson ? daysBefore == 0 || (isNear && (isSameReason || isUnsaid))
            : isNobodyNamed && isNear && isSameReason;
    }
}
