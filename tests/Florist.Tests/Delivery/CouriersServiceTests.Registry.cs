using Florist.Delivery;
using Florist.Kernel;
using Florist.Protos.Delivery.V1;
using Florist.Tests.Delivery.Streaming;
using Grpc.Core;

namespace Florist.Tests.Delivery;

/// <summary>Couriers as resources.</summary>
public sealed partial class CouriersServiceTests
{
    private const string RequestId = "0b8c3f0a-5d0f-4f43-9d3c-6f1f5f3b7a10";

    [Fact]
    public async Task A_courier_is_created_changed_listed_disabled_and_enabled()
    {
        await using CourierServer server = await CourierServer.Start();
        CourierService.CourierServiceClient staff = server.Couriers("Staff:anna");
        CreateCourierRequest create = new()
        {
            CourierId = "swift",
            RequestId = RequestId,
            Courier = new() { DisplayName = "Swift" },
        };

        Courier created = await staff.CreateCourierAsync(create);
        Courier again = await staff.CreateCourierAsync(create);
        Courier changed = await staff.UpdateCourierAsync(new()
        {
            Courier = new()
            {
                Name = "couriers/swift",
                WebhookVocabulary = Courier.Types.WebhookVocabulary.Uber,
                WebhookSecret = "a-secret-of-uber",
                Etag = created.Etag,
            },
        });
        Courier disabled = await staff.DisableCourierAsync(new() { Name = "couriers/swift" });
        ListCouriersResponse listed = await staff.ListCouriersAsync(new() { Filter = "state = DISABLED" });
        Courier enabled = await staff.EnableCourierAsync(new() { Name = "couriers/swift" });

        Assert.Equal(created, again);
        Assert.Equal(("Swift", true, ""), (changed.DisplayName, changed.WebhookSecretSet, changed.WebhookSecret));
        Assert.Equal(disabled, Assert.Single(listed.Couriers));
        Assert.Equal(Courier.Types.State.Active, enabled.State);
        Assert.Empty((await staff.ListCouriersAsync(new() { Filter = "state = DISABLED" })).Couriers);
        Assert.Equal(enabled, await server.Couriers().GetCourierAsync(new() { Name = "couriers/swift" }));
        RpcException stale = await Assert.ThrowsAsync<RpcException>(async () => await staff.UpdateCourierAsync(
            new() { Courier = new() { Name = "couriers/swift", DisplayName = "Slow", Etag = created.Etag } }));
        Assert.Equal(StatusCode.Aborted, stale.StatusCode);
    }

    [Fact]
    public async Task A_key_is_shown_once_works_as_a_bearer_token_and_is_refused_once_it_is_revoked()
    {
        await using CourierServer server = await CourierServer.Start();
        CourierService.CourierServiceClient staff = server.Couriers("Staff:anna");
        await staff.CreateCourierAsync(new() { CourierId = "swift", Courier = new() { DisplayName = "Swift" } });
        CreateCourierKeyRequest issue = new() { Parent = "couriers/swift", RequestId = RequestId };
        CourierKeys keys = new(server.Shop.Get<Orleans.IGrainFactory>());

        Protos.Delivery.V1.CourierKey key = await staff.CreateCourierKeyAsync(issue);
        Protos.Delivery.V1.CourierKey again = await staff.CreateCourierKeyAsync(issue);
        Protos.Delivery.V1.CourierKey rotated = await staff.RotateCourierKeyAsync(new() { Name = key.Name });
        Caller? caller = await keys.Read(key.Secret);
        await staff.RevokeCourierKeyAsync(new() { Name = key.Name });

        Assert.Equal((key.Name, ""), (again.Name, again.Secret));
        Assert.True(CourierKeys.Looks(key.Secret));
        Assert.Equal((CallerKind.Courier, "swift"), (caller?.Kind, caller?.Id));
        Assert.NotNull(caller?.ExpiresAt);
        Assert.Null(await keys.Read(key.Secret));
        Assert.Equal("swift", (await keys.Read(rotated.Secret))?.Id);
        Assert.Null(await keys.Read(rotated.Secret + "x"));
        Assert.Null(await keys.Read("fck.swift.k1.guess"));
        Assert.Equal("KEY_REVOKED", (await keys.Refusal(caller!))?.Reason);
        Courier courier = await staff.GetCourierAsync(new() { Name = "couriers/swift" });
        Assert.Equal([true, false], courier.Keys.Select(one => one.RevokeTime is not null));
        Assert.DoesNotContain(courier.Keys, one => one.Secret.Length > 0);
    }

    [Fact]
    public async Task A_producer_that_is_shut_out_stays_so_after_a_crash_until_staff_lets_it_in()
    {
        await using CourierServer server =
            await CourierServer.Start(options => options.QuarantineUpdatesMin = 10);
        using (CourierCall poison = await CourierCall.Open(server))
        {
            for (int sequence = 1; sequence <= 10; sequence++)
            {
                await poison.Send(sequence, new DeliveryEvent { EventId = $"bad{sequence}" });
            }

            Assert.Equal((StatusCode.FailedPrecondition, "COURIER_QUARANTINED"), await poison.Refusal());
        }

        await server.Crash();
        using (CourierCall shut = await CourierCall.Open(server, next: 11))
        {
            Assert.Equal((StatusCode.FailedPrecondition, "COURIER_QUARANTINED"), await shut.Refusal());
        }

        using (CourierCall other = await CourierCall.Open(server, producer: "van"))
        {
            Assert.NotNull((await other.Next())?.Welcome);
        }

        await server.Couriers("Staff:anna").LiftQuarantineAsync(
            new() { Name = "couriers/swift", ProducerId = "depot" });
        using CourierCall again = await CourierCall.Open(server, next: 11);
        Assert.Equal(10, (await again.Next())?.Welcome.CommittedSequence);
        Assert.True(await server.Shop.RunDue() > 0);
    }

    [Fact]
    public async Task Nothing_is_assigned_to_a_disabled_courier_and_with_the_setting_nothing_to_an_unknown_one()
    {
        await using CourierServer server = await CourierServer.Start(options => options.RegisteredCouriersOnly = true);
        await server.Couriers("Staff:anna").CreateCourierAsync(
            new() { CourierId = "swift", Courier = new() { DisplayName = "Swift" } });
        await server.Couriers("Staff:anna").DisableCourierAsync(new() { Name = "couriers/swift" });
        await server.Order("o1");

        RpcException disabled = await Refused(server, "couriers/swift");
        RpcException unknown = await Refused(server, "couriers/swfit");

        Assert.Equal((StatusCode.FailedPrecondition, "COURIER_DISABLED"), CourierCall.Reason(disabled));
        Assert.Equal(StatusCode.NotFound, unknown.StatusCode);
        await server.Couriers("Staff:anna").EnableCourierAsync(new() { Name = "couriers/swift" });
        await server.Dispatch().AssignDeliveryAsync(
            new() { Name = "orders/o1/deliveries/d1", Courier = "couriers/swift" });
    }

    private static Task<RpcException> Refused(CourierServer server, string courier) =>
        Assert.ThrowsAsync<RpcException>(async () => await server.Dispatch().AssignDeliveryAsync(
            new() { Name = "orders/o1/deliveries/d1", Courier = courier }));
}
