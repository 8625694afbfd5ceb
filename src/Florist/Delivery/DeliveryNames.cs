using Florist.Kernel;

namespace Florist.Delivery;

/// <summary>Reads and writes the resource names of this feature.</summary>
internal static class DeliveryNames
{
    public const int CourierLengthMax = 40;
    private const int IdLengthMax = 63;

    public static string Order(string orderId) => $"orders/{orderId}";

    public static string Delivery(string orderId, DeliveryId delivery) => $"orders/{orderId}/deliveries/{delivery}";

    public static string Courier(CourierId courier) => $"couriers/{courier}";

    public static bool TryDelivery(string name, out string orderId, out DeliveryId delivery)
    {
        if (name.Split('/') is ["orders", string order, "deliveries", string id] && IsId(order) && IsId(id))
        {
            (orderId, delivery) = (order, new DeliveryId(id));
            return true;
        }

        (orderId, delivery) = ("", new DeliveryId(""));
        return false;
    }

    public static string? OrderOf(string name) =>
        name.Split('/') is ["orders", string order] && IsId(order) ? order : null;

    public static CourierId? CourierOf(string name) =>
        name.Split('/') is ["couriers", string id] && IsId(id) && id.Length <= CourierLengthMax
            ? new CourierId(id)
            : null;

    /// <summary>True for what can be an id, chosen or made.</summary>
    public static bool IsId(string id) =>
        id.Length is > 0 and <= IdLengthMax && id[0] != '-' && id[^1] != '-'
        && id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    public static Fault Malformed(string field, string pattern) =>
        Fault.Invalid(field, "NAME_INVALID", $"is not a name of the form {pattern}");
}
