using Florist.Kernel;
using Florist.Orders;
using Florist.Stock;

namespace Florist.ShopFloor;

/// <summary>Reads and writes the resource names of this feature.</summary>
internal static class ShopFloorNames
{
    private const string CardSheet = "cardSheet";

    /// <summary>The day of a name <c>shops/{shop}/days/{day}</c>.</summary>
    public static Outcome<DayKey> Day(string name, string field) => DayKey.Named(name) is { } day
        ? day
        : Fault.Invalid(field, "NAME_INVALID", "is not a name of the form shops/{shop}/days/{day}");

    /// <summary>The order of a name <c>orders/{order}/cardSheet</c>.</summary>
    public static Outcome<OrderId> Order(string name, string field) =>
        name.Split('/') is ["orders", string id, CardSheet] && IsId(id)
            ? new OrderId(id)
            : Fault.Invalid(field, "NAME_INVALID", "is not a name of the form orders/{order}/cardSheet");

    /// <summary>The name of a card.</summary>
    public static string Card(OrderId order) => $"{order.Name}/{CardSheet}";

    /// <summary>The name of the work on an order, on a day that it is listed under.</summary>
    public static string BenchItem(DayKey day, OrderId order) => $"{day.Name}/benchItems/{order}";

    private static bool IsId(string id) =>
        id.Length is > 0 and <= 63 && id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
