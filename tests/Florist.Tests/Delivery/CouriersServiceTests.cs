using Florist.Delivery;
using Florist.Protos.Delivery.V1;
using Florist.Tests.Delivery.Streaming;
using Florist.Tests.Orders;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Disposition = Florist.Protos.Delivery.V1.UpdateResult.Types.Disposition;
using State = Florist.Protos.Delivery.V1.Delivery.Types.State;

namespace Florist.Tests.Delivery;

public sealed partial class CouriersServiceTests
{
    private static readonly DateTimeOffset Now = OrderSamples.Morning;

    [Fact]
    public async Task A_stream_brings_the_orders_of_a_courier_to_their_doors()
    {
        await using CourierServer server = await CourierServer.Start();
        State[] steps =
            [State.OutForDelivery, State.Arrived, State.AttemptFailed, State.OutForDelivery, State.Delivered];
        string[] orders = [.. Enumerable.Range(1, 12).Select(number => $"o{number}")];
        foreach (string order in orders)
        {
            await server.Order(order, Deliveries.Swift);
        }

        using CourierCall call = await CourierCall.Open(server);
        StreamUpdatesResponse.Types.Welcome? welcome = (await call.Next())?.Welcome;
        long sequence = 0;
        for (int step = 0; step < steps.Length; step++)
        {
            foreach (string order in orders)
            {
                await call.Send(++sequence, CourierCall.Event(
                    $"{order}-{step}", steps[step], Now, order, attempt: step < 3 ? 1 : 2));
            }
        }

        await call.HalfClose();
        List<UpdateResult> results = await call.Committed(sequence);

        Assert.Equal((0L, 256, 15L), (welcome?.CommittedSequence, welcome?.Window, welcome?.HeartbeatInterval.Seconds));
        Assert.Empty(results);
        Assert.Null(await call.Next());
        foreach (string order in orders)
        {
            DeliveryRecord delivery = await server.Delivery(order);
            Assert.Equal((DeliveryState.Delivered, 2), (delivery.State, delivery.Attempt));
            Assert.Equal(DeliveryOutcome.HandedToRecipient, delivery.Outcome);
        }
    }

    [Fact]
    public async Task After_a_crash_before_the_cursor_was_stored_everything_comes_again_and_nothing_happens_twice()
    {
        // No Ack and no cursor before the crash: the orders have decided, the stream has not said so.
        await using CourierServer server = await CourierServer.Start(options =>
        {
            options.AckMsMax = 5000;
            options.AckUpdatesMax = 1024;
        });
        await server.Order("o1", Deliveries.Swift);
        DeliveryEvent[] events =
        [
            CourierCall.Event("e1", State.OutForDelivery, Now),
            CourierCall.Event("e2", State.Arrived, Now),
            CourierCall.Event("e3", State.Delivered, Now),
        ];
        using (CourierCall lost = await CourierCall.Open(server))
        {
            await lost.Next();
            for (int i = 0; i < events.Length; i++)
            {
                await lost.Send(i + 1, events[i]);
            }

            await Until(async () => (await server.Delivery("o1")).State == DeliveryState.Delivered);
        }

        string etag = (await server.Delivery("o1")).Etag;
        await server.Crash();

        using CourierCall resumed = await CourierCall.Open(server, next: 4);
        Assert.Equal((StatusCode.FailedPrecondition, "SEQUENCE_GAP"), await resumed.Refusal());
        using CourierCall again = await CourierCall.Open(server, next: 1);
        Assert.Equal(0, (await again.Next())?.Welcome.CommittedSequence);
        for (int i = 0; i < events.Length; i++)
        {
            await again.Send(i + 1, events[i]);
        }

        await again.HalfClose();
        List<UpdateResult> results = await again.Committed(3);

        Assert.Equal(["e1", "e2", "e3"], results.Select(result => result.EventId));
        Assert.All(results, result => Assert.Equal(
            (Disposition.Duplicate, Disposition.Applied), (result.Disposition, result.FirstDisposition)));
        Assert.Equal(etag, (await server.Delivery("o1")).Etag);
    }

