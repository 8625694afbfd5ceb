using Florist.Kernel;
using Florist.Protos.Catalogue.V1;
using Florist.Protos.Customers.V1;
using Florist.Protos.Delivery.V1;
using Florist.Protos.Messaging.V1;
using Florist.Protos.Occasions.V1;
using Florist.Protos.Orders.V1;
using Florist.Protos.Sandbox.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Channel = Florist.Protos.Customers.V1.Customer.Types.Channel;
using DeliveryState = Florist.Protos.Delivery.V1.Delivery.Types.State;
using Formality = Florist.Protos.Customers.V1.Customer.Types.Formality;
using Purpose = Florist.Protos.Customers.V1.Customer.Types.Purpose;

namespace Florist.Server.Tour;

/// <summary>The story: what staff, customers and a courier do in a day, and what the shop says to whom.</summary>
internal sealed partial class DayAtTheShop(TourClients clients, Timeline timeline)
{
    private const int BirthdayInDays = 35;
    private const int LeadDays = 14;
    private const string Courier = "velo";

    // Parts of the names, so that a tour can be played many times against one server.
    private readonly string run = new KeyedIds([]).Next()[..6];
    private readonly HashSet<string> shown = [];
    private Metadata anna = [];
    private string annaName = "";
    private string mum = "";

    /// <summary>Plays it all.</summary>
    /// <exception cref="TourException">Something did not happen as it should.</exception>
    public async Task Play(CancellationToken cancellationToken)
    {
        await ReadClock(cancellationToken);
        await LookAtCatalogue(cancellationToken);
        await MeetAnna(cancellationToken);
        DateOnly birthday = DateOnly.FromDateTime(timeline.Now.UtcDateTime).AddDays(BirthdayInDays);
        string occasion = await AddBirthday(birthday, cancellationToken);
        await RefuseLilies(cancellationToken);
        Order order = await PlaceOrder(cancellationToken);
        OrderWatch watch = OrderWatch.Begin(clients, anna, order.Name, timeline, cancellationToken);
        await Deliver(order, watch, cancellationToken);
        await BeLate(cancellationToken);
        await Remind(birthday, occasion, cancellationToken);
        await WriteInGerman(cancellationToken);
        timeline.Begin("The end");
        timeline.Say("tour", "everything happened as it should");
    }

    private async Task LookAtCatalogue(CancellationToken cancellationToken)
    {
        timeline.Begin("A look at the catalogue");
        Google.Type.Month month = (Google.Type.Month)timeline.Now.Month;
        ListBouquetsResponse found = await clients.Catalogue.ListBouquetsAsync(
            new ListBouquetsRequest
            {
                Filter = $"categories:birthday AND months:{month.ToString().ToUpperInvariant()}",
                OrderBy = "bestseller_rank",
                PageSize = 3,
            },
            clients.Staff,
            cancellationToken: cancellationToken);
        Expect(found.Bouquets.Count == 3, "three birthday bouquets");
        foreach (Protos.Catalogue.V1.Bouquet bouquet in found.Bouquets)
        {
            Google.Type.Money price = bouquet.Prices.First(one => one.CurrencyCode == "GBP");
            timeline.Say("catalogue", $"{bouquet.Titles[0].Text}, {Price(price)}");
        }
    }

    private async Task MeetAnna(CancellationToken cancellationToken)
    {
        timeline.Begin("Anna becomes a customer");
        Customer asked = new()
        {
            GivenName = "Anna",
            FamilyName = "Moore",
            Email = $"anna.{run}@example.org",
            Mobile = "+447700900123",
            RegionCode = "GB",
            LanguageCode = "en-GB",
            Formality = Formality.Informal,
            Preferences = new() { Channels = { Channel.Sms, Channel.Email } },
        };
        asked.Preferences.OptIns.Add(new Customer.Types.OptIn
        {
            Channel = Channel.Email,
            Purpose = Purpose.OccasionReminders,
        });
        Customer created = await clients.Customers.CreateCustomerAsync(
            new CreateCustomerRequest { Customer = asked }, clients.Staff, cancellationToken: cancellationToken);
        annaName = created.Name;
        anna = TourClients.As($"customer:{created.Name.Split('/')[^1]}");
        timeline.Say("staff", $"creates {created.Name}: {created.GivenName}, {created.TimeZone}, likes texts best");
        Recipient recipient = await clients.Customers.CreateRecipientAsync(
            new CreateRecipientRequest { Parent = annaName, RecipientId = "mum", Recipient = Mum() },
            anna,
            cancellationToken: cancellationToken);
        mum = recipient.Name;
        timeline.Say("anna", "adds her mother Rose in Bristol, who has a cat");
    }

