using System.Net;
using System.Text.Json.Nodes;
using Florist.Kernel;
using Florist.Protos.Catalogue.V1;
using Florist.Server.Tests.Testing;
using Florist.Tests.Testing.Npm;
using Google.Protobuf;

namespace Florist.Server.Tests.Gateway;

public sealed class ConnectGatewayTests(LocalServer server) : IClassFixture<LocalServer>
{
    private const string ListBouquets = "/florist.catalogue.v1.CatalogueService/ListBouquets";
    private const string GetBouquet = "/florist.catalogue.v1.CatalogueService/GetBouquet";

    /// <summary>Calls an ordinary method, a refused one, and one past its deadline; prints what came of each.</summary>
    private const string Script = """
        import { createClient } from "@connectrpc/connect";
        import { createConnectTransport } from "@connectrpc/connect-web";
        import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
        import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
        import fs from "node:fs";

        const [baseUrl, contracts, token] = process.argv.slice(2);
        const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, fs.readFileSync(contracts)));
        const headers = { authorization: `Bearer ${token}` };
        for (const useBinaryFormat of [false, true]) {
          const transport = createConnectTransport({ baseUrl, useBinaryFormat });
          const catalogue = createClient(registry.getService("florist.catalogue.v1.CatalogueService"), transport);
          const customers = createClient(registry.getService("florist.customers.v1.CustomerService"), transport);
          console.log("bouquets", (await catalogue.listBouquets({ pageSize: 3 })).bouquets.length);
          const made = await customers.createCustomer({ customer: { givenName: "Zoë" } }, { headers });
          console.log("customer", (await customers.getCustomer({ name: made.name }, { headers })).givenName);
          try {
            await customers.getCustomer({ name: "customers/none" }, { headers });
          } catch (refused) {
            const reasons = refused.findDetails(registry.getMessage("google.rpc.ErrorInfo")).map((info) => info.reason);
            console.log("refused", refused.code, reasons.join());
          }
        }
        """;

    [Fact]
    public async Task The_client_of_Connect_reads_answers_and_errors_in_both_forms()
    {
        NpmFolder npm = await NpmFolder.Install(
            "connect", ["@connectrpc/connect@2.2.0", "@connectrpc/connect-web@2.2.0", "@bufbuild/protobuf@2.17.0"]);
        string script = Path.Combine(npm.Folder, "ordinary.mjs");
        string contracts = Path.Combine(npm.Folder, "contracts.protoset");
        await File.WriteAllTextAsync(script, Script, TestContext.Current.CancellationToken);
        await using (Stream resource = typeof(Bouquet).Assembly.GetManifestResourceStream("contracts.protoset")!)
        await using (FileStream file = File.Create(contracts))
        {
            await resource.CopyToAsync(file, TestContext.Current.CancellationToken);
        }

        ToolRun run = await Tool.Run(
            "node",
            [script, server.Pages.ToString().TrimEnd('/'), contracts, server.Token(CallerKind.Staff, "anna")],
            npm.Folder,
            TimeSpan.FromMinutes(1),
            TestContext.Current.CancellationToken);

        string[] once = ["bouquets 3", "customer Zoë", "refused 5 NOT_FOUND"];
        Assert.True(run.ExitCode == 0, run.Said);
        Assert.Equal([.. once, .. once], run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task An_error_has_the_form_of_the_protocol()
    {
        (HttpResponseMessage response, JsonNode? error) = await server.Send(
            HttpMethod.Post, GetBouquet, """{"name": "bouquets/none"}""");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("not_found", (string?)error?["code"]);
        Assert.Equal("google.rpc.ErrorInfo", (string?)error?["details"]![0]!["type"]);
        Assert.DoesNotContain('=', (string)error?["details"]![0]!["value"]!);
    }

    [Theory]
    [InlineData("{\"colour\": 1}", HttpStatusCode.BadRequest, "invalid_argument")]
    [InlineData("{", HttpStatusCode.BadRequest, "invalid_argument")]
    public async Task A_body_that_does_not_fit_is_refused(string body, HttpStatusCode status, string code)
    {
        (HttpResponseMessage response, JsonNode? error) = await server.Send(HttpMethod.Post, ListBouquets, body);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(code, (string?)error?["code"]);
    }

    [Theory]
    [InlineData("Connect-Timeout-Ms", "soon", HttpStatusCode.BadRequest)]
    [InlineData("Connect-Timeout-Ms", "12345678901", HttpStatusCode.BadRequest)]
    [InlineData("Connect-Timeout-Ms", "9999999999", HttpStatusCode.OK)]
    [InlineData("Connect-Timeout-Ms", "0", HttpStatusCode.GatewayTimeout)]
    [InlineData("Connect-Protocol-Version", "2", HttpStatusCode.BadRequest)]
    [InlineData("Connect-Protocol-Version", "1", HttpStatusCode.OK)]
    public async Task The_fields_of_the_protocol_are_heeded(string field, string value, HttpStatusCode expected)
    {
        using HttpClient client = new() { BaseAddress = server.Pages };
        using HttpRequestMessage request = new(HttpMethod.Post, ListBouquets)
        {
            Content = new StringContent("{}", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")),
        };
        request.Headers.Add(field, value);

        using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task A_bare_message_is_answered_with_one()
    {
        using HttpClient client = new() { BaseAddress = server.Pages };
        using ByteArrayContent body = new(new ListBouquetsRequest { PageSize = 2 }.ToByteArray());
        body.Headers.ContentType = new("application/proto");

        using HttpResponseMessage response = await client.PostAsync(
            ListBouquets, body, TestContext.Current.CancellationToken);
        byte[] answer = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

        Assert.Equal("application/proto", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(2, ListBouquetsResponse.Parser.ParseFrom(answer).Bouquets.Count);
    }

    [Fact]
    public async Task Streams_are_not_served_in_this_form()
    {
        (HttpResponseMessage response, _) = await server.Send(
            HttpMethod.Post, "/florist.orders.v1.OrderService/WatchOrder", "{}");

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }
}