    [Fact]
    public async Task A_stream_goes_on_where_the_last_one_was_acknowledged_also_after_a_crash()
    {
        await using CourierServer server = await CourierServer.Start();
        await server.Order("o1", Deliveries.Swift);
        using (CourierCall first = await CourierCall.Open(server))
        {
            await first.Send(1, CourierCall.Event("e1", State.OutForDelivery, Now));
            await first.Committed(1);
        }

        await server.Crash();
        using CourierCall second = await CourierCall.Open(server, next: 2);
        Assert.Equal(1, (await second.Next())?.Welcome.CommittedSequence);
        await second.Send(2, CourierCall.Event("e2", State.Delivered, Now));
        await second.Send(1, CourierCall.Event("e1", State.OutForDelivery, Now));

        UpdateResult repeat = Assert.Single(await second.Committed(2), result => result.Sequence == 1);
        Assert.Equal(Disposition.Duplicate, repeat.Disposition);
        Assert.Equal(DeliveryState.Delivered, (await server.Delivery("o1")).State);
    }

    [Fact]
    public async Task A_gap_in_the_numbers_ends_the_stream()
    {
        await using CourierServer server = await CourierServer.Start();
        using CourierCall call = await CourierCall.Open(server);
        await call.Send(2, CourierCall.Event("e2", State.Arrived, Now));

        Assert.Equal((StatusCode.FailedPrecondition, "SEQUENCE_GAP"), await call.Refusal());
    }

    [Fact]
    public async Task Bad_updates_are_refused_one_by_one_and_can_be_looked_up()
    {
        await using CourierServer server = await CourierServer.Start();
        await server.Order("o1", Deliveries.Swift);
        await server.Order("o2", Deliveries.Other);
        using CourierCall call = await CourierCall.Open(server);
        await call.Send(1, CourierCall.Event("nowhere", State.Arrived, Now, order: "o99"));
        await call.Send(2, CourierCall.Event("foreign", State.Arrived, Now, order: "o2"));
        await call.Send(3, CourierCall.Event("early", State.Arrived, Now, leg: 2));
        await call.Send(4, new DeliveryEvent { EventId = "odd", Delivery = "delivery 7" });
        await call.Send(5, CourierCall.Event("good", State.OutForDelivery, Now));
        List<UpdateResult> results = await call.Committed(5);

        Assert.Equal(
            ["UNKNOWN_DELIVERY", "PERMISSION_DENIED", "LEG_UNKNOWN", "NAME_INVALID"],
            results.Select(result => result.Reason));
        Assert.All(results, result => Assert.Equal(Disposition.Rejected, result.Disposition));
        Assert.Equal(DeliveryState.OutForDelivery, (await server.Delivery("o1")).State);
        Assert.Equal(DeliveryState.Assigned, (await server.Delivery("o2")).State);

        ListRejectedUpdatesRequest list = new() { Parent = "couriers/swift", PageSize = 2 };
        ListRejectedUpdatesResponse page = await server.Couriers().ListRejectedUpdatesAsync(list);
        list.PageToken = page.NextPageToken;
        ListRejectedUpdatesResponse rest = await server.Couriers().ListRejectedUpdatesAsync(list);
        RejectedUpdate[] letters = [.. page.RejectedUpdates, .. rest.RejectedUpdates];
        Assert.Equal(["early", "nowhere", "odd"], letters.Select(letter => letter.Event.EventId).Order());
        Assert.All(letters, letter => Assert.Equal("depot", letter.ProducerId));
        Assert.Empty(rest.NextPageToken);
    }

