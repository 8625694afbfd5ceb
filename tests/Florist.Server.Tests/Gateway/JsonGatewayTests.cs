using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Florist.Kernel;
using Florist.Server.Tests.Testing;
using Florist.Tests.Testing.Npm;

namespace Florist.Server.Tests.Gateway;

public sealed class JsonGatewayTests(LocalServer server) : IClassFixture<LocalServer>
{
    private const string Customer = """{"givenName": "Anna", "email": "anna@example.com"}""";

    private string Staff => server.Token(CallerKind.Staff, "anna");

    [Fact]
    public async Task A_customer_is_created_read_and_changed()
    {
        (_, JsonNode? made) = await server.Send(HttpMethod.Post, "/v1/customers", Customer, Staff);
        string name = (string)made!["name"]!;
        (_, JsonNode? changed) = await server.Send(
            HttpMethod.Patch, $"/v1/{name}?updateMask=givenName", """{"givenName": "Änne"}""", Staff);
        (HttpResponseMessage read, JsonNode? customer) = await server.Send(
            HttpMethod.Get, $"/v1/{name}", token: Staff);

        Assert.Equal("Änne", (string?)changed?["givenName"]);
        Assert.Equal("application/json", read.Content.Headers.ContentType?.MediaType);
        Assert.Equal("Änne", (string?)customer?["givenName"]);
        Assert.Equal("anna@example.com", (string?)customer?["email"]);
        Assert.DoesNotContain(read.Headers, header => header.Key.StartsWith("grpc-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_repeat_with_the_same_request_id_gets_the_same_answer()
    {
        const string path = "/v1/customers?requestId=5f0b4a52-1c9f-4c55-9f0e-7d1a1b2c3d4e";
        (_, JsonNode? first) = await server.Send(HttpMethod.Post, path, Customer, Staff);
        (_, JsonNode? second) = await server.Send(HttpMethod.Post, path, Customer, Staff);

        Assert.Equal((string?)first?["name"], (string?)second?["name"]);
    }

    [Theory]
    [InlineData("GET", "/v1/customers", null, 401, "UNAUTHENTICATED", "TOKEN_MISSING")]
    [InlineData("GET", "/v1/bouquets/none", null, 404, "NOT_FOUND", "NOT_FOUND")]
    [InlineData("GET", "/v1/bouquets?pageSize=-1", null, 400, "INVALID_ARGUMENT", "NEGATIVE")]
    [InlineData("GET", "/v1/nothing", null, 404, "NOT_FOUND", "PATH_UNKNOWN")]
    [InlineData("PUT", "/v1/customers", "{}", 405, "UNIMPLEMENTED", "METHOD_NOT_ALLOWED")]
    public async Task An_error_has_the_published_form(
        string verb, string path, string? body, int code, string status, string reason)
    {
        (HttpResponseMessage response, JsonNode? json) = await server.Send(new HttpMethod(verb), path, body);

        JsonNode error = Assert.IsType<JsonObject>(json?["error"]);
        Assert.Equal(code, (int)response.StatusCode);
        Assert.Equal(code, (int)error["code"]!);
        Assert.Equal(status, (string?)error["status"]);
        Assert.Equal(reason, (string?)error["details"]![0]!["reason"]);
        Assert.Equal("type.googleapis.com/google.rpc.ErrorInfo", (string?)error["details"]![0]!["@type"]);
    }

    [Fact]
    public async Task A_refused_request_names_its_fields_and_changes_nothing()
    {
        (HttpResponseMessage response, JsonNode? json) = await server.Send(
            HttpMethod.Post, "/v1/customers", """{"email": "nobody", "colour": "red"}""", Staff);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("customer.colour", (string?)json?["error"]!["details"]![1]!["fieldViolations"]![0]!["field"]);
    }

    [Fact]
    public async Task Nobody_reaches_another_customer()
    {
        (_, JsonNode? made) = await server.Send(HttpMethod.Post, "/v1/customers", Customer, Staff);
        (HttpResponseMessage response, _) = await server.Send(
            HttpMethod.Get, $"/v1/{made!["name"]}", token: server.Token(CallerKind.Customer, "somebody-else"));

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task Other_bodies_and_too_large_ones_are_refused()
    {
        (HttpResponseMessage xml, _) = await server.Send(HttpMethod.Post, "/v1/customers", "<a/>", Staff, "text/xml");
        string large = $$"""{"givenName": "{{new string('x', 2 << 20)}}"}""";
        (HttpResponseMessage big, _) = await server.Send(HttpMethod.Post, "/v1/customers", large, Staff);

        (HttpResponseMessage lines, _) = await server.Send(
            HttpMethod.Post, "/v1/customers", "{}", Staff, "application/json-seq");

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, xml.StatusCode);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, lines.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, big.StatusCode);
    }

    [Fact]
    public async Task A_stream_comes_line_by_line_while_it_goes_on()
    {
        string order = await PlaceOrder();
        using HttpClient client = new() { BaseAddress = server.Pages };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Staff);
        using HttpResponseMessage response = await client.GetAsync(
            $"/v1/{order}:watch", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using StreamReader lines = new(
            await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));

        JsonNode? snapshot = JsonNode.Parse((await lines.ReadLineAsync(TestContext.Current.CancellationToken))!);
        await server.Send(HttpMethod.Post, $"/v1/{order}:cancel", "{}", Staff);
        string? line = "";
        JsonNode? last = null;
        while ((line = await lines.ReadLineAsync(TestContext.Current.CancellationToken)) is not null)
        {
            last = JsonNode.Parse(line);
        }

        Assert.Equal("application/x-ndjson", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("SNAPSHOT", (string?)snapshot?["change"]);
        Assert.Equal("FINAL", (string?)last?["change"]);
    }

    [Fact]
    public async Task A_stream_that_is_refused_answers_as_any_other_call()
    {
        (HttpResponseMessage response, JsonNode? json) = await server.Send(
            HttpMethod.Get, "/v1/orders/none:watch", token: Staff);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("NOT_FOUND", (string?)json?["error"]!["status"]);
    }

    [Fact]
    public async Task Curl_gets_a_bouquet()
    {
        Assert.SkipUnless(
            await Tool.Exists("curl", TestContext.Current.CancellationToken), "curl is not on the PATH");

        ToolRun run = await Tool.Run(
            "curl",
            ["--silent", "--fail", $"{server.Pages}v1/bouquets?page_size=1"],
            Path.GetTempPath(),
            TimeSpan.FromMinutes(1),
            TestContext.Current.CancellationToken);

        Assert.True(run.ExitCode == 0, run.Said);
        Assert.Single((JsonArray)JsonNode.Parse(run.Output)!["bouquets"]!);
    }

    [Fact]
    public async Task The_same_paths_answer_over_HTTP_2()
    {
        using HttpClient client = new()
        {
            BaseAddress = server.Address,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        string text = await client.GetStringAsync("/v1/bouquets?page_size=1", TestContext.Current.CancellationToken);

        Assert.Single((JsonArray)JsonNode.Parse(text)!["bouquets"]!);
    }

    private async Task<string> PlaceOrder()
    {
        (_, JsonNode? made) = await server.Send(HttpMethod.Post, "/v1/customers", Customer, Staff);
        (_, JsonNode? bouquets) = await server.Send(HttpMethod.Get, "/v1/bouquets?page_size=100");
        JsonNode bouquet = ((JsonArray)bouquets!["bouquets"]!)
            .First(one => ((JsonArray)one!["months"]!).Count is 0 or 12)!;

        // A Wednesday, when every shop delivers.
        DateTimeOffset day = TimeProvider.System.GetUtcNow().AddDays(7);
        day = day.AddDays((DayOfWeek.Wednesday - day.DayOfWeek + 7) % 7);
        string order = $$"""
            {
              "paymentToken": "tok_test",
              "order": {
                "customer": "{{made!["name"]}}",
                "currencyCode": "GBP",
                "hazardsAcknowledged": true,
                "lines": [{"bouquet": "{{bouquet["name"]}}", "quantity": 1}],
                "deliveryDate": {"year": {{day.Year}}, "month": {{day.Month}}, "day": {{day.Day}}},
                "deliveryContact": {
                  "givenName": "Rose",
                  "address": {
                    "regionCode": "GB", "postalCode": "SW1A 1AA", "locality": "London", "addressLines": ["1 Rose Lane"]
                  }
                }
              }
            }
            """;
        (_, JsonNode? placed) = await server.Send(HttpMethod.Post, "/v1/orders", order, Staff);
        return (string?)placed?["name"] ?? throw new InvalidOperationException(placed?.ToJsonString());
    }
}
