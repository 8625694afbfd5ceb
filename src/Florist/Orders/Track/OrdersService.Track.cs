using System.Collections.Immutable;
using System.Globalization;
using Florist.Delivery;
using Florist.Kernel;
using Florist.Protos.Orders.V1;
using Grpc.Core;
using Change = Florist.Protos.Orders.V1.WatchOrderResponse.Types.Change;
using ProofImage = Florist.Delivery.ProofImage;
using Proto = Florist.Protos.Orders.V1;

namespace Florist.Orders;

/// <summary>Watching and tracking orders: level-triggered, so that a lost or skipped message does no harm.</summary>
internal sealed partial class OrdersService
{
    private const string LinkPattern = "orders/{order}/trackingLinks/{tracking_link}";

    // One text for every reason, so that a guess tells nothing.
    private static readonly Fault LinkInvalid =
        Fault.Denied("the tracking link does not work, or not any more") with { Reason = "TRACKING_LINK_INVALID" };

    public override async Task WatchOrder(
        WatchOrderRequest request, IServerStreamWriter<WatchOrderResponse> responseStream, ServerCallContext context)
    {
        OrderRecord order = await Reached(request.Name, context);
        Caller caller = Caller.Of(context);
        string principalClass = WatchPosition.ClassOf(caller);
        WatchPosition from = WatchPosition.Read(request.ResumeToken, order, principalClass, seal).OrThrow();
        using WatchSeat seat = watches
            .Enter(caller.Principal, caller.Kind == CallerKind.Service, order.Id.Name).OrThrow();
        WatchProgress progress = new(from);

        async Task<bool> Tell(OrderVersion version, bool isNews, CancellationToken cancellationToken)
        {
            foreach (WatchChange change in progress.Of(version, isNews))
            {
                WatchOrderResponse view = View(version, change, principalClass, isNews);
                await responseStream.WriteAsync(view, cancellationToken);
            }

            return !version.Order.HasEnded;
        }

        IAsyncEnumerable<OrderVersion> versions =
            Grain(order.Id).Watch(from.Seen with { Revision = -1 }, context.CancellationToken);
        await WatchLoop.Run(versions, watches.Terms(context), Tell, context.CancellationToken);
    }

    public override async Task TrackOrder(
        TrackOrderRequest request, IServerStreamWriter<TrackOrderResponse> responseStream, ServerCallContext context)
    {
        (OrderRecord order, int link) = await Tracked(request.TrackingToken);
        WatchPosition from = WatchPosition.Read(request.ResumeToken, order, WatchPosition.ByLink, seal).OrThrow();
        string holder = string.Create(CultureInfo.InvariantCulture, $"link:{order.Id}/{link}");
        using WatchSeat seat = watches.Enter(holder, isService: false, order.Id.Name).OrThrow();
        WatchProgress progress = new(from);

        async Task<bool> Tell(OrderVersion version, bool isNews, CancellationToken cancellationToken)
        {
            // Revoking is a version of the order; expiring is not, and shows at the next sign of life.
            OrderRecord present = version.Order;
            if (!present.Tracking.Admits(link, time.GetUtcNow()))
            {
                throw LinkInvalid.ToException();
            }

            foreach (WatchChange change in progress.Of(version, isNews))
            {
                TrackOrderResponse view = new()
                {
                    Change = ToProto(change),
                    TrackedDelivery = present.ToTracked(options.Value.ShopName, PhotoOf(present)),
                    ResumeToken = WatchPosition.Token(present, WatchPosition.ByLink, seal),
                };
                await responseStream.WriteAsync(view, cancellationToken);
            }

            return !present.HasEnded;
        }

        IAsyncEnumerable<OrderVersion> versions =
            Grain(order.Id).Watch(from.Seen with { Revision = -1 }, context.CancellationToken);
        await WatchLoop.Run(versions, watches.Terms(context), Tell, context.CancellationToken);
    }

    public override async Task<Proto.TrackingLink> CreateTrackingLink(
        CreateTrackingLinkRequest request, ServerCallContext context)
    {
        OrderRecord order = await Reached(request.Parent, context, "parent");
        FieldChecks checks = new();
        string? requestId = checks.RequestId(request.RequestId);
        ThrowIfWrong(checks);
        TrackingLink link = (await Grain(order.Id).OpenLink(new OpenTrackingLink(requestId))).OrThrow();
        return link.ToProto(
            order.Id, order.Tracking, tokens.Of(order.Id, link.Number), tokens.UriOf(order.Id, link.Number));
    }