    [Fact]
    public async Task A_report_on_a_leg_that_is_just_being_assigned_waits_for_it()
    {
        await using CourierServer server = await CourierServer.Start(options => options.LegWaitMsMax = 10_000);
        await server.Order("o1");
        using CourierCall call = await CourierCall.Open(server);
        await call.Send(1, CourierCall.Event("e1", State.OutForDelivery, Now));
        await server.Dispatch().AssignDeliveryAsync(
            new AssignDeliveryRequest { Name = "orders/o1/deliveries/d1", Courier = "couriers/swift" });

        Assert.Empty(await call.Committed(1));
        Assert.Equal(DeliveryState.OutForDelivery, (await server.Delivery("o1")).State);
    }

    [Fact]
    public async Task A_new_stream_of_a_producer_ends_the_one_before()
    {
        await using CourierServer server = await CourierServer.Start();
        using CourierCall first = await CourierCall.Open(server);
        await first.Next();
        using CourierCall second = await CourierCall.Open(server);

        Assert.Equal((StatusCode.Aborted, "SESSION_FENCED"), await first.Refusal());
        Assert.NotNull((await second.Next())?.Welcome);
    }

    [Fact]
    public async Task A_courier_holds_four_streams_and_no_more()
    {
        await using CourierServer server = await CourierServer.Start();
        List<CourierCall> calls = [];
        for (int i = 0; i < 4; i++)
        {
            calls.Add(await CourierCall.Open(server, producer: $"depot-{i}"));
            Assert.NotNull((await calls[i].Next())?.Welcome);
        }

        using CourierCall fifth = await CourierCall.Open(server, producer: "depot-4");
        Assert.Equal((StatusCode.ResourceExhausted, "STREAMS_LIMIT"), await fifth.Refusal());
        calls.ForEach(call => call.Dispose());
    }

    [Fact]
    public async Task A_stream_begins_with_hello()
    {
        await using CourierServer server = await CourierServer.Start(options => options.HelloSecondsMax = 1);
        using CourierCall silent = new(server.Couriers().StreamUpdates());
        using CourierCall hasty = new(server.Couriers().StreamUpdates());
        await hasty.Send(1, CourierCall.Event("e1", State.Arrived, Now));

        Assert.Equal((StatusCode.InvalidArgument, "HELLO_EXPECTED"), await hasty.Refusal());
        Assert.Equal((StatusCode.InvalidArgument, "HELLO_EXPECTED"), await silent.Refusal());
    }

    [Theory]
    [InlineData("couriers/other", "depot", 1, StatusCode.PermissionDenied, "PERMISSION_DENIED")]
    [InlineData("couriers/other", "", 0, StatusCode.PermissionDenied, "PERMISSION_DENIED")]
    [InlineData("swift", "depot", 1, StatusCode.InvalidArgument, "NAME_INVALID")]
    [InlineData("couriers/swift", "", 1, StatusCode.InvalidArgument, "ID_INVALID")]
    [InlineData("couriers/swift", "_unary", 1, StatusCode.InvalidArgument, "ID_INVALID")]
    [InlineData("couriers/swift", "depot", 0, StatusCode.InvalidArgument, "OUT_OF_RANGE")]
    public async Task Hello_is_checked(string courier, string producer, long next, StatusCode code, string reason)
    {
        await using CourierServer server = await CourierServer.Start();
        using CourierCall call = new(server.Couriers().StreamUpdates());
        await call.Send(new StreamUpdatesRequest
        {
            Hello = new() { Courier = courier, ProducerId = producer, NextSequence = next },
        });

        Assert.Equal((code, reason), await call.Refusal());
    }

    [Fact]
    public async Task A_stopping_server_asks_its_streams_to_reconnect()
    {
        await using CourierServer server = await CourierServer.Start();
        using CourierCall call = await CourierCall.Open(server);
        await call.Next();
        server.Shop.Get<IHostApplicationLifetime>().StopApplication();

        Assert.Equal("SERVER_STOPPING", (await call.Next())?.Drain.Reason);
        await call.HalfClose();
        Assert.Null(await call.Next());
    }

