using System.Text;
using Florist.Customers;
using Florist.Delivery;
using Florist.Kernel;
using Florist.Orders;
using Florist.Protos.Orders.V1;
using Florist.Tests.Delivery;
using Florist.Tests.Delivery.Streaming;
using Google.Protobuf;
using Grpc.Core;
using AbsencePolicy = Florist.Orders.AbsencePolicy;
using CardMessage = Florist.Orders.CardMessage;
using Change = Florist.Protos.Orders.V1.WatchOrderResponse.Types.Change;
using DeliveryContact = Florist.Orders.DeliveryContact;
using State = Florist.Protos.Delivery.V1.Delivery.Types.State;
using TrackingLink = Florist.Protos.Orders.V1.TrackingLink;

namespace Florist.Tests.Orders.Track;

/// <summary>Watching and tracking orders over the wire.</summary>
public sealed class OrdersServiceTests
{
    private const string Name = "orders/o1";

    [Fact]
    public async Task A_watcher_gets_a_snapshot_then_every_change_with_its_events_and_the_end()
    {
        await using OrderServer server = await OrderServer.Start();
        await server.Order("o1");
        using AsyncServerStreamingCall<WatchOrderResponse> watch = Watch(server);

        WatchOrderResponse snapshot = await OrderServer.Next(watch);
        await server.Report("o1", Deliveries.Report(DeliveryState.OutForDelivery));
        WatchOrderResponse update = await OrderServer.Next(watch);
        await server.Report("o1", Deliveries.Report(DeliveryState.Delivered));
        WatchOrderResponse final = await OrderServer.Next(watch);

        Assert.Equal((Change.Snapshot, 0), (snapshot.Change, snapshot.NewEvents.Count));
        OrderEvent set = Assert.Single(update.NewEvents);
        Assert.Equal(
            (Change.Update, OrderEvent.Types.Kind.State, State.OutForDelivery), (update.Change, set.Kind, set.State));
        Assert.Equal((Change.Final, Order.Types.State.Completed), (final.Change, final.Order.State));
        Assert.Equal(set.Number + 1, Assert.Single(final.NewEvents).Number);
        Assert.True(snapshot.Revision < update.Revision && update.Revision < final.Revision);
        Assert.True(await OrderServer.HasEnded(watch));
    }

    [Fact]
    public async Task Who_resumes_is_told_exactly_what_was_missed()
    {
        await using OrderServer server = await OrderServer.Start();
        await server.Order("o1");
        string token = await TokenOf(server);
        for (int number = 0; number < 200; number++)
        {
            await server.Report("o1", Note(number));
        }

        using AsyncServerStreamingCall<WatchOrderResponse> resumed = Watch(server, token);
        WatchOrderResponse missed = await OrderServer.Next(resumed);
        using AsyncServerStreamingCall<WatchOrderResponse> idle = Watch(server, missed.ResumeToken);
        WatchOrderResponse nothing = await OrderServer.Next(idle);

        Assert.Equal((Change.Update, 200), (missed.Change, missed.NewEvents.Count));
        Assert.Equal(
            Enumerable.Range((int)missed.NewEvents[0].Number, 200).Select(number => (long)number),
            missed.NewEvents.Select(one => one.Number));
        Assert.All(missed.NewEvents, one => Assert.Equal(OrderEvent.Types.Kind.Note, one.Kind));
        Assert.Equal((Change.Bookmark, 0), (nothing.Change, nothing.NewEvents.Count));
    }

    [Fact]
    public async Task A_token_too_old_for_the_memory_or_not_ours_begins_anew()
    {
        await using OrderServer server = await OrderServer.Start();
        await server.Order("o1");
        string token = await TokenOf(server);
        for (int number = 0; number <= 256; number++)
        {
            await server.Report("o1", Note(number));
        }

        using AsyncServerStreamingCall<WatchOrderResponse> old = Watch(server, token);
        using AsyncServerStreamingCall<WatchOrderResponse> foreign = Watch(server, "AAAA");
        using AsyncServerStreamingCall<WatchOrderResponse> staff = Watch(server, token, "Staff:sam");

        foreach (AsyncServerStreamingCall<WatchOrderResponse> watch in (AsyncServerStreamingCall<WatchOrderResponse>[])
            [old, foreign, staff])
        {
            WatchOrderResponse reset = await OrderServer.Next(watch);
            Assert.Equal((Change.Reset, 0, Name), (reset.Change, reset.NewEvents.Count, reset.Order.Name));
        }
    }

