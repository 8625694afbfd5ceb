using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Florist.Protos.Catalogue.V1;
using Florist.Protos.Customers.V1;
using Florist.Server.Edge;
using Florist.Server.Gateway;
using Florist.Server.Tests.Testing;
using Florist.Tests.Testing.Npm;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Florist.Server.Tests.Edge;

public sealed class ServiceConfigTests(LocalServer server) : IClassFixture<LocalServer>
{
    private static readonly string[] Packages = ["@grpc/grpc-js@1.14.7", "@grpc/proto-loader@0.8.1"];

    private readonly JsonNode config = JsonNode.Parse(new ServiceConfig(new Contracts()).ToJson())!;

    [Fact]
    public async Task The_server_gives_it_to_whoever_asks()
    {
        using HttpClient client = new() { BaseAddress = server.Pages };

        Assert.Equal(
            new ServiceConfig(new Contracts()).ToJson(),
            await client.GetStringAsync("/service-config.json", TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("florist.orders.v1.OrderService", "GetOrder", "2s", true)]
    [InlineData("florist.orders.v1.OrderService", "ListOrders", "5s", true)]
    [InlineData("florist.orders.v1.OrderService", "QuoteOrder", "5s", true)]
    [InlineData("florist.orders.v1.OrderService", "CreateOrder", "10s", true)]
    [InlineData("florist.customers.v1.CustomerService", "UpdateCustomer", "30s", true)]
    [InlineData("florist.sandbox.v1.SandboxService", "AdvanceClock", "30s", false)]
    public void Reads_are_short_and_only_what_a_request_id_makes_safe_is_repeated(
        string service, string method, string timeout, bool retried)
    {
        JsonNode one = Assert.Single(config["methodConfig"]!.AsArray().OfType<JsonNode>(), each => each["name"]!.AsArray()
            .Any(name => (string?)name!["service"] == service && (string?)name["method"] == method));

        Assert.Equal(timeout, (string?)one["timeout"]);
        Assert.Equal(
            retried ? ["UNAVAILABLE"] : [],
            one["retryPolicy"]?["retryableStatusCodes"]!.AsArray().Select(code => (string?)code) ?? []);
    }

    [Fact]
    public void Every_method_with_one_answer_stands_in_it_once_and_no_stream_does()
    {
        string[] named = [.. config["methodConfig"]!.AsArray()
            .SelectMany(one => one!["name"]!.AsArray())
            .Select(name => $"{name!["service"]}/{name["method"]}")];

        Assert.Equal(
            new Contracts().Services.SelectMany(service => service.Methods)
                .Where(method => !method.IsClientStreaming && !method.IsServerStreaming)
                .Select(method => $"{method.Service.FullName}/{method.Name}").Order(),
            named.Order());
    }

    [Fact]
    public async Task A_client_on_grpc_js_that_loads_it_repeats_what_was_unavailable_once()
    {
        NpmFolder npm = await NpmFolder.Install("front-end", Packages);
        Flaky flaky = new();
        await using WebApplication app = await Start(flaky);
        string root = NpmFolder.RepositoryRoot;
        string script = Path.Combine(root, "tests", "Florist.Server.Tests", "Edge", "service-config.cjs");

        ToolRun run = await Tool.Run(
            "node",
            [script, new Uri(app.Urls.First()).Authority, Path.Combine(root, "protos"),
                Path.Combine(root, "docs", "service-config.json")],
            npm.Folder,
            TimeSpan.FromMinutes(1),
            TestContext.Current.CancellationToken);

        Assert.True(run.ExitCode == 0, run.Said);
        Assert.Equal(
            ["GetBouquet bouquets/tulips", "CreateCustomer customers/anna", "GetCustomer DEADLINE_EXCEEDED"],
            run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(2, flaky.Calls["GetBouquet"]);
        Assert.Equal(2, flaky.Calls["CreateCustomer"]);
        Assert.Equal(1, flaky.Calls["GetCustomer"]);
    }

    private static async Task<WebApplication> Start(Flaky flaky)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(flaky);
        WebApplication app = builder.Build();
        app.MapGrpcService<FlakyCatalogue>();
        app.MapGrpcService<FlakyCustomers>();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    /// <summary>Counts calls; the first of each method is refused.</summary>
    private sealed class Flaky
    {
        public ConcurrentDictionary<string, int> Calls { get; } = new(StringComparer.Ordinal);

        public void Pass(string method)
        {
            if (Calls.AddOrUpdate(method, 1, (_, calls) => calls + 1) == 1)
            {
                throw new RpcException(new Status(StatusCode.Unavailable, "not yet"));
            }
        }
    }

    private sealed class FlakyCatalogue(Flaky flaky) : CatalogueService.CatalogueServiceBase
    {
        public override Task<Bouquet> GetBouquet(GetBouquetRequest request, ServerCallContext context)
        {
            flaky.Pass("GetBouquet");
            return Task.FromResult(new Bouquet { Name = request.Name });
        }
    }

    private sealed class FlakyCustomers(Flaky flaky) : CustomerService.CustomerServiceBase
    {
        public override Task<Customer> CreateCustomer(CreateCustomerRequest request, ServerCallContext context)
        {
            flaky.Pass("CreateCustomer");
            return Task.FromResult(new Customer { Name = $"customers/{request.CustomerId}" });
        }

        public override async Task<Customer> GetCustomer(GetCustomerRequest request, ServerCallContext context)
        {
            flaky.Calls.AddOrUpdate("GetCustomer", 1, (_, calls) => calls + 1);
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return new Customer();
        }
    }
}
