using Florist.Delivery;
using Florist.Kernel;
using Google.Type;
using Proto = Florist.Protos.Orders.V1;

namespace Florist.Orders;

/// <summary>What watchers see, as messages.</summary>
internal static class TrackMessages
{
    // Three digits of a degree are about 100 meters.
    private const int PositionDigits = 3;

    /// <summary>
    /// The delivery as the holder of a link may see it: put together from nothing, so that no field of the order gets
    /// in that is not named here.
    /// </summary>
    public static Proto.TrackedDelivery ToTracked(this OrderRecord order, string shopName, string? photoUri)
    {
        Proto.TrackedDelivery tracked = new()
        {
            RecipientGivenName = order.Contact.GivenName,
            ShopDisplayName = shopName,
            DeliveryDate = order.Draft.DeliveryOn.ToProto(),
            DeliveryWindow = new()
            {
                StartTime = OrderMessages.ToProto(order.Terms.Window.Start),
                EndTime = OrderMessages.ToProto(order.Terms.Window.End),
            },
            TimeZone = order.Terms.TimeZone,
            PhotoUri = photoUri ?? "",
        };
        if (order.CurrentDelivery is not { } delivery)
        {
            return tracked;
        }

        Protos.Delivery.V1.Delivery whole = delivery.ToProto(order.Id.Value);
        tracked.State = whole.State;
        if (!delivery.State.IsTerminal())
        {
            tracked.EtaWindow = whole.EtaWindow;
            tracked.CourierGivenName = delivery.LegOpen ? delivery.DriverName ?? "" : "";
        }

        tracked.CourierPosition = delivery is { State: DeliveryState.OutForDelivery, Location: { } at }
            ? new LatLng
            {
                Latitude = Math.Round(at.Latitude, PositionDigits),
                Longitude = Math.Round(at.Longitude, PositionDigits),
            }
            : null;
        return tracked;
    }

    /// <summary>An entry of the deliveries' history.</summary>
    public static Proto.OrderEvent ToProto(this DeliveryNews news, OrderId order) => new()
    {
        Number = news.Number,
        Delivery = $"{order.Name}/deliveries/{news.Delivery}",
        Kind = (Proto.OrderEvent.Types.Kind)((int)news.Kind + 1),
        State = (Protos.Delivery.V1.Delivery.Types.State)((int)news.State + 1),
        OccurTime = news.OccurredAt.ToProto(),
        ReceiveTime = news.At.ToProto(),
        Disposition =
            (Protos.Delivery.V1.UpdateResult.Types.Disposition)((int?)news.Disposition + 1 ?? 0),
    };

    /// <summary>A link; with its token only for who has just opened it.</summary>
    public static Proto.TrackingLink ToProto(
        this TrackingLink link, OrderId order, OrderTracking tracking, string token = "", string? uri = null) => new()
        {
            Name = TrackingLink.NameOf(order, link.Number),
            TrackingToken = token,
            Uri = uri ?? "",
            CreateTime = link.CreatedAt.ToProto(),
            RevokeTime = link.RevokedAt is { } revokedAt ? revokedAt.ToProto() : null,
            ExpireTime = tracking.Until is { } until ? until.ToProto() : null,
        };
}
