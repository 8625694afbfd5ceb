using Florist.Kernel;
using Florist.Protos.Customers.V1;
using Florist.Server;
using Florist.Server.Auth;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Florist.Benchmarks.Edge;

/// <summary>Customers who read themselves: token, policy, grain and message beside as many bytes.</summary>
internal static class CustomerReads
{
    private const int Calls = 20_000;

    // All callers are one customer, of whose calls so many may wait.
    private const int StreamsEach = 32;

    public static async Task Run(string folder)
    {
        Uri anyPort = new("http://127.0.0.1:0");
        ServeOptions options = new()
        {
            DataFolder = Path.Combine(folder, "data"),
            Http2Url = anyPort.ToString(),
            Announce = false,
            Settings =
            [
                "--Logging:LogLevel:Default=Warning",
                "--Auth:SigningKey=a-key-that-only-this-benchmark-knows",
            ],
        };
        await using WebApplication app = Serving.Build(options, anyPort, anyPort);
        await app.StartAsync();
        Tokens tokens = app.Services.GetRequiredService<Tokens>();
        Uri address = new(Serving.Addresses(app).Http2);
        using GrpcChannel channel = GrpcChannel.ForAddress(address);
        CustomerService.CustomerServiceClient client = new(channel);
        Customer made = await client.CreateCustomerAsync(
            new CreateCustomerRequest
            {
                CustomerId = "anna",
                Customer = new()
                {
                    GivenName = "Anna",
                    FamilyName = "Moore",
                    Email = "anna@shop.example",
                    RegionCode = "GB",
                    LanguageCode = "en-GB",
                },
            },
            As(tokens, "staff"));
        GetCustomerRequest request = new() { Name = made.Name };
        string token = As(tokens, "customer:anna").GetValue("authorization") ?? "";
        Customer answer = await client.GetCustomerAsync(request, As(tokens, "customer:anna"));

        await using WebApplication raw = await EdgeHosts.Start(EdgeBenchmarks.Frame(answer));
        LoadTool load = new(address, folder, StreamsEach);
        LoadTool bare = new(new Uri(raw.Urls.First()), folder, StreamsEach);
        byte[] frame = EdgeBenchmarks.Frame(request);
        List<(LoadResult Value, LoadResult Baseline)> rounds = await EdgeBenchmarks.InTurn(
            () => load.Run("/florist.customers.v1.CustomerService/GetCustomer", frame, Calls, authorization: token),
            () => bare.Run("/raw/echo", frame, Calls, authorization: token));
        (double reads, double exchanges) = EdgeBenchmarks.Median(rounds, result => result.RequestsPerSecond);
        Figure.Rate("edge.get_customer_per_second", reads, exchanges, goal: 0.6);
        await raw.StopAsync();
        await app.StopAsync();
    }

    private static Metadata As(Tokens tokens, string principal) =>
        Tokens.TryParsePrincipal(principal, out Caller? caller)
            ? new Metadata { { "authorization", "Bearer " + tokens.Make(caller, TimeSpan.FromHours(1)) } }
            : throw new ArgumentException($"'{principal}' is no principal");
}
