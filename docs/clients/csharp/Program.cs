// A program that orders flowers and waits for them: order DAY, watch ORDER, list CUSTOMER or cancel ORDER REASON. The
// server is FLORIST_SERVER (http://127.0.0.1:5080), the token FLORIST_TOKEN.
using System.Globalization;
using Florist.Client.Example;
using Florist.Protos.Customers.V1;
using Florist.Protos.Orders.V1;
using Google.Type;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

// One channel for the program; it holds one connection for all calls.
using GrpcChannel channel = GrpcChannel.ForAddress(
    Environment.GetEnvironmentVariable("FLORIST_SERVER") ?? "http://127.0.0.1:5080");
CallInvoker calls = channel.Intercept(metadata =>
{
    // Asked for at each call, so that it may be renewed.
    metadata.Add("authorization", "Bearer " + Environment.GetEnvironmentVariable("FLORIST_TOKEN"));
    return metadata;
});
CustomerService.CustomerServiceClient customers = new(calls);
OrderService.OrderServiceClient orders = new(calls);

try
{
    switch (args)
    {
        case ["order", string day]:
            await PlaceOrder(DateOnly.Parse(day, CultureInfo.InvariantCulture));
            return 0;
        case ["watch", string name]:
            await foreach (WatchOrderResponse view in OrderWatch.Watch(orders, name, stop.Token))
            {
                Console.WriteLine($"{view.Change} {view.Order.State} {view.Deliveries.LastOrDefault()?.State}");
            }

            return 0;
        case ["list", string customer]:
            await ListOrders(customer);
            return 0;
        case ["cancel", string name, string reason]:
            await Cancel(name, reason);
            return 0;
        default:
            Console.Error.WriteLine("order DAY | watch ORDER | list CUSTOMER | cancel ORDER REASON");
            return 2;
    }
}
catch (RpcException thrown)
{
    Refusal refusal = Refusal.Of(thrown);
    Console.Error.WriteLine($"refused: {refusal.Reason} ({refusal.Code}): {refusal.Text}");
    foreach ((string field, string wrong) in refusal.Fields)
    {
        Console.Error.WriteLine($"  {field}: {wrong}");
    }

    return 1;
}

async Task PlaceOrder(DateOnly day)
{
    CreateCustomerRequest newcomer = new()
    {
        Customer = new Customer { GivenName = "Anna", Email = "anna@example.com" },
        RequestId = Guid.NewGuid().ToString(),
    };
    Customer customer = await Repeats.Repeat(
        options => customers.CreateCustomerAsync(newcomer, options), stop.Token);

    // The request id belongs to what is wanted, not to a call: a real program stores it with the cart before the first
    // call, so that a repeat after a crash is still the same order.
    CreateOrderRequest request = new()
    {
        Order = Roses(customer.Name, day),
        PaymentToken = "tok_visa",
        RequestId = Guid.NewGuid().ToString(),
    };
    QuoteOrderResponse quoted = await Repeats.Repeat(
        options => orders.QuoteOrderAsync(new QuoteOrderRequest { Order = request.Order }, options), stop.Token);
    request.Quote = quoted.Quote;
    Order placed = await Repeats.Repeat(options => orders.CreateOrderAsync(request, options), stop.Token);
    Console.WriteLine(placed.Name);
}

async Task ListOrders(string customer)
{
    // Everything but the token stays the same from page to page; only an empty token ends the listing.
    ListOrdersRequest request = new() { Filter = $"customer = \"{customer}\"", PageSize = 50 };
    do
    {
        ListOrdersResponse page = await Repeats.Repeat(
            options => orders.ListOrdersAsync(request, options), stop.Token);
        foreach (Order order in page.Orders)
        {
            Console.WriteLine($"{order.Name} {order.State}");
        }

        request.PageToken = page.NextPageToken;
    }
    while (request.PageToken.Length > 0);
}

async Task Cancel(string name, string reason)
{
    // The etag says what was decided upon. ABORTED means that someone was faster: read, decide and call again.
    Order present = await Repeats.Repeat(
        options => orders.GetOrderAsync(new GetOrderRequest { Name = name }, options), stop.Token);
    CancelOrderRequest request = new()
    {
        Name = name,
        Reason = reason,
        Etag = present.Etag,
        RequestId = Guid.NewGuid().ToString(),
    };
    Order cancelled = await Repeats.Repeat(options => orders.CancelOrderAsync(request, options), stop.Token);
    Console.WriteLine($"{cancelled.Name} {cancelled.State}");
}

static Order Roses(string customer, DateOnly day) => new()
{
    Customer = customer,
    DeliveryContact = new DeliveryContact
    {
        GivenName = "Rose",
        Address = new PostalAddress
        {
            RegionCode = "GB",
            PostalCode = "BS1 4DJ",
            Locality = "Bristol",
            AddressLines = { "1 Quay Street" },
        },
    },
    Lines = { new OrderLine { Bouquet = "bouquets/dozen-red-roses", Quantity = 1 } },
    DeliveryDate = new Date { Year = day.Year, Month = day.Month, Day = day.Day },
    CurrencyCode = "GBP",
    CardMessage = new CardMessage { Text = "Thinking of you", Signature = "Anna" },
};
