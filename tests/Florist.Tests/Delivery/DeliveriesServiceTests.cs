using Florist.Delivery;
using Florist.Protos.Delivery.V1;
using Florist.Tests.Delivery.Streaming;
using Florist.Tests.Orders;
using Grpc.Core;
using Proto = Florist.Protos.Delivery.V1.Delivery;
using State = Florist.Protos.Delivery.V1.Delivery.Types.State;

namespace Florist.Tests.Delivery;

public sealed class DeliveriesServiceTests
{
    private const string Name = "orders/o1/deliveries/d1";

    [Fact]
    public async Task A_delivery_is_assigned_taken_back_and_assigned_again()
    {
        await using CourierServer server = await CourierServer.Start();
        await server.Order("o1");
        DeliveryService.DeliveryServiceClient staff = server.Dispatch();

        Proto first = await staff.AssignDeliveryAsync(new() { Name = Name, Courier = "couriers/swift" });
        Proto back = await staff.UnassignDeliveryAsync(new() { Name = Name, Reason = "flat tyre", Etag = first.Etag });
        Proto second = await staff.AssignDeliveryAsync(new() { Name = Name, Courier = "couriers/other" });

        Assert.Equal(
            (State.Assigned, "couriers/swift", 1, true), (first.State, first.Courier, first.Leg, first.LegOpen));
        Assert.Equal((State.Pending, 1, false), (back.State, back.Leg, back.LegOpen));
        Assert.Equal((State.Assigned, "couriers/other", 2), (second.State, second.Courier, second.Leg));
        Assert.Equal(second, await staff.GetDeliveryAsync(new() { Name = Name }));
        Assert.Equal([second], (await staff.ListDeliveriesAsync(new() { Parent = "orders/o1" })).Deliveries);
    }

    [Fact]
    public async Task A_repeat_with_the_same_request_id_gets_the_same_answer()
    {
        await using CourierServer server = await CourierServer.Start();
        await server.Order("o1");
        AssignDeliveryRequest request = new()
        {
            Name = Name,
            Courier = "couriers/swift",
            RequestId = "8b0f1f8e-8f4e-4b57-9f0e-2f1f6a1b2c3d",
        };

        Proto first = await server.Dispatch().AssignDeliveryAsync(request);

        Assert.Equal(first, await server.Dispatch().AssignDeliveryAsync(request));
    }

    [Fact]
    public async Task Another_attempt_a_recall_and_a_correction_are_the_dispatchers()
    {
        await using CourierServer server = await CourierServer.Start();
        await server.Order("o1", Deliveries.Swift);
        DeliveryService.DeliveryServiceClient staff = server.Dispatch();
        await Report(server, "e1", State.AttemptFailed, 1);

        Proto again = await staff.ReattemptDeliveryAsync(new() { Name = Name });
        await Report(server, "e2", State.Arrived, 2);
        Proto recalled = await staff.RecallDeliveryAsync(
            new() { Name = Name, FailureReason = Proto.Types.FailureReason.Weather });
        UpdateResult contradicted = await Report(server, "e3", State.Delivered, 2);
        Proto doubtful = await staff.GetDeliveryAsync(new() { Name = Name });
        Proto settled = await staff.ReconcileDeliveryAsync(new()
        {
            Name = Name,
            State = State.Delivered,
            Outcome = Proto.Types.Outcome.LeftWithNeighbor,
            Reason = "rang the neighbour",
        });

        Assert.Equal((State.OutForDelivery, 2), (again.State, again.Attempt));
        Assert.Equal(State.Returning, recalled.State);
        Assert.Equal(UpdateResult.Types.Disposition.Conflict, contradicted.Disposition);
        Assert.Equal("ILLEGAL_TRANSITION", doubtful.ReviewReason);
        Assert.Equal((State.Delivered, ""), (settled.State, settled.ReviewReason));
        Assert.Equal(Proto.Types.Outcome.LeftWithNeighbor, settled.Outcome);
    }