    private static Recipient Mum() => new()
    {
        GivenName = "Rose",
        FamilyName = "Moore",
        Relationship = Recipient.Types.Relationship.Mother,
        HasCats = true,
        Address = new()
        {
            RegionCode = "GB",
            PostalCode = "BS1 4DJ",
            Locality = "Bristol",
            AddressLines = { "1 Quay Street" },
        },
    };

    private async Task<string> AddBirthday(DateOnly birthday, CancellationToken cancellationToken)
    {
        Occasion occasion = await clients.Occasions.CreateOccasionAsync(
            new CreateOccasionRequest
            {
                Parent = annaName,
                Occasion = new()
                {
                    Kind = Occasion.Types.Kind.Birthday,
                    Title = "Mum's birthday",
                    Date = new() { Year = 1962, Month = birthday.Month, Day = birthday.Day },
                    Recipient = mum,
                    Category = OccasionCategory.Birthday,
                    LeadDays = { LeadDays },
                },
            },
            anna,
            cancellationToken: cancellationToken);
        timeline.Say("anna", $"wants to be reminded {LeadDays} days before Mum's birthday, {birthday:d MMMM}");
        return occasion.Name;
    }

    private async Task RefuseLilies(CancellationToken cancellationToken)
    {
        timeline.Begin("Lilies for a home with a cat");
        try
        {
            await clients.Orders.QuoteOrderAsync(
                new QuoteOrderRequest { Order = Wanted("pink-orientals", FirstOpenDay()) },
                anna,
                cancellationToken: cancellationToken);
        }
        catch (RpcException refused) when (refused.StatusCode == StatusCode.FailedPrecondition)
        {
            timeline.Say("shop", $"refuses: {refused.Status.Detail} (true lilies can kill cats)");
            return;
        }

        throw new TourException("true lilies were offered to a home with a cat");
    }

    private async Task<Order> PlaceOrder(CancellationToken cancellationToken)
    {
        timeline.Begin("Roses instead");
        Order wanted = Wanted("dozen-red-roses", FirstOpenDay());
        QuoteOrderResponse quote = await clients.Orders.QuoteOrderAsync(
            new QuoteOrderRequest { Order = wanted }, anna, cancellationToken: cancellationToken);
        timeline.Say(
            "shop",
            $"quotes {Price(quote.Order.Price.Total)}; open until {quote.Order.CutoffTime.ToDateTime():u}");
        CreateOrderRequest request = new()
        {
            Order = wanted,
            Quote = quote.Quote,
            PaymentToken = "tok_visa",
            RequestId = Uuid(1),
        };
        Order order = await clients.Orders.CreateOrderAsync(request, anna, cancellationToken: cancellationToken);
        timeline.Say("anna", $"orders {order.Name}: {order.State}, payment {order.PaymentState}");
        Expect(order.State == Order.Types.State.Confirmed, $"a confirmed order, not {order.State}");
        Order again = await clients.Orders.CreateOrderAsync(request, anna, cancellationToken: cancellationToken);
        Expect(again.Name == order.Name, "the same order for the same request id");
        timeline.Say("anna", "her phone repeats the request: the same order, no second one");
        await ShowMessages(annaName, Message.Types.Kind.OrderConfirmed, cancellationToken);
        return order;
    }

