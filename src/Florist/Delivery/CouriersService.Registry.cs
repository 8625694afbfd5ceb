using System.Collections.Immutable;
using Florist.Kernel;
using Florist.Protos.Delivery.V1;
using Grpc.Core;
using Proto = Florist.Protos.Delivery.V1;

namespace Florist.Delivery;

/// <summary>Couriers as resources, and the keys that they call with.</summary>
internal sealed partial class CouriersService
{
    public override async Task<Courier> CreateCourier(CreateCourierRequest request, ServerCallContext context)
    {
        Caller caller = Internal(context);
        FieldChecks checks = new();
        string? requestId = checks.RequestId(request.RequestId);
        string? chosen = checks.ChosenId("courier_id", request.CourierId);
        checks.That(
            chosen is null || chosen.Length <= DeliveryNames.CourierLengthMax,
            "courier_id", "TOO_LONG", $"is longer than {DeliveryNames.CourierLengthMax} characters");
        CourierId id = new(chosen
            ?? (requestId is null ? ids.Next() : ids.Derived(caller.Principal, "couriers", requestId)));
        CourierProfile profile = CourierMessages.Read(
            request.Courier ?? new Courier(), id, CourierMessages.Settable, checks, seal, ids);
        Passed(checks);
        return (await Registry(id).Create(new CreateCourier(requestId, profile))).OrThrow().ToProto();
    }

    public override async Task<Courier> GetCourier(GetCourierRequest request, ServerCallContext context)
    {
        CourierId courier = Permitted(request.Name, "name", Caller.Of(context)).OrThrow();
        return (await Registry(courier).Get()).OrThrow().ToProto();
    }

    public override async Task<ListCouriersResponse> ListCouriers(
        ListCouriersRequest request, ServerCallContext context)
    {
        Internal(context);
        FilterExpression filter = ICourierQueries.Filterable.Parse(request.Filter).OrThrow();
        string arguments = $"couriers\u001E{filter.ToFilterText()}";
        PageRequest page = PageRequest.Read(request.PageSize, request.PageToken, arguments, seal).OrThrow();
        Page<CourierView> found = await queries.Couriers(filter, page, context.CancellationToken);
        ListCouriersResponse response = new() { NextPageToken = PageRequest.Token(found.Next, arguments, seal) };
        response.Couriers.AddRange(found.Items.Select(courier => courier.ToProto()));
        return response;
    }

    public override async Task<Courier> UpdateCourier(UpdateCourierRequest request, ServerCallContext context)
    {
        Caller caller = Internal(context);
        Courier sent = request.Courier ?? new Courier();
        CourierId courier = Permitted(sent.Name, "courier.name", caller).OrThrow();
        FieldChecks checks = new();
        string? requestId = checks.RequestId(request.RequestId);
        ImmutableArray<string> paths =
            FieldMasks.Paths(request.UpdateMask, sent, CourierMessages.Settable, checks);
        CourierProfile profile = CourierMessages.Read(sent, courier, paths, checks, seal, ids);
        Passed(checks);
        UpdateCourier command = new(requestId, profile, paths, sent.Etag.Length == 0 ? null : sent.Etag);
        return (await Registry(courier).Update(command)).OrThrow().ToProto();
    }

    public override Task<Courier> DisableCourier(DisableCourierRequest request, ServerCallContext context) =>
        Enable(request.Name, request.RequestId, request.Etag, isEnabled: false, context);

    public override Task<Courier> EnableCourier(EnableCourierRequest request, ServerCallContext context) =>
        Enable(request.Name, request.RequestId, request.Etag, isEnabled: true, context);

    public override Task<Proto.CourierKey> CreateCourierKey(CreateCourierKeyRequest request, ServerCallContext context)
    {
        CourierId courier = Permitted(request.Parent, "parent", Internal(context)).OrThrow();
        FieldChecks checks = new();
        string? requestId = checks.RequestId(request.RequestId);
        DateTimeOffset? expiresAt = CourierMessages.ReadExpiry(request.ExpireTime, KeyClock, checks);
        Passed(checks);
        return Issue(courier, requestId, expiresAt, replaces: null, TimeSpan.Zero);
    }

