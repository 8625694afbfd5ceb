using Florist.Delivery;
using Florist.Kernel;
using Florist.Protos.Delivery.V1;
using Florist.Tests.Delivery.Streaming;
using Florist.Tests.Orders.Track;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Change = Florist.Protos.Delivery.V1.WatchAssignmentsResponse.Types.Change;
using Kind = Florist.Protos.Delivery.V1.Assignment.Types.Kind;
using State = Florist.Protos.Delivery.V1.Delivery.Types.State;

namespace Florist.Tests.Delivery;

/// <summary>What couriers have to do, offered and taken on.</summary>
public sealed partial class CouriersServiceTests
{
    private const string D1 = "orders/o1/deliveries/d1";

    [Fact]
    public async Task A_courier_watches_an_offer_become_its_own_change_and_end()
    {
        await using CourierServer server = await CourierServer.Start();
        await server.Order("o1");
        using AsyncServerStreamingCall<WatchAssignmentsResponse> watch = WatchAssignments(server);
        WatchAssignmentsResponse empty = await OrderServer.Next(watch);

        await server.Dispatch().OfferDeliveryAsync(new() { Name = D1, Courier = "couriers/swift" });
        await server.Shop.RunDue();
        Assignment offer = Assert.Single((await OrderServer.Next(watch)).Assignments);
        await server.Couriers().AcceptOfferAsync(new() { Name = D1, Courier = "couriers/swift" });
        await server.Shop.RunDue();
        Assignment leg = Assert.Single((await OrderServer.Next(watch)).Assignments);
        await server.Couriers().ReportUpdatesAsync(new()
        {
            Courier = "couriers/swift",
            Events = { CourierCall.Event("e1", State.OutForDelivery, Now) },
        });
        await server.Dispatch().RecallDeliveryAsync(
            new() { Name = D1, FailureReason = Protos.Delivery.V1.Delivery.Types.FailureReason.Weather });
        await server.Shop.RunDue();
        WatchAssignmentsResponse recalled = await OrderServer.Next(watch);
        await server.Couriers().ReportUpdatesAsync(new()
        {
            Courier = "couriers/swift",
            Events = { CourierCall.Event("e2", State.Returned, Now) },
        });
        await server.Shop.RunDue();
        WatchAssignmentsResponse ended = await OrderServer.Next(watch);

        Assert.Equal((Change.Snapshot, 0), (empty.Change, empty.Assignments.Count));
        Assert.Equal((Kind.Offer, 0, ""), (offer.Kind, offer.Leg, offer.LegReference));
        Assert.Equal(("", "", "Bristol"), (offer.Dropoff.GivenName, offer.Dropoff.Phone, offer.Dropoff.Address.Locality));
        Assert.Empty(offer.Dropoff.Address.AddressLines);
        Assert.Equal((Kind.Leg, 1, D1 + "/legs/1"), (leg.Kind, leg.Leg, leg.LegReference));
        Assert.Equal("Mary", leg.Dropoff.GivenName);
        Assert.Equal("1 Quay Street", Assert.Single(leg.Dropoff.Address.AddressLines));
        Assert.Equal(
            (Change.Update, State.Returning), (recalled.Change, Assert.Single(recalled.Assignments).State));
        Assert.Equal((Change.Update, D1), (ended.Change, Assert.Single(ended.Ended)));
        Assert.Empty(
            (await server.Couriers().ListAssignmentsAsync(new() { Parent = "couriers/swift" })).Assignments);
    }

