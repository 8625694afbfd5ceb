using System.Collections.Immutable;
using System.Globalization;
using Florist.Protos.Customers.V1;
using Florist.Protos.Delivery.V1;
using Florist.Protos.Messaging.V1;
using Florist.Protos.Orders.V1;
using Florist.Server.Tests.Testing;
using Florist.Server.Tour;
using Channel = Florist.Protos.Customers.V1.Customer.Types.Channel;
using Delivered = Florist.Protos.Delivery.V1.Delivery;
using DeliveryState = Florist.Protos.Delivery.V1.Delivery.Types.State;
using Kind = Florist.Protos.Messaging.V1.Message.Types.Kind;

namespace Florist.Server.Tests.Kills;

/// <summary>One step of the day. It can be repeated until it was acknowledged.</summary>
/// <param name="Name">What it does, for the report of a failure.</param>
/// <param name="Do">Does it at the server that runs; returns when it is acknowledged.</param>
/// <param name="Holds">Asserts that it stays done, once it was acknowledged.</param>
internal sealed record Step(string Name, Func<Task> Do, Func<Task> Holds);

/// <summary>
/// A day at the shop for three customers, as clients that survive their server: every request has an id, so that it can
/// be sent again when its answer was lost. Anna gets mails, Ben texts too, Cleo cancels.
/// </summary>
internal sealed class ShopDay(Func<StaffDesk> desk)
{
    private const string Courier = "velo";
    private readonly Dictionary<string, string> _orders = [];
    private DateOnly _day;

    /// <summary>What each customer is told in the course of the day, by ways: all of it, and each once.</summary>
    public static ImmutableDictionary<string, ImmutableArray<(Kind Kind, Channel Channel)>> News { get; } =
        new Dictionary<string, ImmutableArray<(Kind, Channel)>>
        {
            ["anna"] =
            [
                (Kind.OrderConfirmed, Channel.Email), (Kind.Dispatched, Channel.Email),
                (Kind.OutForDelivery, Channel.Email), (Kind.Delivered, Channel.Email),
            ],
            ["ben"] =
            [
                (Kind.OrderConfirmed, Channel.Email), (Kind.Dispatched, Channel.Email),
                (Kind.OutForDelivery, Channel.Sms), (Kind.Delivered, Channel.Email), (Kind.Delivered, Channel.Sms),
            ],
            ["cleo"] = [(Kind.OrderConfirmed, Channel.Email), (Kind.OrderCancelled, Channel.Email)],
        }.ToImmutableDictionary();

    /// <summary>The steps in order.</summary>
    public ImmutableArray<Step> Steps() =>
    [
        Register("anna"), Register("ben", Channel.Sms, Channel.Email), Register("cleo"),
        AddRecipient("anna"), AddRecipient("ben"), AddRecipient("cleo"),
        Order("anna"), Order("ben"), Order("cleo"),
        Told("anna", 1), Told("ben", 1), Told("cleo", 1),
        Dispatch("anna"), Dispatch("ben"), Cancel("cleo"),
        Told("anna", 2), Told("ben", 2), Told("cleo", 2),
        MorningComes(),
        Report("anna", 1, DeliveryState.OutForDelivery), Report("ben", 2, DeliveryState.OutForDelivery),
        Told("anna", 3), Told("ben", 3),
        Report("anna", 3, DeliveryState.Delivered), Report("ben", 4, DeliveryState.Delivered),
        Told("anna", 4), Told("ben", 5),
    ];

    /// <summary>The order of a customer, once it was acknowledged.</summary>
    public string OrderOf(string customer) => _orders[customer];

    private TourClients Clients => desk().Clients;

    private Step Register(string customer, params Channel[] channels)
    {
        CreateCustomerRequest request = new()
        {
            CustomerId = customer,
            RequestId = Uuid(1, customer),
            Customer = new()
            {
                GivenName = customer,
                Email = $"{customer}@example.org",
                Mobile = "+447700900123",
                Preferences = new() { Channels = { channels } },
            },
        };
        return new(
            $"register {customer}",
            async () => await Clients.Customers.CreateCustomerAsync(request, Clients.Staff),
            async () => Assert.Equal(request.Customer.Email, (await Customer(customer)).Email));
    }