    [Fact]
    public async Task A_courier_sees_and_gives_back_its_own_delivery_and_no_other()
    {
        await using CourierServer server = await CourierServer.Start();
        await server.Order("o1", Deliveries.Swift);
        DeliveryService.DeliveryServiceClient own = server.Dispatch("Courier:swift");
        DeliveryService.DeliveryServiceClient other = server.Dispatch("Courier:other");

        foreach (string name in new[] { Name, "orders/o1/deliveries/d9", "orders/o9/deliveries/d1" })
        {
            Assert.Equal(
                StatusCode.PermissionDenied,
                await Code(async () => await other.GetDeliveryAsync(new() { Name = name })));
            Assert.Equal(
                StatusCode.PermissionDenied,
                await Code(async () => await other.UnassignDeliveryAsync(new() { Name = name })));
        }

        Assert.Equal("couriers/swift", (await own.GetDeliveryAsync(new() { Name = Name })).Courier);
        Assert.Equal(State.Pending, (await own.UnassignDeliveryAsync(new() { Name = Name })).State);
        Assert.Equal(
            StatusCode.PermissionDenied,
            await Code(async () => await own.UnassignDeliveryAsync(new() { Name = Name })));
    }

    [Theory]
    [InlineData("Courier:swift")]
    [InlineData("Customer:anna")]
    [InlineData("Anonymous:")]
    public async Task Dispatching_is_the_shops(string caller)
    {
        await using CourierServer server = await CourierServer.Start();
        DeliveryService.DeliveryServiceClient client = server.Dispatch(caller);
        Func<Task>[] calls =
        [
            async () => await client.ListDeliveriesAsync(new() { Parent = "orders/o9" }),
            async () => await client.AssignDeliveryAsync(new() { Name = "nonsense" }),
            async () => await client.CancelDeliveryAsync(new() { Name = "orders/o9/deliveries/d1" }),
            async () => await client.RecallDeliveryAsync(new() { Name = "orders/o9/deliveries/d1" }),
            async () => await client.ReattemptDeliveryAsync(new() { Name = "orders/o9/deliveries/d1" }),
            async () => await client.ReconcileDeliveryAsync(new() { Name = "orders/o9/deliveries/d1" }),
        ];

        foreach (Func<Task> call in calls)
        {
            Assert.Equal(StatusCode.PermissionDenied, await Code(call));
        }
    }

    [Fact]
    public async Task Refusals_say_what_is_wrong()
    {
        await using CourierServer server = await CourierServer.Start();
        await server.Order("o1", Deliveries.Swift);
        DeliveryService.DeliveryServiceClient staff = server.Dispatch();

        Assert.Equal(
            (StatusCode.FailedPrecondition, "ILLEGAL_TRANSITION"),
            await Reason(async () => await staff.AssignDeliveryAsync(
                new() { Name = Name, Courier = "couriers/other" })));
        Assert.Equal(
            (StatusCode.Aborted, "ETAG_MISMATCH"),
            await Reason(async () => await staff.CancelDeliveryAsync(new() { Name = Name, Etag = "\"99\"" })));
        Assert.Equal(
            (StatusCode.NotFound, "NOT_FOUND"),
            await Reason(async () => await staff.GetDeliveryAsync(new() { Name = "orders/o9/deliveries/d1" })));
        Assert.Equal(
            (StatusCode.InvalidArgument, "NAME_INVALID"),
            await Reason(async () => await staff.AssignDeliveryAsync(new() { Name = Name, Courier = "swift" })));
        Assert.Equal(
            (StatusCode.InvalidArgument, "REQUIRED"),
            await Reason(async () => await staff.ReconcileDeliveryAsync(
                new() { Name = Name, State = State.Delivered })));
        Assert.Equal(
            (StatusCode.PermissionDenied, "PERMISSION_DENIED"),
            await Reason(async () => await server.Dispatch("Service:web").ReconcileDeliveryAsync(
                new() { Name = Name, State = State.Delivered, Reason = "because" })));
    }

    private static async Task<UpdateResult> Report(CourierServer server, string id, State state, int attempt) =>
        (await server.Couriers().ReportUpdatesAsync(new ReportUpdatesRequest
        {
            Courier = "couriers/swift",
            Events = { CourierCall.Event(id, state, OrderSamples.Morning, attempt: attempt) },
        })).Results[0];

    private static async Task<StatusCode> Code(Func<Task> call) =>
        (await Assert.ThrowsAsync<RpcException>(call)).StatusCode;

    private static async Task<(StatusCode Code, string Reason)> Reason(Func<Task> call) =>
        CourierCall.Reason(await Assert.ThrowsAsync<RpcException>(call));
}