    [Fact]
    public async Task A_token_of_another_order_is_refused_and_gives_no_authority()
    {
        await using OrderServer server = await OrderServer.Start();
        await server.Order("o1");
        await server.Order("o2");
        string token = await TokenOf(server);

        using AsyncServerStreamingCall<WatchOrderResponse> other = server.Orders().WatchOrder(
            new WatchOrderRequest { Name = "orders/o2", ResumeToken = token });
        using AsyncServerStreamingCall<WatchOrderResponse> stranger = Watch(server, token, "Customer:ben");

        Assert.Equal((StatusCode.InvalidArgument, "TOKEN_OF_ANOTHER_ORDER"), await OrderServer.Refusal(other));
        Assert.Equal((StatusCode.PermissionDenied, "PERMISSION_DENIED"), await OrderServer.Refusal(stranger));
    }

    [Fact]
    public async Task A_sixth_watch_of_an_order_is_refused_with_the_quota_until_one_ends()
    {
        await using OrderServer server = await OrderServer.Start();
        await server.Order("o1");
        List<AsyncServerStreamingCall<WatchOrderResponse>> five = [];
        for (int i = 0; i < 5; i++)
        {
            five.Add(Watch(server));
            await OrderServer.Next(five[i]);
        }

        using AsyncServerStreamingCall<WatchOrderResponse> sixth = Watch(server);
        Assert.Equal((StatusCode.ResourceExhausted, "WATCHES_LIMIT"), await OrderServer.Refusal(sixth));

        five[0].Dispose();
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
        while (true)
        {
            using AsyncServerStreamingCall<WatchOrderResponse> next = Watch(server);
            try
            {
                Assert.Equal(Change.Snapshot, (await OrderServer.Next(next)).Change);
                break;
            }
            catch (RpcException full) when (full.StatusCode == StatusCode.ResourceExhausted)
            {
                // The server has not heard yet that one is gone.
                await Task.Delay(10, patience.Token);
            }
        }

        five.ForEach(watch => watch.Dispose());
    }

    [Fact]
    public async Task A_link_holder_tracks_the_delivery_until_the_link_is_revoked()
    {
        await using OrderServer server = await OrderServer.Start();
        await server.Order("o1");
        TrackingLink link = await server.Orders().CreateTrackingLinkAsync(new() { Parent = Name });
        using AsyncServerStreamingCall<TrackOrderResponse> track = Track(server, link.TrackingToken);

        TrackOrderResponse first = await OrderServer.Next(track);
        await server.Report("o1", Deliveries.Report(DeliveryState.OutForDelivery));
        TrackOrderResponse second = await OrderServer.Next(track);
        await server.Orders().RevokeTrackingLinkAsync(new() { Name = link.Name });

        Assert.Equal((Change.Snapshot, State.Assigned), (first.Change, first.TrackedDelivery.State));
        Assert.Equal((Change.Update, State.OutForDelivery), (second.Change, second.TrackedDelivery.State));
        Assert.Equal((StatusCode.PermissionDenied, "TRACKING_LINK_INVALID"), await OrderServer.Refusal(track));
        using AsyncServerStreamingCall<TrackOrderResponse> after = Track(server, link.TrackingToken);
        Assert.Equal((StatusCode.PermissionDenied, "TRACKING_LINK_INVALID"), await OrderServer.Refusal(after));
        ListTrackingLinksResponse links = await server.Orders().ListTrackingLinksAsync(new() { Parent = Name });
        Assert.Equal(
            [(true, ""), (false, "")], links.TrackingLinks.Select(one => (one.RevokeTime is null, one.TrackingToken)));
    }

    [Fact]
    public async Task A_link_works_for_48_hours_after_the_end_and_a_guess_never()
    {
        await using OrderServer server = await OrderServer.Start();
        await server.Order("o1");
        TrackingLink link = await server.Orders().CreateTrackingLinkAsync(new() { Parent = Name });
        await server.Report("o1", Deliveries.Report(DeliveryState.Delivered));
        await server.Shop.RunUntil(server.Shop.Time.GetUtcNow() + TimeSpan.FromHours(47));
        using AsyncServerStreamingCall<TrackOrderResponse> late = Track(server, link.TrackingToken);
        TrackOrderResponse final = await OrderServer.Next(late);
        await server.Shop.RunUntil(server.Shop.Time.GetUtcNow() + TimeSpan.FromHours(1));

        using AsyncServerStreamingCall<TrackOrderResponse> over = Track(server, link.TrackingToken);
        using AsyncServerStreamingCall<TrackOrderResponse> guess = Track(server, "o1.1." + new string('a', 40));
        using AsyncServerStreamingCall<TrackOrderResponse> none = Track(server, "");

        Assert.Equal((Change.Final, State.Delivered), (final.Change, final.TrackedDelivery.State));
        Assert.Equal("TRACKING_LINK_INVALID", (await OrderServer.Refusal(over)).Reason);
        Assert.Equal("TRACKING_LINK_INVALID", (await OrderServer.Refusal(guess)).Reason);
        Assert.Equal("TRACKING_LINK_INVALID", (await OrderServer.Refusal(none)).Reason);
    }