    private Step AddRecipient(string customer)
    {
        CreateRecipientRequest request = new()
        {
            Parent = $"customers/{customer}",
            RecipientId = "mum",
            RequestId = Uuid(2, customer),
            Recipient = new()
            {
                GivenName = "Rose",
                Address = new()
                {
                    RegionCode = "GB",
                    PostalCode = "BS1 4DJ",
                    Locality = "Bristol",
                    AddressLines = { "1 Quay Street" },
                },
            },
        };
        return new(
            $"add the recipient of {customer}",
            async () => await Clients.Customers.CreateRecipientAsync(request, Clients.Staff),
            async () => Assert.Equal("Rose", (await Clients.Customers.GetRecipientAsync(
                new GetRecipientRequest { Name = $"customers/{customer}/recipients/mum" }, Clients.Staff)).GivenName));
    }

    private Step Order(string customer) => new(
        $"order of {customer}",
        async () =>
        {
            // A repeat asks for the same: the first day that was open when it was asked first.
            _day = _day == default ? await desk().FirstOpenDay() : _day;
            CreateOrderRequest request = new()
            {
                PaymentToken = "tok_visa",
                RequestId = Uuid(3, customer),
                Order = new()
                {
                    Customer = $"customers/{customer}",
                    Recipient = $"customers/{customer}/recipients/mum",
                    Lines = { new OrderLine { Bouquet = "bouquets/dozen-red-roses", Quantity = 1 } },
                    DeliveryDate = new() { Year = _day.Year, Month = _day.Month, Day = _day.Day },
                    CurrencyCode = "GBP",
                },
            };
            _orders[customer] = (await Clients.Orders.CreateOrderAsync(request, Clients.Staff)).Name;
        },
        async () => Assert.Equal($"customers/{customer}", (await Placed(customer)).Customer));

    private Step Dispatch(string customer) => new(
        $"dispatch the order of {customer}",
        () => desk().Dispatch(_orders[customer], $"couriers/{Courier}", Uuid(4, customer)),
        async () => Assert.Equal($"couriers/{Courier}", (await DeliveryTo(customer)).Courier));

    private Step Cancel(string customer) => new(
        $"cancel the order of {customer}",
        async () => await Clients.Orders.CancelOrderAsync(
            new CancelOrderRequest { Name = _orders[customer], RequestId = Uuid(5, customer) }, Clients.Staff),
        async () => Assert.Equal(Protos.Orders.V1.Order.Types.State.Cancelled, (await Placed(customer)).State));

    private Step MorningComes() => new(
        "turn the clock to the morning of the delivery",
        async () =>
        {
            if (await desk().Now() < Morning)
            {
                await desk().TurnClockToMorningOf(_day);
            }
        },
        async () => Assert.True(await desk().Now() >= Morning));

    // One stream each, as after a reconnect: Welcome says what was committed, and only the rest is sent.
    private Step Report(string customer, long sequence, DeliveryState state) => new(
        $"report {state} to {customer}",
        async () =>
        {
            using CourierLine line = await CourierLine.Open(Clients, Courier, "depot-1", CancellationToken.None);
            if (line.Committed < sequence)
            {
                await line.Report($"event-{sequence}", DeliveryOf(customer), state, await desk().Now());
            }

            await line.Close();
        },
        async () => Assert.True((await DeliveryTo(customer)).State >= state));

    private Step Told(string customer, int count) => new(
        $"tell {customer} {count}",
        () => desk().UntilSent($"customers/{customer}", [.. News[customer].Take(count)]),
        async () => Assert.Superset(
            News[customer].Take(count).ToHashSet(),
            (await desk().Messages($"customers/{customer}"))
                .Where(one => one.State == Message.Types.State.Sent)
                .Select(one => (one.Kind, one.Channel)).ToHashSet()));

    private DateTimeOffset Morning => StaffDesk.MorningOf(_day);

    private async Task<Customer> Customer(string customer) => await Clients.Customers.GetCustomerAsync(
        new GetCustomerRequest { Name = $"customers/{customer}" }, Clients.Staff);

    private async Task<Order> Placed(string customer) => await Clients.Orders.GetOrderAsync(
        new GetOrderRequest { Name = _orders[customer] }, Clients.Staff);

    private async Task<Delivered> DeliveryTo(string customer) => await Clients.Deliveries.GetDeliveryAsync(
        new GetDeliveryRequest { Name = DeliveryOf(customer) }, Clients.Staff);

    private string DeliveryOf(string customer) => $"{_orders[customer]}/deliveries/d1";

    private static string Uuid(int step, string customer) => string.Create(
        CultureInfo.InvariantCulture, $"00000000-0000-4000-8000-{step:d6}{(int)customer[0]:d6}");
}