    private async Task Deliver(Order order, OrderWatch watch, CancellationToken cancellationToken)
    {
        timeline.Begin("To the door");
        string delivery = $"{order.Name}/deliveries/d1";
        await clients.Deliveries.AssignDeliveryAsync(
            new AssignDeliveryRequest { Name = delivery, Courier = $"couriers/{Courier}" },
            clients.Staff,
            cancellationToken: cancellationToken);
        timeline.Say("staff", $"gives the delivery to the courier {Courier}");
        await ShowMessages(annaName, Message.Types.Kind.Dispatched, cancellationToken);
        DateOnly day = new(order.DeliveryDate.Year, order.DeliveryDate.Month, order.DeliveryDate.Day);
        await AdvanceUntil(Zones.Instant(day, new TimeOnly(10, 0), order.TimeZone), cancellationToken);

        using CourierLine line = await CourierLine.Open(clients, Courier, $"tour-{run}", cancellationToken);
        timeline.Say("courier", "opens its stream: Welcome");
        await Report(line, "collected", delivery, DeliveryState.OutForDelivery, timeline.Now);
        await Report(line, "collected", delivery, DeliveryState.OutForDelivery, timeline.Now, "sends it again");
        UpdateResult? eta = await line.ReportEta(
            $"{run}-eta", delivery, timeline.Now, TimeSpan.FromMinutes(25), TimeSpan.FromMinutes(45));
        timeline.Say("courier", $"expects to be there in 25 to 45 minutes: {Disposition(eta)}");
        await ShowMessages(annaName, Message.Types.Kind.OutForDelivery, cancellationToken);
        await AdvanceUntil(timeline.Now.AddMinutes(32), cancellationToken);
        await Report(line, "delivered", delivery, DeliveryState.Delivered, timeline.Now);
        await Report(
            line,
            "arrived",
            delivery,
            DeliveryState.Arrived,
            timeline.Now.AddMinutes(-1),
            "an older update comes late");
        await line.Close();
        await ShowMessages(annaName, Message.Types.Kind.Delivered, cancellationToken);
        string last = await watch.Ended.WaitAsync(TimeSpan.FromSeconds(20), cancellationToken);
        Expect(last == "Final", $"a watch that ends with FINAL, not {last}");
    }

    private async Task Report(
        CourierLine line,
        string eventId,
        string delivery,
        DeliveryState state,
        DateTimeOffset occurredAt,
        string? remark = null)
    {
        UpdateResult? result = await line.Report($"{run}-{eventId}", delivery, state, occurredAt);
        timeline.Say("courier", $"{remark ?? "reports"}: {state} → {Disposition(result)}, committed {line.Committed}");
    }

    private async Task Remind(DateOnly birthday, string occasion, CancellationToken cancellationToken)
    {
        timeline.Begin("Three weeks go by");
        DateTimeOffset afterwards =
            Zones.Instant(birthday.AddDays(-LeadDays), new TimeOnly(13, 0), "Europe/London");
        int work = await AdvanceUntil(afterwards, cancellationToken);
        timeline.Say("clock", $"turned to {LeadDays} days before the birthday; {work} things were due on the way");
        Message reminder = await ShowMessages(annaName, Message.Types.Kind.OccasionReminder, cancellationToken);
        Expect(reminder.Occasion == occasion, "a reminder of Mum's birthday");
    }

    private async Task WriteInGerman(CancellationToken cancellationToken)
    {
        timeline.Begin("Herr Weber orders in German");
        Customer weber = await clients.Customers.CreateCustomerAsync(
            new CreateCustomerRequest
            {
                Customer = new()
                {
                    GivenName = "Jürgen",
                    FamilyName = "Weber",
                    Email = $"weber.{run}@example.org",
                    RegionCode = "DE",
                    LanguageCode = "de-DE",
                    Formality = Formality.Formal,
                },
            },
            clients.Staff,
            cancellationToken: cancellationToken);
        Order wanted = Wanted("single-rose", FirstOpenDay());
        wanted.Recipient = "";
        wanted.Customer = weber.Name;
        wanted.CurrencyCode = "EUR";
        wanted.DeliveryContact = new()
        {
            GivenName = "Käthe",
            Address = new()
            {
                RegionCode = "DE",
                PostalCode = "10115",
                Locality = "Berlin",
                AddressLines = { "Invalidenstr. 1" },
            },
        };
        Order order = await clients.Orders.CreateOrderAsync(
            new CreateOrderRequest { Order = wanted, PaymentToken = "tok_sepa", RequestId = Uuid(2) },
            clients.Staff,
            cancellationToken: cancellationToken);
        timeline.Say("staff", $"orders for him: {order.Name}, {Price(order.Price.Total)}");
        await ShowMessages(weber.Name, Message.Types.Kind.OrderConfirmed, cancellationToken);
    }

