using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Florist.Protos.Messaging.V1;
using Florist.Server.Tests.Channels;
using Florist.Server.Tests.Testing;
using Florist.Tests.Testing;
using Channel = Florist.Protos.Customers.V1.Customer.Types.Channel;
using Kind = Florist.Protos.Messaging.V1.Message.Types.Kind;

namespace Florist.Server.Tests.Peers;

/// <summary>
/// The shop's main job, done for programs that we did not write: a front end on Node.js, a partner courier on Python, a
/// mail server, and Twilio's contract. The server is the built program in a process of its own.
/// </summary>
public sealed partial class PeersTests
{
    private const string Orders = "florist.orders.v1.OrderService";
    private const string Number = "+447700900123";

    [Fact]
    public async Task An_order_from_a_front_end_is_confirmed_watched_delivered_and_told_of_by_mail()
    {
        string python = await PartnerCourier.Python();
        using TempFolder folder = new();
        await using SmtpPeer mail = await SmtpPeer.Start(new SmtpPeerSettings { Disabled = ["STARTTLS"] });
        await using ServerProcess server = await ServerProcess.Start(folder.Path, MailSettings(mail));
        await using FrontEnd web = await FrontEnd.Start(server.Address);
        using StaffDesk staff = new(server.Address);
        string customer = await Register(web, new { given_name = "Anna", email = "anna@customer.example" });

        await Deliver(web, staff, python, server.Address, customer, Mail(Kind.OutForDelivery));

        // Nothing more comes of it, also in the days that follow.
        await staff.TurnClockOn(TimeSpan.FromDays(5));
        IReadOnlyList<Message> told = await staff.Messages(customer);
        Kind[] kinds = [Kind.OrderConfirmed, Kind.Dispatched, Kind.OutForDelivery, Kind.Delivered];
        Assert.Equal(kinds.Select(Mail), told.Select(Way));
        Assert.All(told, one => Assert.Equal(Message.Types.State.Sent, one.State));
        Assert.Equal(0, await server.Stop());
        await AssertArrived(told, mail, "anna@customer.example");
    }

    [Fact]
    public async Task Who_likes_texts_best_gets_lawful_texts_and_mails_of_what_is_worth_keeping()
    {
        string python = await PartnerCourier.Python();
        using TempFolder folder = new();
        await using TextRelay texts = await TextRelay.Start();
        await using SmtpPeer mail = await SmtpPeer.Start(new SmtpPeerSettings { Disabled = ["STARTTLS"] });
        await using ServerProcess server = await ServerProcess.Start(
            folder.Path, [.. MailSettings(mail), .. TextSettings(texts)]);
        await using FrontEnd web = await FrontEnd.Start(server.Address);
        using StaffDesk staff = new(server.Address);
        string customer = await Register(web, new
        {
            given_name = "Ben",
            email = "ben@customer.example",
            mobile = Number,
            preferences = new { channels = (string[])["SMS", "EMAIL"] },
        });

        await Deliver(web, staff, python, server.Address, customer, Text(Kind.OutForDelivery));

        await staff.TurnClockOn(TimeSpan.FromDays(5));
        IReadOnlyList<Message> told = await staff.Messages(customer);
        (Kind, Channel)[] ways =
        [
            Mail(Kind.OrderConfirmed), Mail(Kind.Dispatched), Text(Kind.OutForDelivery),
            Text(Kind.Delivered), Mail(Kind.Delivered),
        ];
        Assert.Equal(ways.Order(), told.Select(Way).Order());
        Assert.All(told, one => Assert.Equal(Message.Types.State.Sent, one.State));
        Assert.Equal(0, await server.Stop());
        string[] bodies = [.. told.Where(one => one.Channel == Channel.Sms).Select(one => one.TextBody)];
        Assert.Equal(
            bodies.Select(body => new PostedText(Number, body, 201)), [await texts.Next(), await texts.Next()]);
        Assert.Equal(0, texts.Waiting);
        await AssertArrived(told, mail, "ben@customer.example");
    }

    private static async Task<string> Register(FrontEnd web, object customer)
    {
        JsonElement created = await web.Call(
            "service:web-shop", "florist.customers.v1.CustomerService", "CreateCustomer", new { customer });
        return Text(created, "name");
    }

    // Quote, order, watch, dispatch and the courier's two sessions, in the order of a day; each step is awaited where
    // it shows, so that the watcher can miss none.
    private static async Task Deliver(
        FrontEnd web,
        StaffDesk staff,
        string python,
        Uri server,
        string customer,
        (Kind, Channel) underWay)
    {
        DateOnly day = await staff.FirstOpenDay();
        string principal = $"customer:{customer.Split('/')[^1]}";
        string order = await Place(web, principal, day);
        Watcher watcher = new(await web.Begin(principal, Orders, "WatchOrder", new { name = order }));
        Assert.Equal("SNAPSHOT CONFIRMED PENDING", await watcher.Next());
        await staff.Dispatch(order, PartnerCourier.ResourceName);
        Assert.Equal("UPDATE CONFIRMED ASSIGNED", await watcher.Next());

        // The clock is turned only when the news has left: some of it is useless later.
        await staff.UntilSent(customer, [Mail(Kind.OrderConfirmed), Mail(Kind.Dispatched)]);
        DateTimeOffset now = await staff.TurnClockToMorningOf(day);
        string delivery = $"{order}/deliveries/d1";

        await using (PartnerCourier first = await PartnerCourier.Connect(python, server, nextSequence: 1))
        {
            Assert.Equal(0, first.Committed);
            Assert.Equal(
                ("APPLIED", null),
                await first.Report(1, delivery, "e1", now, new { state = "OUT_FOR_DELIVERY" }));
            Assert.Equal("UPDATE IN_DELIVERY OUT_FOR_DELIVERY", await watcher.Next());
            await first.Kill();
        }

        await staff.UntilSent(customer, [underWay]);
        DateTimeOffset later = await staff.TurnClockOn(TimeSpan.FromMinutes(25));

        // It had not noted the last answer: it numbers on from what it knows, and is told where it stands.
        await using PartnerCourier second = await PartnerCourier.Connect(python, server, nextSequence: 1);
        Assert.Equal(1, second.Committed);
        Assert.Equal(
            ("DUPLICATE", "APPLIED"),
            await second.Report(2, delivery, "e1", now, new { state = "OUT_FOR_DELIVERY" }));
        Assert.Equal(
            ("APPLIED", null), await second.Report(3, delivery, "e2", later, new { state = "ARRIVED" }));
        Assert.Equal("UPDATE IN_DELIVERY ARRIVED", await watcher.Next());
        object delivered = new { state = "DELIVERED", outcome = "HANDED_TO_RECIPIENT" };
        Assert.Equal(("APPLIED", null), await second.Report(4, delivery, "e3", later, delivered));
        Assert.Equal("OK", await second.Close());
        Assert.Equal("FINAL COMPLETED DELIVERED", await watcher.Next());
        Assert.Equal("OK", await watcher.Ended());
    }

