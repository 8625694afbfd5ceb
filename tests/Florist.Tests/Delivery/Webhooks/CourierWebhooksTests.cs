using System.Text;
using System.Text.Json.Nodes;
using Florist.Delivery;
using Florist.Kernel;
using Florist.Protos.Delivery.V1;
using Florist.Tests.Delivery.Streaming;
using Florist.Tests.Orders;

namespace Florist.Tests.Delivery.Webhooks;

/// <summary>Webhooks over the wire, with the signatures that their vendors make.</summary>
public sealed class CourierWebhooksTests
{
    private const string Leg = "orders/o1/deliveries/d1/legs/1";
    private const string UberHeader = "x-uber-signature";
    private static readonly DateTimeOffset Now = OrderSamples.Morning;

    [Fact]
    public async Task Signed_webhooks_in_any_order_and_twice_end_in_the_true_state_with_the_vendors_words_kept()
    {
        await using CourierServer server = await Started(Courier.Types.WebhookVocabulary.Uber);
        byte[][] bodies =
        [
            VendorBodies.Uber("evt_4", "delivered", Now.AddMinutes(40), Leg),
            VendorBodies.Uber("evt_2", "pickup_complete", Now.AddMinutes(10), Leg),
            VendorBodies.Uber("evt_4", "delivered", Now.AddMinutes(40), Leg),
            VendorBodies.Uber("evt_1", "pickup", Now, Leg),
            VendorBodies.Uber("evt_3", "dropoff", Now.AddMinutes(20), Leg),
        ];
        foreach (byte[] body in bodies)
        {
            Assert.Equal(200, await Uber(server, body));
        }

        DeliveryRecord delivery = await server.Delivery("o1");
        Assert.Equal(DeliveryState.Delivered, delivery.State);
        Assert.Equal("Cori", delivery.DriverName);
        Assert.False(delivery.NeedsReview);
        Assert.Empty(await Letters(server));
    }

    [Fact]
    public async Task An_estimate_and_an_imminent_courier_reach_the_delivery()
    {
        await using CourierServer server = await Started(Courier.Types.WebhookVocabulary.Uber);
        JsonObject data = new() { ["courier_imminent"] = true, ["dropoff_eta"] = Now.AddMinutes(5).ToString("O") };

        Assert.Equal(200, await Uber(server, VendorBodies.Uber("evt_1", "dropoff", Now, Leg, data: data)));

        DeliveryRecord delivery = await server.Delivery("o1");
        Assert.Equal(DeliveryState.OutForDelivery, delivery.State);
        Assert.Equal((Now, Now.AddMinutes(15)), (delivery.Eta!.Earliest, delivery.Eta.Latest));
        Assert.NotNull(delivery.Reached(MilestoneKind.NearDropoff));
    }

    [Fact]
    public async Task A_forged_webhook_is_answered_401_and_changes_nothing()
    {
        await using CourierServer server = await Started(Courier.Types.WebhookVocabulary.Uber);
        byte[] body = VendorBodies.Uber("evt_1", "delivered", Now, Leg);
        string right = VendorBodies.UberSignature(body);
        byte[] changed = [.. body];
        changed[^2] ^= 1;

        Assert.Equal(401, await server.Webhook("swift", body, UberHeader, ""));
        Assert.Equal(401, await server.Webhook("swift", body, UberHeader, right[..^1]));
        Assert.Equal(401, await server.Webhook("swift", body, UberHeader, right[..^1] + (right[^1] == '0' ? '1' : '0')));
        Assert.Equal(401, await server.Webhook("swift", body, UberHeader, new string('x', 64)));
        Assert.Equal(401, await server.Webhook("swift", body, UberHeader, VendorBodies.UberSignature(body, "another secret")));
        Assert.Equal(401, await server.Webhook("swift", changed, UberHeader, right));
        Assert.Equal(401, await server.Webhook("other", body, UberHeader, right));
        Assert.Equal(401, await server.Webhook("NOBODY", body, UberHeader, right));
        Assert.Equal(401, await server.Webhook("swift", "{"u8.ToArray(), UberHeader, right));
        Assert.Equal(DeliveryState.Assigned, (await server.Delivery("o1")).State);
        Assert.Empty(await Letters(server));
    }

    [Fact]
    public async Task An_unknown_word_becomes_a_note_and_a_dead_letter_once()
    {
        await using CourierServer server = await Started(Courier.Types.WebhookVocabulary.Uber);
        byte[] body = VendorBodies.Uber("evt_1", "teleported", Now, Leg);

        Assert.Equal(200, await Uber(server, body));
        Assert.Equal(200, await Uber(server, body));

        RejectedUpdate letter = Assert.Single(await Letters(server));
        Assert.Equal(("teleported", "evt_1"), (letter.Event.RawStatus, letter.Event.EventId));
        Assert.Equal("UNKNOWN_WORD", ReasonOf(letter));
        Assert.Equal(DeliveryState.Assigned, (await server.Delivery("o1")).State);
    }

