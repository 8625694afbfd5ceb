using Florist.Kernel;
using Florist.Protos.Customers.V1;
using Florist.Server;
using Florist.Server.Auth;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Florist.Benchmarks.Edge;

/// <summary>
/// The whole server with one customer in it, and a plain endpoint that sends what reading that customer sends.
/// </summary>
internal sealed class EdgeServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly WebApplication raw;

    private EdgeServer(
        WebApplication app, WebApplication raw, GetCustomerRequest request, int answerLength, string token)
    {
        (this.app, this.raw, Request, AnswerLength, Token) = (app, raw, request, answerLength, token);
        Address = new Uri(Serving.Addresses(app).Http2);
        RawAddress = new Uri(raw.Urls.First());
    }

    public Uri Address { get; }

    public Uri RawAddress { get; }

    /// <summary>Reads the customer.</summary>
    public GetCustomerRequest Request { get; }

    /// <summary>Bytes of the answer's body.</summary>
    public int AnswerLength { get; }

    /// <summary>The customer's own <c>authorization</c>.</summary>
    public string Token { get; }

    public static async Task<EdgeServer> Start(string folder)
    {
        WebApplication app = Build(folder);
        await app.StartAsync();
        using GrpcChannel channel = GrpcChannel.ForAddress(Serving.Addresses(app).Http2);
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
            As(app, "staff"));
        GetCustomerRequest request = new() { Name = made.Name };
        Metadata anna = As(app, "customer:anna");
        Customer answer = await client.GetCustomerAsync(request, anna);
        byte[] frame = EdgeBenchmarks.Frame(answer);
        WebApplication raw = await EdgeHosts.Start(frame);
        return new EdgeServer(app, raw, request, frame.Length, anna.GetValue("authorization") ?? "");
    }

    /// <summary>The server of a folder, on free ports of this machine, before it is started.</summary>
    public static WebApplication Build(string folder, params ReadOnlySpan<string> settings)
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

                // One caller makes the calls of many: the limits are to be counted with, and not to be reached.
                "--RateLimits:Customer:Reads=1000000",
                "--RateLimits:Courier:Streams=1000000",
                .. settings,
            ],
        };
        return Serving.Build(options, anyPort, anyPort);
    }

    /// <summary>The credentials of a principal such as <c>customer:anna</c>.</summary>
    public static Metadata As(WebApplication app, string principal) =>
        Tokens.TryParsePrincipal(principal, out Caller? caller)
            ? new Metadata
            {
                {
                    "authorization",
                    "Bearer " + app.Services.GetRequiredService<Tokens>().Make(caller, TimeSpan.FromHours(1))
                },
            }
            : throw new ArgumentException($"'{principal}' is no principal");

    public async ValueTask DisposeAsync()
    {
        await raw.StopAsync();
        await app.StopAsync();
        await raw.DisposeAsync();
        await app.DisposeAsync();
    }
}
