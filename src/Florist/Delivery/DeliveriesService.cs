using System.Collections.Immutable;
using Florist.Kernel;
using Florist.Protos.Delivery.V1;
using Grpc.Core;
using Orleans;
using Proto = Florist.Protos.Delivery.V1.Delivery;

namespace Florist.Delivery;

/// <summary>The RPCs of DeliveryService, for dispatchers: commands to the order that a delivery belongs to.</summary>
internal sealed class DeliveriesService(IGrainFactory grains) : DeliveryService.DeliveryServiceBase
{
    private const int ReasonLengthMax = 200;
    private const int FailureTextLengthMax = 80;

    public override async Task<Proto> GetDelivery(GetDeliveryRequest request, ServerCallContext context)
    {
        (string order, DeliveryId id) = Name(request.Name);
        ImmutableArray<DeliveryRecord> all = (await Grain(order).Deliveries()).OrThrow();
        return (all.FirstOrDefault(delivery => delivery.Id == id)
            ?? throw Fault.NotFound(DeliveryNames.Delivery(order, id)).ToException()).ToProto(order);
    }

    public override async Task<ListDeliveriesResponse> ListDeliveries(
        ListDeliveriesRequest request, ServerCallContext context)
    {
        string order = DeliveryNames.OrderOf(request.Parent)
            ?? throw DeliveryNames.Malformed("parent", "orders/{order}").ToException();
        if (request.PageSize < 0)
        {
            throw Fault.Invalid("page_size", "NEGATIVE", "must not be negative").ToException();
        }

        if (request.PageToken.Length > 0)
        {
            // An order has at most five deliveries, so that there never is a second page.
            throw Fault.Invalid("page_token", "PAGE_TOKEN_INVALID", "is not a token of this listing").ToException();
        }

        ListDeliveriesResponse response = new();
        response.Deliveries.AddRange(
            (await Grain(order).Deliveries()).OrThrow().Select(delivery => delivery.ToProto(order)));
        return response;
    }

    public override Task<Proto> AssignDelivery(AssignDeliveryRequest request, ServerCallContext context)
    {
        FieldChecks checks = new();
        CourierId? courier = DeliveryNames.CourierOf(request.Courier);
        checks.That(courier is not null, "courier", "NAME_INVALID", "is not a name of the form couriers/{courier}");
        return Steer(request.Name, request.RequestId, checks, (grain, id, requestId) => grain.Assign(
            new AssignDelivery(requestId, id, By(context), courier ?? new CourierId(""), OrNull(request.Etag))));
    }

    public override Task<Proto> UnassignDelivery(UnassignDeliveryRequest request, ServerCallContext context)
    {
        FieldChecks checks = new();
        string? reason = checks.OptionalText("reason", request.Reason, ReasonLengthMax);
        return Steer(request.Name, request.RequestId, checks, (grain, id, requestId) => grain.Unassign(
            new UnassignDelivery(requestId, id, By(context), reason, OrNull(request.Etag))));
    }

    public override Task<Proto> CancelDelivery(CancelDeliveryRequest request, ServerCallContext context)
    {
        FieldChecks checks = new();
        string? reason = checks.OptionalText("reason", request.Reason, ReasonLengthMax);
        return Steer(request.Name, request.RequestId, checks, (grain, id, requestId) => grain.Cancel(
            new CancelDelivery(requestId, id, By(context), reason, OrNull(request.Etag))));
    }

    public override Task<Proto> RecallDelivery(RecallDeliveryRequest request, ServerCallContext context)
    {
        FieldChecks checks = new();
        FailureReason? reason = DeliveryMessages.Known<FailureReason>((int)request.FailureReason);
        checks.That(reason is not null, "failure_reason", "REQUIRED", "is required");
        string? text = checks.OptionalText("failure_text", request.FailureText, FailureTextLengthMax);
        return Steer(request.Name, request.RequestId, checks, (grain, id, requestId) => grain.Recall(
            new RecallDelivery(requestId, id, By(context), reason ?? FailureReason.Other, text, OrNull(request.Etag))));
    }

    public override Task<Proto> ReattemptDelivery(ReattemptDeliveryRequest request, ServerCallContext context) =>
        Steer(request.Name, request.RequestId, new FieldChecks(), (grain, id, requestId) => grain.Reattempt(
            new ReattemptDelivery(requestId, id, By(context), OrNull(request.Etag))));

    public override Task<Proto> ReconcileDelivery(ReconcileDeliveryRequest request, ServerCallContext context)
    {
        FieldChecks checks = new();
        DeliveryState? state = DeliveryMessages.Known<DeliveryState>((int)request.State);
        DeliveryOutcome? outcome = DeliveryMessages.Known<DeliveryOutcome>((int)request.Outcome);
        checks.That(state is not null, "state", "REQUIRED", "is required");
        string reason = checks.Text("reason", request.Reason, ReasonLengthMax);
        return Steer(request.Name, request.RequestId, checks, (grain, id, requestId) => grain.Reconcile(
            new ReconcileDelivery(
                requestId, id, By(context), state ?? default, outcome, reason, OrNull(request.Etag))));
    }

    private async Task<Proto> Steer(
        string name,
        string request,
        FieldChecks checks,
        Func<IDeliveryGrain, DeliveryId, string?, Task<Outcome<DeliveryRecord>>> command)
    {
        (string order, DeliveryId id) = Name(name);
        string? requestId = checks.RequestId(request);
        if (checks.Fault is { } fault)
        {
            throw fault.ToException();
        }

        return (await command(Grain(order), id, requestId)).OrThrow().ToProto(order);
    }

    private static (string Order, DeliveryId Id) Name(string name) =>
        DeliveryNames.TryDelivery(name, out string order, out DeliveryId id)
            ? (order, id)
            : throw DeliveryNames.Malformed("name", "orders/{order}/deliveries/{delivery}").ToException();

    private static DeliveryActor By(ServerCallContext context) =>
        new(DeliveryRole.Dispatcher, Caller.Of(context).Principal);

    private static string? OrNull(string text) => text.Length == 0 ? null : text;

    private IDeliveryGrain Grain(string order) => grains.GetGrain<IDeliveryGrain>(order);
}