    public override async Task<ListTrackingLinksResponse> ListTrackingLinks(
        ListTrackingLinksRequest request, ServerCallContext context)
    {
        OrderRecord order = await Reached(request.Parent, context, "parent");
        string arguments = $"trackingLinks\u001E{order.Id}";
        PageRequest page = PageRequest.Read(request.PageSize, request.PageToken, arguments, seal).OrThrow();
        int after = page.After is null ? 0 : int.Parse(page.After, CultureInfo.InvariantCulture);
        ImmutableArray<TrackingLink> rest = [.. order.Tracking.Links.Where(link => link.Number > after)];
        ImmutableArray<TrackingLink> shown = [.. rest.Take(page.Size)];
        string? next = shown.Length < rest.Length
            ? shown[^1].Number.ToString(CultureInfo.InvariantCulture)
            : null;
        ListTrackingLinksResponse response = new() { NextPageToken = PageRequest.Token(next, arguments, seal) };
        response.TrackingLinks.AddRange(shown.Select(link => link.ToProto(order.Id, order.Tracking)));
        return response;
    }

    public override async Task<Proto.TrackingLink> RevokeTrackingLink(
        RevokeTrackingLinkRequest request, ServerCallContext context)
    {
        string[] parts = request.Name.Split('/');
        string parent = string.Join('/', parts.Take(2));
        OrderRecord order = await Reached(parent, context);
        FieldChecks checks = new();
        string? requestId = checks.RequestId(request.RequestId);
        int number = 0;
        checks.That(
            parts is [_, _, "trackingLinks", ['l', .. string digits]]
                && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number),
            "name", "NAME_INVALID", $"is not a name of the form {LinkPattern}");
        ThrowIfWrong(checks);
        TrackingLink link = (await Grain(order.Id).RevokeLink(new RevokeTrackingLink(requestId, number))).OrThrow();
        return link.ToProto(order.Id, order.Tracking);
    }

    public override async Task<Proto.ProofImage> GetProofImage(
        GetProofImageRequest request, ServerCallContext context)
    {
        ProofImage image = ProofImage.Read(request.Name) ?? throw Fault.Invalid(
            "name",
            "NAME_INVALID",
            "is not a name of the form orders/{order}/deliveries/{delivery}/proofImages/{proof_image}").ToException();
        OrderRecord order = await Reached($"orders/{image.OrderId}", context);
        DateOnly today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        bool isThere = image.PurgeOn > today && order.Deliveries.Deliveries.Any(delivery =>
            delivery.Id == image.Delivery
            && (delivery.Proof.PhotoUri == image.Name || delivery.Proof.SignatureUri == image.Name));
        if (!isThere)
        {
            throw Fault.NotFound(image.Name).ToException();
        }

        (string uri, DateTimeOffset expiresAt) = links.ForReading(image);
        return new Proto.ProofImage
        {
            Name = image.Name,
            Uri = uri,
            ExpireTime = expiresAt.ToProto(),
            Sha256 = image.Sha256,
            PurgeDate = image.PurgeOn.ToProto(),
        };
    }

    // What was derived is checked before anything is looked up, so that guessing wakes no grain.
    private async Task<(OrderRecord Order, int Link)> Tracked(string token)
    {
        (OrderId id, int number) = tokens.Read(token) ?? throw LinkInvalid.ToException();
        Outcome<OrderRecord> found = await Grain(id).Get();
        return !found.Failed(out _, out OrderRecord? order) && order.Tracking.Admits(number, time.GetUtcNow())
            ? (order, number)
            : throw LinkInvalid.ToException();
    }

    private string? PhotoOf(OrderRecord order) => order.CurrentDelivery is { State: DeliveryState.Delivered } delivered
        ? links.Shown(delivered.Proof.PhotoUri)
        : null;

    private WatchOrderResponse View(OrderVersion version, WatchChange change, string principalClass, bool isNews)
    {
        OrderRecord order = version.Order;
        WatchOrderResponse response = new()
        {
            Change = ToProto(change),
            Order = order.ToProto(),
            Revision = order.Revision,
            ResumeToken = WatchPosition.Token(order, principalClass, seal),
        };
        response.Deliveries.AddRange(order.Deliveries.Deliveries.Select(
            delivery => delivery.ToProto(order.Id.Value)));
        if (isNews && change != WatchChange.Reset && version.News is { } news)
        {
            response.NewEvents.AddRange(news.Select(one => one.ToProto(order.Id)));
        }

        return response;
    }

    private static Change ToProto(WatchChange change) => (Change)((int)change + 1);
}