    public override Task<Proto.CourierKey> RotateCourierKey(RotateCourierKeyRequest request, ServerCallContext context)
    {
        (CourierId courier, string key) = Key(request.Name, context);
        FieldChecks checks = new();
        string? requestId = checks.RequestId(request.RequestId);
        DateTimeOffset? expiresAt = CourierMessages.ReadExpiry(request.ExpireTime, KeyClock, checks);
        TimeSpan overlap = CourierMessages.ReadOverlap(request.Overlap, checks);
        Passed(checks);
        return Issue(courier, requestId, expiresAt, key, overlap);
    }

    public override async Task<Proto.CourierKey> RevokeCourierKey(
        RevokeCourierKeyRequest request, ServerCallContext context)
    {
        (CourierId courier, string key) = Key(request.Name, context);
        FieldChecks checks = new();
        string? requestId = checks.RequestId(request.RequestId);
        Passed(checks);
        RevokeCourierKey command = new(requestId, key);
        return (await Registry(courier).RevokeKey(command)).OrThrow().ToProto(courier);
    }

    public override async Task<Courier> LiftQuarantine(LiftQuarantineRequest request, ServerCallContext context)
    {
        CourierId courier = Permitted(request.Name, "name", Internal(context)).OrThrow();
        FieldChecks checks = new();
        string? requestId = checks.RequestId(request.RequestId);
        checks.That(
            DeliveryNames.IsId(request.ProducerId),
            "producer_id", "ID_INVALID", "must be 1 to 63 lower-case letters, digits and hyphens");
        Passed(checks);
        LiftQuarantine command = new(requestId, request.ProducerId);
        return (await Registry(courier).LiftQuarantine(command)).OrThrow().ToProto();
    }

    // Keys live by the machine's clock, as tokens do, never by the product's.
    private static DateTimeOffset KeyClock => TimeProvider.System.GetUtcNow();

    private async Task<Courier> Enable(
        string name, string sentRequestId, string etag, bool isEnabled, ServerCallContext context)
    {
        CourierId courier = Permitted(name, "name", Internal(context)).OrThrow();
        FieldChecks checks = new();
        string? requestId = checks.RequestId(sentRequestId);
        Passed(checks);
        EnableCourier command = new(requestId, isEnabled, etag.Length == 0 ? null : etag);
        return (await Registry(courier).Enable(command)).OrThrow().ToProto();
    }

    private async Task<Proto.CourierKey> Issue(
        CourierId courier, string? requestId, DateTimeOffset? expiresAt, string? replaces, TimeSpan overlap)
    {
        string keyId = ids.Next();
        (string token, string hash) = CourierKeys.Make(courier, keyId, ids);
        IssueCourierKey command = new(requestId, keyId, hash, expiresAt, replaces, overlap);
        IssuedKey issued = (await Registry(courier).IssueKey(command)).OrThrow();
        return issued.Key.ToProto(courier, issued.IsNew ? token : "");
    }

    private static (CourierId Courier, string Key) Key(string name, ServerCallContext context)
    {
        Internal(context);
        return name.Split('/') is ["couriers", string courier, "keys", string key]
            && DeliveryNames.CourierOf($"couriers/{courier}") is { } id && DeliveryNames.IsId(key)
                ? (id, key)
                : throw DeliveryNames.Malformed("name", "couriers/{courier}/keys/{key}").ToException();
    }

    private static Caller Internal(ServerCallContext context)
    {
        Caller caller = Caller.Of(context);
        return caller.IsInternal ? caller : throw Fault.Denied("only the shop may do this").ToException();
    }

    private static void Passed(FieldChecks checks)
    {
        if (checks.Fault is { } fault)
        {
            throw fault.ToException();
        }
    }

    private ICourierGrain Registry(CourierId courier) => grains.GetGrain<ICourierGrain>(courier.Value);
}