    [Fact]
    public async Task What_is_genuine_and_useless_is_kept_and_what_is_no_json_or_too_long_is_refused()
    {
        await using CourierServer server = await Started(Courier.Types.WebhookVocabulary.Uber);
        byte[] notOurs = VendorBodies.Uber("evt_1", "delivered", Now, "their-own-reference");
        byte[] noOrder = VendorBodies.Uber("evt_2", "delivered", Now, "orders/o9/deliveries/d1/legs/1");
        byte[] broken = "{\"kind\":"u8.ToArray();
        byte[] deep = Encoding.UTF8.GetBytes(new string('[', 40) + new string(']', 40));
        byte[] text = "\"just a text\""u8.ToArray();
        byte[] large = new byte[(64 * 1024) + 1];

        Assert.Equal(200, await Uber(server, notOurs));
        Assert.Equal(200, await Uber(server, noOrder));
        Assert.Equal(400, await Uber(server, broken));
        Assert.Equal(400, await Uber(server, deep));
        Assert.Equal(200, await Uber(server, text));
        Assert.Equal(413, await Uber(server, large));
        Assert.Equal(
            ["UNKNOWN_DELIVERY", "UNKNOWN_REFERENCE", "UNKNOWN_REFERENCE"],
            (await Letters(server)).Select(ReasonOf).Order());
    }

    [Fact]
    public async Task Stuart_runs_backwards_on_a_return_and_a_replay_does_no_harm()
    {
        await using CourierServer server = await Started(Courier.Types.WebhookVocabulary.Stuart);
        (string Status, string? Reason, DeliveryState State)[] told =
        [
            ("picking", null, DeliveryState.Assigned),
            ("delivering", null, DeliveryState.OutForDelivery),
            ("waiting_at_dropoff", null, DeliveryState.Arrived),
            ("picking", "end-customer_unreachable", DeliveryState.Returning),
            ("delivering", "end-customer_unreachable", DeliveryState.Returning),
            ("delivered", "end-customer_unreachable", DeliveryState.Returned),
        ];
        foreach ((string status, string? reason, DeliveryState state) in told)
        {
            byte[] body = VendorBodies.Stuart(status, Leg, reason);
            Assert.Equal(200, await Stuart(server, body));
            server.Shop.Time.Advance(TimeSpan.FromMinutes(7));
            Assert.Equal(200, await Stuart(server, body));
            Assert.Equal(state, (await server.Delivery("o1")).State);
        }

        DeliveryRecord delivery = await server.Delivery("o1");
        Assert.Equal((FailureReason.RecipientUnreachable, false), (delivery.FailureReason, delivery.NeedsReview));
        Assert.Equal("Denis", delivery.DriverName);
        Assert.Empty(await Letters(server));
        Assert.Equal(401, await server.Webhook(
            "swift", VendorBodies.Stuart("picking", Leg), "authorization", VendorBodies.StuartCredentials("swift", "guess")));
        Assert.Equal(401, await server.Webhook("swift", VendorBodies.Stuart("picking", Leg), "authorization", "Basic"));
    }

    [Fact]
    public async Task Giving_up_before_collection_gives_the_leg_back_and_after_it_the_flowers_are_lost()
    {
        await using CourierServer server = await Started(Courier.Types.WebhookVocabulary.Uber);
        await server.Order("o2", Deliveries.Swift);
        byte[] before = VendorBodies.Uber("evt_1", "canceled", Now, Leg);
        byte[] after = VendorBodies.Uber("evt_2", "canceled", Now, "orders/o2/deliveries/d1/legs/1");
        await Uber(server, VendorBodies.Uber("evt_0", "pickup_complete", Now, "orders/o2/deliveries/d1/legs/1"));

        Assert.Equal(200, await Uber(server, before));
        Assert.Equal(200, await Uber(server, before));
        Assert.Equal(200, await Uber(server, after));
        Assert.Equal(200, await Uber(server, after));

        DeliveryRecord given = await server.Delivery("o1");
        DeliveryRecord lost = await server.Delivery("o2");
        Assert.Equal((DeliveryState.Pending, false), (given.State, given.LegOpen));
        Assert.Equal((DeliveryState.Failed, FailureReason.CouldNotReturn), (lost.State, lost.FailureReason));
        Assert.False(lost.NeedsReview);
    }

    private static async Task<CourierServer> Started(Courier.Types.WebhookVocabulary vocabulary)
    {
        CourierServer server = await CourierServer.Start();
        await server.Couriers("Staff:anna").CreateCourierAsync(new()
        {
            CourierId = "swift",
            Courier = new()
            {
                DisplayName = "Swift",
                WebhookVocabulary = vocabulary,
                WebhookSecret = VendorBodies.Secret,
            },
        });
        await server.Order("o1", Deliveries.Swift);
        return server;
    }

    private static Task<int> Uber(CourierServer server, byte[] body) =>
        server.Webhook("swift", body, UberHeader, VendorBodies.UberSignature(body));

    private static Task<int> Stuart(CourierServer server, byte[] body) =>
        server.Webhook("swift", body, "authorization", VendorBodies.StuartCredentials("swift"));

    private static async Task<IReadOnlyList<RejectedUpdate>> Letters(CourierServer server) =>
        (await server.Couriers("Staff:anna").ListRejectedUpdatesAsync(new() { Parent = "couriers/swift" }))
            .RejectedUpdates;

    private static string ReasonOf(RejectedUpdate letter) =>
        letter.Status.Details.First(detail => detail.Is(Google.Rpc.ErrorInfo.Descriptor))
            .Unpack<Google.Rpc.ErrorInfo>().Reason;
}
