using System.Collections.Immutable;
using Florist.Kernel;
using Florist.Protos.Delivery.V1;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Orleans;
using Proto = Florist.Protos.Delivery.V1.Delivery;

namespace Florist.Delivery;

/// <summary>The RPCs of the shop: messages to commands and back.</summary>
internal sealed class DeliveriesService(
    IGrainFactory grains, IOptions<DeliveryOptions> options, ISeal seal)
    : Protos.Delivery.V1.DeliveryService.DeliveryServiceBase
{
    private const int ReasonLengthMax = DispatchRules.ReasonLengthMax;
    private static readonly TimeSpan OfferHoldsFor = TimeSpan.FromMinutes(10);

    public override async Task<Proto> GetDelivery(GetDeliveryRequest request, ServerCallContext context)
    {
        (string order, DeliveryId id) = Named(request.Name);
        Outcome<DeliveryRecord> found = (await Grain(order).Deliveries()).Then(all => Find(all, order, id));
        return Visible(found, Caller.Of(context)).OrThrow().ToProto(order);
    }

    public override async Task<ListDeliveriesResponse> ListDeliveries(
        ListDeliveriesRequest request, ServerCallContext context)
    {
        RequireInternal(context);
        string order = DeliveryNames.OrderOf(request.Parent)
            ?? throw DeliveryNames.Malformed("parent", "orders/{order}").ToException();
        string arguments = $"deliveries\u001E{order}";
        PageRequest page = PageRequest.Read(request.PageSize, request.PageToken, arguments, seal).OrThrow();
        ImmutableArray<DeliveryRecord> all = (await Grain(order).Deliveries()).OrThrow();

        // An order's deliveries are never removed and never reordered, so the last id tells where the next page begins.
        int start = page.After is null ? 0 : all.ToList().FindIndex(delivery => delivery.Id.Value == page.After) + 1;
        ImmutableArray<DeliveryRecord> shown = [.. all.Skip(start).Take(page.Size)];
        string? next = start + shown.Length < all.Length ? shown[^1].Id.Value : null;
        ListDeliveriesResponse response = new() { NextPageToken = PageRequest.Token(next, arguments, seal) };
        response.Deliveries.AddRange(shown.Select(delivery => delivery.ToProto(order)));
        return response;
    }

    public override async Task<Proto> AssignDelivery(AssignDeliveryRequest request, ServerCallContext context)
    {
        RequireInternal(context);
        (string order, DeliveryId id) = Named(request.Name);
        FieldChecks checks = new();
        string? requestId = checks.RequestId(request.RequestId);
        CourierId? courier = DeliveryNames.CourierOf(request.Courier);
        checks.That(courier is not null, "courier", "NAME_INVALID", "is not a name of the form couriers/{courier}");
        Passed(checks);
        await RequireActive(courier ?? default);
        AssignDelivery command = new(requestId, id, Actor(context), courier ?? default, OrNull(request.Etag));
        return (await Grain(order).Assign(command)).OrThrow().ToProto(order);
    }

    public override async Task<Proto> OfferDelivery(OfferDeliveryRequest request, ServerCallContext context)
    {
        RequireInternal(context);
        (string order, DeliveryId id) = Named(request.Name);
        FieldChecks checks = new();
        string? requestId = checks.RequestId(request.RequestId);
        CourierId? courier = DeliveryNames.CourierOf(request.Courier);
        checks.That(courier is not null, "courier", "NAME_INVALID", "is not a name of the form couriers/{courier}");
        TimeSpan holdsFor = request.Ttl is { Seconds: >= 10 and <= 24 * 3600, Nanos: >= 0 and < 1_000_000_000 } ttl
            ? ttl.ToTimeSpan()
            : OfferHoldsFor;
        checks.That(
            request.Ttl is null || holdsFor != OfferHoldsFor || request.Ttl.Seconds == OfferHoldsFor.TotalSeconds,
            "ttl", "OUT_OF_RANGE", "must be 10 seconds to 24 hours");
        Passed(checks);
        await RequireActive(courier ?? default);
        OfferDelivery command = new(
            requestId, id, Actor(context), courier ?? default, holdsFor, OrNull(request.Etag));
        return (await Grain(order).Offer(command)).OrThrow().ToProto(order);
    }

    public override async Task<Proto> UnassignDelivery(UnassignDeliveryRequest request, ServerCallContext context)
    {
        (string order, DeliveryId id) = Named(request.Name);
        FieldChecks checks = new();
        string? requestId = checks.RequestId(request.RequestId);
        string? reason = checks.OptionalText("reason", request.Reason, ReasonLengthMax);
        Passed(checks);
        UnassignDelivery command = new(requestId, id, Actor(context), reason, OrNull(request.Etag));
        Outcome<DeliveryRecord> outcome = await Grain(order).Unassign(command);

        // A courier does not learn from the refusal whether there is such a delivery.
        return Caller.Of(context).IsInternal || outcome.Fault?.Kind != FaultKind.NotFound
            ? outcome.OrThrow().ToProto(order)
            : throw NotYours.ToException();
    }

    public override async Task<Proto> CancelDelivery(CancelDeliveryRequest request, ServerCallContext context)
    {
        RequireInternal(context);
        (string order, DeliveryId id) = Named(request.Name);
        FieldChecks checks = new();
        string? requestId = checks.RequestId(request.RequestId);
        string? reason = checks.OptionalText("reason", request.Reason, ReasonLengthMax);
        Passed(checks);
        CancelDelivery command = new(requestId, id, Actor(context), reason, OrNull(request.Etag));
        return (await Grain(order).Cancel(command)).OrThrow().ToProto(order);
    }

    public override async Task<Proto> RecallDelivery(RecallDeliveryRequest request, ServerCallContext context)
    {
        RequireInternal(context);
        (string order, DeliveryId id) = Named(request.Name);
        FieldChecks checks = new();
        string? requestId = checks.RequestId(request.RequestId);
        FailureReason? reason = FieldReads.Known<FailureReason>((int)request.FailureReason);
        checks.That(reason is not null, "failure_reason", "REQUIRED", "must be a reason that this version knows");
        string? text = checks.OptionalText("failure_text", request.FailureText, ReportChecks.TextLengthMax);
        checks.That(reason != FailureReason.Other || text is not null, "failure_text", "REQUIRED", "goes with OTHER");
        Passed(checks);
        RecallDelivery command = new(
            requestId, id, Actor(context), reason ?? FailureReason.Other, text, OrNull(request.Etag));
        return (await Grain(order).Recall(command)).OrThrow().ToProto(order);
    }

    public override async Task<Proto> ReattemptDelivery(ReattemptDeliveryRequest request, ServerCallContext context)
    {
        RequireInternal(context);
        (string order, DeliveryId id) = Named(request.Name);
        FieldChecks checks = new();
        string? requestId = checks.RequestId(request.RequestId);
        Passed(checks);
        ReattemptDelivery command = new(requestId, id, Actor(context), OrNull(request.Etag));
        return (await Grain(order).Reattempt(command)).OrThrow().ToProto(order);
    }

    public override async Task<Proto> ReconcileDelivery(ReconcileDeliveryRequest request, ServerCallContext context)
    {
        RequireInternal(context);
        (string order, DeliveryId id) = Named(request.Name);
        FieldChecks checks = new();
        string? requestId = checks.RequestId(request.RequestId);
        DeliveryState? state = FieldReads.Known<DeliveryState>((int)request.State);
        checks.That(state is not null, "state", "REQUIRED", "must be a state that this version knows");
        DeliveryOutcome? outcome = FieldReads.Known<DeliveryOutcome>((int)request.Outcome);
        checks.That(
            outcome is null || state == DeliveryState.Delivered,
            "outcome", "NOT_DELIVERED", "only goes with DELIVERED");
        string reason = checks.Text("reason", request.Reason, ReasonLengthMax);
        Passed(checks);
        ReconcileDelivery command = new(
            requestId, id, Actor(context), state ?? default, outcome, reason, OrNull(request.Etag));
        return (await Grain(order).Reconcile(command)).OrThrow().ToProto(order);
    }

    private static Fault NotYours => Fault.Denied("the delivery is not yours");

    private static Outcome<DeliveryRecord> Find(ImmutableArray<DeliveryRecord> all, string order, DeliveryId id) =>
        all.FirstOrDefault(delivery => delivery.Id == id) is { } delivery
            ? delivery
            : Fault.NotFound(DeliveryNames.Delivery(order, id));

    // To a courier everything but its own current leg is as good as absent.
    private static Outcome<DeliveryRecord> Visible(Outcome<DeliveryRecord> found, Caller caller)
    {
        if (caller.IsInternal)
        {
            return found;
        }

        bool isOwn = caller.Kind == CallerKind.Courier && found.Value?.Courier?.Value == caller.Id;
        return isOwn ? found : NotYours;
    }

    private async Task RequireActive(CourierId courier)
    {
        Outcome<CourierView> found = await grains.GetGrain<ICourierGrain>(courier.Value).Get();
        if (found.Failed(out Fault? unknown, out CourierView? known))
        {
            if (options.Value.RegisteredCouriersOnly)
            {
                throw unknown.ToException();
            }
        }
        else if (known.IsDisabled)
        {
            throw Fault.Refused("COURIER_DISABLED", $"{DeliveryNames.Courier(courier)} is disabled")
                .With("name", DeliveryNames.Courier(courier)).ToException();
        }
    }

    private static void RequireInternal(ServerCallContext context)
    {
        if (!Caller.Of(context).IsInternal)
        {
            throw Fault.Denied("only the shop may do this").ToException();
        }
    }

    private static (string Order, DeliveryId Delivery) Named(string name) =>
        DeliveryNames.TryDelivery(name, out string order, out DeliveryId delivery)
            ? (order, delivery)
            : throw DeliveryNames.Malformed("name", "orders/{order}/deliveries/{delivery}").ToException();

    private static DeliveryActor Actor(ServerCallContext context)
    {
        Caller caller = Caller.Of(context);
        return caller.Kind switch
        {
            CallerKind.Courier => new DeliveryActor(DeliveryRole.Courier, caller.Id),
            CallerKind.Staff => new DeliveryActor(DeliveryRole.Dispatcher, caller.Principal),
            CallerKind.Service => new DeliveryActor(DeliveryRole.Shop, caller.Principal),
            _ => new DeliveryActor(DeliveryRole.None, caller.Principal),
        };
    }

    private static void Passed(FieldChecks checks)
    {
        if (checks.Fault is { } fault)
        {
            throw fault.ToException();
        }
    }

    private static string? OrNull(string text) => text.Length == 0 ? null : text;

    private IDeliveryGrain Grain(string order) => grains.GetGrain<IDeliveryGrain>(order);
}