    [Fact]
    public async Task Nothing_private_is_in_what_a_link_holder_gets()
    {
        await using OrderServer server = await OrderServer.Start();
        await server.Order("o1", Stuffed());
        TrackingLink link = await server.Orders().CreateTrackingLinkAsync(new() { Parent = Name });
        using AsyncServerStreamingCall<TrackOrderResponse> track = Track(server, link.TrackingToken);
        List<TrackOrderResponse> seen = [await OrderServer.Next(track)];
        await server.Report("o1", Deliveries.Report(DeliveryState.OutForDelivery));
        seen.Add(await OrderServer.Next(track));
        await server.Report("o1", Deliveries.Report(DeliveryState.Assigned) with
        {
            EventId = "where",
            State = null,
            Location = new LocationReport(51.50123456, -0.12345678),
        });
        seen.Add(await OrderServer.Next(track));
        await server.Report("o1", Deliveries.Report(DeliveryState.Assigned) with
        {
            EventId = "said",
            State = null,
            Note = "CANARY-NOTE",
        });
        seen.Add(await OrderServer.Next(track));
        await server.Report("o1", StuffedProof());
        seen.Add(await OrderServer.Next(track));

        Assert.All(seen, message =>
        {
            string bytes = Encoding.Latin1.GetString(message.ToByteArray());
            string json = JsonFormatter.Default.Format(message);
            foreach (string canary in (string[])["CANARY", "447700900123", "anna", "dozen", "GBP", "BS1"])
            {
                Assert.DoesNotContain(canary, bytes, StringComparison.Ordinal);
                Assert.DoesNotContain(canary, json, StringComparison.Ordinal);
            }
        });
        TrackedDelivery onTheWay = seen[2].TrackedDelivery;
        Assert.Equal((51.501, -0.123), (onTheWay.CourierPosition.Latitude, onTheWay.CourierPosition.Longitude));
        Assert.Equal("Mary", onTheWay.RecipientGivenName);
        Assert.Equal("https://photos.example/1", seen[^1].TrackedDelivery.PhotoUri);
        Assert.Null(seen[^1].TrackedDelivery.CourierPosition);
    }

    [Fact]
    public void What_a_link_holder_gets_has_these_fields_and_no_others() => Assert.Equal(
        [
            "recipient_given_name", "shop_display_name", "delivery_date", "delivery_window", "time_zone", "state",
            "eta_window", "courier_given_name", "courier_position", "photo_uri",
        ],
        TrackedDelivery.Descriptor.Fields.InDeclarationOrder().Select(field => field.Name));

    private static PlaceOrder Stuffed()
    {
        PlaceOrder plain = OrderSamples.Place("o1");
        return plain with
        {
            Draft = plain.Draft with
            {
                Card = new CardMessage("CANARY-CARD", "CANARY-SIGNATURE"),
                Absence = new AbsencePolicy { SafePlaceAllowed = true, SafePlace = "CANARY-SHED" },
            },
            Context = plain.Context with
            {
                CustomerId = new CustomerId("anna"),
                Contact = new DeliveryContact
                {
                    GivenName = "Mary",
                    FamilyName = "CANARY-FAMILY",
                    Phone = "+447700900123",
                    AccessNote = "CANARY-ACCESS",
                    Address = OrderSamples.Home with { Lines = ["CANARY-STREET"], Locality = "CANARY-TOWN" },
                },
            },
        };
    }

    private static CourierReport StuffedProof() => Deliveries.Report(DeliveryState.Delivered) with
    {
        RawStatus = "CANARY-RAW",
        State = new StateReport
        {
            State = DeliveryState.Delivered,
            Outcome = DeliveryOutcome.LeftInSafePlace,
            FailureText = "CANARY-TEXT",
            Proof = new DeliveryProof
            {
                PhotoUri = "https://photos.example/1",
                PhotoSha256 = new string('a', 64),
                SignatureUri = "https://photos.example/CANARY-SIGNED",
                SignedBy = "CANARY-SIGNER",
                SafePlace = "CANARY-PORCH",
            },
        },
    };

    private static CourierReport Note(int number) => Deliveries.Report(DeliveryState.Assigned) with
    {
        EventId = $"n{number}",
        State = null,
        Note = "still here",
    };

    private static AsyncServerStreamingCall<WatchOrderResponse> Watch(
        OrderServer server, string token = "", string caller = "Customer:anna") =>
        server.Orders(caller).WatchOrder(new WatchOrderRequest { Name = Name, ResumeToken = token });

    private static AsyncServerStreamingCall<TrackOrderResponse> Track(OrderServer server, string token) =>
        server.Orders("Anonymous:").TrackOrder(new TrackOrderRequest { TrackingToken = token });

    private static async Task<string> TokenOf(OrderServer server)
    {
        using AsyncServerStreamingCall<WatchOrderResponse> watch = Watch(server);
        return (await OrderServer.Next(watch)).ResumeToken;
    }
}