    [Fact]
    public async Task Who_resumes_gets_what_changed_and_after_a_restart_everything()
    {
        await using CourierServer server = await CourierServer.Start();
        await server.Order("o1", Deliveries.Swift);
        await server.Order("o2", Deliveries.Swift);
        await server.Shop.RunDue();
        string token = await ResumeToken(server);
        await server.Dispatch().UnassignDeliveryAsync(new() { Name = D1 });
        await server.Order("o3", Deliveries.Swift);
        await server.Shop.RunDue();

        using AsyncServerStreamingCall<WatchAssignmentsResponse> resumed = WatchAssignments(server, token);
        WatchAssignmentsResponse missed = await OrderServer.Next(resumed);
        using AsyncServerStreamingCall<WatchAssignmentsResponse> idle = WatchAssignments(server, missed.ResumeToken);
        WatchAssignmentsResponse nothing = await OrderServer.Next(idle);
        using AsyncServerStreamingCall<WatchAssignmentsResponse> other =
            WatchAssignments(server, token, "Courier:other", "couriers/other");
        (StatusCode, string) refusal = await OrderServer.Refusal(other);
        await server.Crash();
        using AsyncServerStreamingCall<WatchAssignmentsResponse> after = WatchAssignments(server, missed.ResumeToken);
        WatchAssignmentsResponse reset = await OrderServer.Next(after);

        Assert.Equal((Change.Update, D1), (missed.Change, Assert.Single(missed.Ended)));
        Assert.Equal("orders/o3/deliveries/d1", Assert.Single(missed.Assignments).Delivery);
        Assert.Equal((Change.Bookmark, 0), (nothing.Change, nothing.Assignments.Count));
        Assert.Equal((StatusCode.InvalidArgument, "TOKEN_OF_ANOTHER_COURIER"), refusal);
        Assert.Equal(Change.Reset, reset.Change);
        Assert.Equal(
            ["orders/o2/deliveries/d1", "orders/o3/deliveries/d1"], reset.Assignments.Select(one => one.Delivery));
    }

    [Fact]
    public async Task An_offer_is_for_one_courier_until_it_lapses_is_declined_or_taken_back()
    {
        await using CourierServer server = await CourierServer.Start();
        await server.Order("o1");
        OfferDeliveryRequest offer = new() { Name = D1, Courier = "couriers/swift", Ttl = Duration.FromTimeSpan(TimeSpan.FromMinutes(1)) };
        await server.Dispatch().OfferDeliveryAsync(offer);
        RpcException notOffered = await Assert.ThrowsAsync<RpcException>(async () =>
            await server.Couriers("Courier:other").AcceptOfferAsync(new() { Name = D1, Courier = "couriers/other" }));
        RpcException nowhere = await Assert.ThrowsAsync<RpcException>(async () =>
            await server.Couriers().AcceptOfferAsync(
                new() { Name = "orders/o9/deliveries/d1", Courier = "couriers/swift" }));
        await server.Shop.RunUntil(server.Shop.Time.GetUtcNow() + TimeSpan.FromMinutes(1));
        DeliveryRecord lapsed = await server.Delivery("o1");
        await server.Dispatch().OfferDeliveryAsync(offer);
        await server.Couriers().DeclineOfferAsync(new() { Name = D1, Courier = "couriers/swift", Reason = "full" });
        DeliveryRecord declined = await server.Delivery("o1");
        RpcException tooLate = await Assert.ThrowsAsync<RpcException>(async () =>
            await server.Couriers().AcceptOfferAsync(new() { Name = D1, Courier = "couriers/swift" }));

        Assert.Equal(StatusCode.PermissionDenied, notOffered.StatusCode);
        Assert.Equal(notOffered.Status, nowhere.Status);
        Assert.Equal((DeliveryState.Pending, null), (lapsed.State, lapsed.Offer));
        Assert.Equal((DeliveryState.Pending, null), (declined.State, declined.Offer));
        Assert.Equal(StatusCode.PermissionDenied, tooLate.StatusCode);
    }

    private static AsyncServerStreamingCall<WatchAssignmentsResponse> WatchAssignments(
        CourierServer server, string token = "", string caller = "Courier:swift", string courier = "couriers/swift") =>
        server.Couriers(caller).WatchAssignments(new() { Courier = courier, ResumeToken = token });

    private static async Task<string> ResumeToken(CourierServer server)
    {
        using AsyncServerStreamingCall<WatchAssignmentsResponse> watch = WatchAssignments(server);
        return (await OrderServer.Next(watch)).ResumeToken;
    }
}