    private static async Task<string> Place(FrontEnd web, string principal, DateOnly day)
    {
        var order = new
        {
            delivery_contact = new
            {
                given_name = "Rose",
                address = new
                {
                    region_code = "GB",
                    postal_code = "BS1 4DJ",
                    locality = "Bristol",
                    address_lines = (string[])["1 Quay Street"],
                },
            },
            lines = (object[])[new { bouquet = "bouquets/dozen-red-roses", quantity = 1 }],
            delivery_date = new { year = day.Year, month = day.Month, day = day.Day },
            currency_code = "GBP",
            card_message = new { text = "Thinking of you", signature = "Anna" },
        };
        JsonElement quote = await web.Call(principal, Orders, "QuoteOrder", new { order });
        var request = new
        {
            order,
            quote = Text(quote, "quote"),
            payment_token = "tok_visa",
            request_id = "5a0e7a52-6f1c-4b7e-9d5c-0c6a2f6b8e11",
        };
        JsonElement placed = await web.Call(principal, Orders, "CreateOrder", request);
        Assert.Equal("CONFIRMED", Text(placed, "state"));
        Assert.Equal(
            quote.GetProperty("order").GetProperty("price").GetRawText(), placed.GetProperty("price").GetRawText());
        Assert.Equal(
            placed.GetRawText(), (await web.Call(principal, Orders, "CreateOrder", request)).GetRawText());
        return Text(placed, "name");
    }

    // Each of the mails once, and no other.
    private static async Task AssertArrived(IReadOnlyList<Message> told, SmtpPeer mail, string address)
    {
        string[] sent = [.. told.Where(one => one.Channel == Channel.Email).Select(one => one.Name.Split('/')[^1])];
        List<string> arrived = [];
        foreach (string _ in sent)
        {
            arrived.Add(IdOf(await mail.NextTaken(), address));
        }

        Assert.Equal(sent.Order(), arrived.Order());
        Assert.Equal(0, await mail.End());
    }

    private static string[] MailSettings(SmtpPeer mail) =>
    [
        "--Email:Smtp:Host=localhost", $"--Email:Smtp:Port={mail.Port}", "--Email:Smtp:Security=None",
        "--Email:Smtp:UserName=shop", "--Email:Smtp:Password=pässword", "--Email:FromAddress=shop@florist.example",
    ];

    private static string[] TextSettings(TextRelay texts) =>
    [
        "--Sms:Twilio:AccountSid=ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "--Sms:Twilio:AuthToken=12345",
        "--Sms:Twilio:From=+15005550006", $"--Sms:Twilio:BaseUrl={texts.Url}",
    ];

    private static (Kind, Channel) Mail(Kind kind) => (kind, Channel.Email);

    private static (Kind, Channel) Text(Kind kind) => (kind, Channel.Sms);

    private static (Kind, Channel) Way(Message message) => (message.Kind, message.Channel);

    private static string Text(JsonElement message, string field) => message.GetProperty(field).GetString() ?? "";

    // The id of the message that a mail carries to this address.
    private static string IdOf(SmtpPeerLine taken, string address)
    {
        Assert.Equal(("shop@florist.example", address), (taken.From, taken.To));
        string content = Encoding.ASCII.GetString(Convert.FromBase64String(taken.Content ?? ""));
        return MessageId().Match(content).Groups["id"].Value;
    }

    [GeneratedRegex(@"^Message-ID: <\w+\.(?<id>\w+)@florist\.example>\r$", RegexOptions.Multiline)]
    private static partial Regex MessageId();

    /// <summary>What a watcher sees, without the signs of life.</summary>
    private sealed class Watcher(LinePeer.PeerCall call)
    {
        private string told = "";

        // What else changes of an order, as when the money is taken, is an update that says the same of its delivery.
        public async Task<string> Next()
        {
            while (true)
            {
                JsonElement view = await call.Heard();
                if (Text(view, "change") == "BOOKMARK")
                {
                    continue;
                }

                JsonElement delivery = view.GetProperty("deliveries").EnumerateArray().Last();
                string order = Text(view.GetProperty("order"), "state");
                string change = $"{Text(view, "change")} {order} {Text(delivery, "state")}";
                if (change != told)
                {
                    told = change;
                    return change;
                }
            }
        }

        public Task<string> Ended() => call.Ended();
    }
}
