using Florist.Adapters.Sql;
using Florist.Benchmarks.Engine;
using Florist.Kernel;
using Florist.Protos.Customers.V1;
using Florist.Protos.Orders.V1;
using Florist.Server;
using Florist.Server.Auth;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Florist.Benchmarks.Orders;

/// <summary>
/// Orders over gRPC, the whole way: quote, place, stems, payment at the simulator, promise, confirmation. Beside them the
/// writes a second that the same storage makes durable for as many grains at once.
/// </summary>
internal static class CreatedOrders
{
    private const int Callers = 64;

    // Hold, order, intent to reserve the money, promise, confirmation.
    private const int WritesPerOrder = 5;

    public static async Task Run()
    {
        string folder = Directory.CreateTempSubdirectory("florist-bench-").FullName;
        Uri anyPort = new("http://127.0.0.1:0");
        ServeOptions options = new()
        {
            DataFolder = Path.Combine(folder, "data"),
            Http2Url = anyPort.ToString(),
            Announce = false,
            Settings =
            [
                "--Logging:LogLevel:Default=Warning", "--Stock:SlotCapacity=100000", "--RateLimits:Enabled=false",
                "--Auth:SigningKey=a-key-that-only-this-benchmark-knows",
            ],
        };
        try
        {
            await using WebApplication app = Serving.Build(options, anyPort, anyPort);
            await app.StartAsync();
            Metadata staff = As(app.Services.GetRequiredService<Tokens>());
            using GrpcChannel channel = GrpcChannel.ForAddress(Serving.Addresses(app).Http2);
            await new CustomerService.CustomerServiceClient(channel).CreateCustomerAsync(
                new CreateCustomerRequest { CustomerId = "bench", Customer = new() { GivenName = "Rose" } }, staff);
            OrderService.OrderServiceClient orders = new(channel);
            Order asked = Asked();
            GrainWrites writes = new(app.Services.GetRequiredService<IStateStore>());
            await writes.WriteAll();
            (double created, double written) = await Measure.Both(
                () => Measure.Rate(Callers, _ => Create(orders, asked, staff)),
                () => Measure.Rate(Callers, writes.Write));
            Figure.Rate("orders.created_over_grpc_64_callers", created, written / WritesPerOrder, goal: 0.4);
            Figure.Rate("orders.created_over_grpc_per_second", created, 2500, goal: 1);
            await app.StopAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task Create(OrderService.OrderServiceClient orders, Order asked, Metadata staff)
    {
        QuoteOrderResponse quoted = await orders.QuoteOrderAsync(new QuoteOrderRequest { Order = asked }, staff);
        Order order = await orders.CreateOrderAsync(
            new CreateOrderRequest { Order = asked, Quote = quoted.Quote, PaymentToken = "tok_visa" }, staff);
        if (order.State != Order.Types.State.Confirmed)
        {
            throw new InvalidOperationException($"{order.Name} is {order.State}");
        }
    }

    private static Metadata As(Tokens tokens) => Tokens.TryParsePrincipal("service:bench", out Caller? caller)
        ? new Metadata { { "authorization", "Bearer " + tokens.Make(caller, TimeSpan.FromHours(1)) } }
        : throw new InvalidOperationException("service:bench is no principal");

    private static Order Asked()
    {
        DateOnly day = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(3);
        day = day.DayOfWeek == DayOfWeek.Sunday ? day.AddDays(1) : day;
        return new Order
        {
            Customer = "customers/bench",
            CurrencyCode = "GBP",
            DeliveryDate = day.ToProto(),
            Lines = { new OrderLine { Bouquet = "bouquets/dozen-red-roses", Quantity = 1 } },
            DeliveryContact = new DeliveryContact
            {
                GivenName = "Mary",
                Address = new() { RegionCode = "GB", Locality = "Bristol", AddressLines = { "1 Quay Street" } },
            },
        };
    }
}