    private Order Wanted(string bouquet, DateOnly day) => new()
    {
        Customer = annaName,
        Recipient = mum,
        Lines = { new OrderLine { Bouquet = $"bouquets/{bouquet}", Quantity = 1 } },
        DeliveryDate = day.ToProto(),
        CurrencyCode = "GBP",
        OccasionCategory = "just_because",
        CardMessage = new() { Text = "Thinking of you", Signature = "Anna" },
    };

    // The shop delivers on every day but Sunday; tomorrow's cut-off is always still to come.
    private DateOnly FirstOpenDay()
    {
        DateOnly tomorrow = Zones.Day(timeline.Now, "Europe/London").AddDays(1);
        return tomorrow.DayOfWeek == DayOfWeek.Sunday ? tomorrow.AddDays(1) : tomorrow;
    }

    // Waits for a message of the kind to have left, and prints all that left since the last look.
    private async Task<Message> ShowMessages(
        string customer, Message.Types.Kind kind, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < 100; attempt++)
        {
            await AdvanceUntil(timeline.Now, cancellationToken);
            ListMessagesResponse all = await clients.Messages.ListMessagesAsync(
                new ListMessagesRequest { Parent = customer }, clients.Staff, cancellationToken: cancellationToken);
            Message? awaited = all.Messages.FirstOrDefault(
                message => message.Kind == kind && message.State == Message.Types.State.Sent);
            bool underWay = all.Messages.Any(message =>
                message.Kind == kind && message.State is Message.Types.State.Pending or Message.Types.State.Sending);
            if (awaited is not null && !underWay)
            {
                foreach (Message message in all.Messages.Reverse().Where(message => shown.Add(message.Name)))
                {
                    await Show(message, cancellationToken);
                }

                return awaited;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }

        throw new TourException($"no message {kind} left within ten seconds");
    }

    private async Task Show(Message listed, CancellationToken cancellationToken)
    {
        Message message = await clients.Messages.GetMessageAsync(
            new GetMessageRequest { Name = listed.Name }, clients.Staff, cancellationToken: cancellationToken);
        string way = message.Channel == Channel.Sms ? "text" : "e-mail";
        string subject = message.Subject.Length == 0 ? "" : $": {message.Subject}";
        timeline.Say(way, $"{message.Kind} {message.State}{subject}");
        timeline.Quote(message.TextBody.TrimEnd().Split('\n'));
    }

    private async Task ReadClock(CancellationToken cancellationToken)
    {
        Clock clock = await clients.Sandbox.GetClockAsync(
            new GetClockRequest(), clients.Staff, cancellationToken: cancellationToken);
        timeline.Now = clock.CurrentTime.ToDateTimeOffset();
        timeline.Say("clock", "the shop's clock, which a Development server lets us turn");
    }

    // Also with the present time: then what is due now is done when the call returns.
    private async Task<int> AdvanceUntil(DateTimeOffset instant, CancellationToken cancellationToken)
    {
        TimeSpan ahead = instant - timeline.Now;
        AdvanceClockRequest request = ahead <= TimeSpan.Zero
            ? new() { Duration = Duration.FromTimeSpan(TimeSpan.Zero) }
            : new() { UntilTime = instant.ToTimestamp() };
        Clock clock = await clients.Sandbox.AdvanceClockAsync(
            request, clients.Staff, cancellationToken: cancellationToken);
        timeline.Now = clock.CurrentTime.ToDateTimeOffset();
        return clock.WorkCount;
    }

    private string Uuid(int number) => $"{Convert.ToHexStringLower(System.Text.Encoding.ASCII.GetBytes(run))[..8]}"
        + $"-0000-4000-8000-{number:d12}";

    private static string Price(Google.Type.Money money) => new Money(
        (money.Units * 100) + (money.Nanos / 10_000_000), money.CurrencyCode).ToString();

    private static string Disposition(UpdateResult? result) =>
        result is null ? "Applied" : result.Disposition.ToString();

    private static void Expect(bool holds, string what)
    {
        if (!holds)
        {
            throw new TourException($"expected {what}");
        }
    }
}