    [Fact]
    public async Task A_batch_is_answered_in_order_and_its_repeat_alike()
    {
        await using CourierServer server = await CourierServer.Start();
        await server.Order("o1", Deliveries.Swift);
        await server.Order("o2", Deliveries.Swift);
        ReportUpdatesRequest batch = new()
        {
            Courier = "couriers/swift",
            RequestId = "8b0f1f8e-8f4e-4b57-9f0e-2f1f6a1b2c3d",
            Events =
            {
                CourierCall.Event("e1", State.OutForDelivery, Now),
                CourierCall.Event("e2", State.OutForDelivery, Now, order: "o2"),
                CourierCall.Event("e3", State.Delivered, Now),
                CourierCall.Event("e4", State.Delivered, Now, order: "o9"),
            },
        };

        ReportUpdatesResponse first = await server.Couriers().ReportUpdatesAsync(batch);
        await server.Crash();
        ReportUpdatesResponse again = await server.Couriers().ReportUpdatesAsync(batch);

        Assert.Equal(
            [Disposition.Applied, Disposition.Applied, Disposition.Applied, Disposition.Rejected],
            first.Results.Select(result => result.Disposition));
        Assert.Equal(["e1", "e2", "e3", "e4"], first.Results.Select(result => result.EventId));
        Assert.Equal(first, again);
        Assert.Equal(DeliveryState.Delivered, (await server.Delivery("o1")).State);
        RejectedUpdate letter = Assert.Single((await server.Couriers().ListRejectedUpdatesAsync(
            new ListRejectedUpdatesRequest { Parent = "couriers/swift" })).RejectedUpdates);
        Assert.Equal(("e4", ""), (letter.Event.EventId, letter.ProducerId));

        batch.Events.RemoveAt(3);
        RpcException reused = await Assert.ThrowsAsync<RpcException>(
            async () => await server.Couriers().ReportUpdatesAsync(batch));
        Assert.Equal((StatusCode.InvalidArgument, "REQUEST_ID_REUSED"), CourierCall.Reason(reused));
    }

    [Fact]
    public async Task The_same_event_by_stream_and_by_batch_is_one_event()
    {
        await using CourierServer server = await CourierServer.Start();
        await server.Order("o1", Deliveries.Swift);
        DeliveryEvent sent = CourierCall.Event("e1", State.OutForDelivery, Now);
        await server.Couriers("Service:webhooks").ReportUpdatesAsync(
            new ReportUpdatesRequest { Courier = "couriers/swift", Events = { sent } });

        using CourierCall call = await CourierCall.Open(server);
        await call.Send(1, sent);

        UpdateResult result = Assert.Single(await call.Committed(1));
        Assert.Equal((Disposition.Duplicate, Disposition.Applied), (result.Disposition, result.FirstDisposition));
    }

    [Theory]
    [InlineData("Courier:other")]
    [InlineData("Customer:swift")]
    [InlineData("Anonymous:")]
    public async Task Nobody_else_speaks_for_a_courier_or_reads_its_letters(string caller)
    {
        await using CourierServer server = await CourierServer.Start();
        CourierService.CourierServiceClient couriers = server.Couriers(caller);

        RpcException report = await Assert.ThrowsAsync<RpcException>(async () => await couriers.ReportUpdatesAsync(
            new ReportUpdatesRequest { Courier = "couriers/swift" }));
        RpcException list = await Assert.ThrowsAsync<RpcException>(async () => await couriers.ListRejectedUpdatesAsync(
            new ListRejectedUpdatesRequest { Parent = "couriers/swift" }));

        Assert.Equal(StatusCode.PermissionDenied, report.StatusCode);
        Assert.Equal(StatusCode.PermissionDenied, list.StatusCode);
    }

    private static async Task Until(Func<Task<bool>> holds)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
        while (!await holds())
        {
            await Task.Delay(5, patience.Token);
        }
    }
}
