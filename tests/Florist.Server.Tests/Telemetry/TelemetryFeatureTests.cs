using System.Net;
using Florist.Kernel;
using Florist.Server.Telemetry;
using Florist.Server.Tests.Testing;
using Florist.Tests.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Florist.Server.Tests.Telemetry;

public sealed class TelemetryFeatureTests(LocalServer server) : IClassFixture<LocalServer>
{
    [Fact]
    public async Task The_measurements_tell_of_grains_commits_and_requests()
    {
        await server.Send(
            HttpMethod.Post, "/v1/customers", """{"givenName": "Anna"}""", server.Token(CallerKind.Staff, "anna"));

        using HttpClient client = new() { BaseAddress = server.Pages };
        string text = await client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

        Assert.Contains("# TYPE florist_sql_batch_writes histogram", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE orleans_catalog_activations gauge", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE http_server_request_duration_seconds histogram", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Anna", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", null, null, null, true, true)]
    [InlineData("::1", null, null, null, true, true)]
    [InlineData("127.0.0.1", null, null, null, false, false)]
    [InlineData("::1", null, "secret", null, false, false)]
    [InlineData("127.0.0.1", "Bearer secret", "secret", null, false, true)]
    [InlineData("10.0.0.7", null, null, null, true, false)]
    [InlineData("10.0.0.7", null, "secret", null, true, false)]
    [InlineData("10.0.0.7", "Bearer wrong", "secret", null, true, false)]
    [InlineData("10.0.0.7", "Bearer secret", "secret", null, true, true)]
    [InlineData("10.0.0.7", "Bearer ", "", null, true, false)]
    [InlineData("127.0.0.1", null, "secret", "203.0.113.9", true, false)]
    public void Holders_of_the_token_read_them_and_this_machine_where_it_is_trusted(
        string from, string? authorization, string? token, string? forwardedFor, bool trustsThisMachine, bool expected)
    {
        DefaultHttpContext http = new();
        http.Connection.RemoteIpAddress = IPAddress.Parse(from);
        http.Request.Headers.Authorization = authorization;
        if (forwardedFor is not null)
        {
            http.Request.Headers["X-Forwarded-For"] = forwardedFor;
        }

        Assert.Equal(expected, MetricsAccess.Allows(http, token, trustsThisMachine));
    }

    [Fact]
    public async Task Traces_and_measurements_reach_a_collector()
    {
        TaskCompletionSource traces = new();
        TaskCompletionSource metrics = new();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using WebApplication collector = builder.Build();
        collector.Urls.Add("http://127.0.0.1:0");
        collector.MapPost("/v1/traces", () => traces.TrySetResult());
        collector.MapPost("/v1/metrics", () => metrics.TrySetResult());
        await collector.StartAsync(TestContext.Current.CancellationToken);
        string address = collector.Urls.First();

        using TempFolder folder = new();
        await using (ServerProcess process = await ServerProcess.Start(
            folder.Path, $"--Telemetry:OtlpEndpoint={address}", "--Telemetry:TraceShare=1"))
        {
            using HttpClient client = new() { BaseAddress = process.Pages };
            await client.GetStringAsync("/v1/bouquets?page_size=1", TestContext.Current.CancellationToken);
            Assert.Equal(0, await process.Stop());
        }

        await traces.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await metrics.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }
}
