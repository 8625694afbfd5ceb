using System.Net;
using System.Text.Json.Nodes;
using Florist.Kernel;
using Florist.Server.Auth;
using Florist.Server.Commands;
using Florist.Server.Edge;
using Florist.Server.Tests.Testing;
using Florist.Tests.Testing;

namespace Florist.Server.Tests.Edge;

public sealed class RoomInterceptorTests
{
    [Fact]
    public async Task A_disk_that_is_nearly_full_takes_nothing_new_and_answers_what_is_asked()
    {
        using TempFolder folder = new();
        await using ServerProcess server = await ServerProcess.Start(
            folder.Path, $"--Sqlite:FreeBytesLow={1L << 60}", $"--Sqlite:FreeBytesMin={1L << 60}");
        using HttpClient client = new() { BaseAddress = server.Pages };
        client.DefaultRequestHeaders.Authorization = new("Bearer", TokenCommand.StaffToken());
        CancellationToken cancel = TestContext.Current.CancellationToken;

        using HttpResponseMessage refused = await client.PostAsync(
            "/v1/customers", new StringContent("""{"givenName": "Anna"}""", null, "application/json"), cancel);
        JsonNode? error = JsonNode.Parse(await refused.Content.ReadAsStringAsync(cancel))?["error"];
        using HttpResponseMessage read = await client.GetAsync("/v1/bouquets?page_size=1", cancel);
        using HttpResponseMessage ready = await client.GetAsync("/readyz", cancel);
        string status = await client.GetStringAsync("/v1/engineStatus", cancel);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("RESOURCE_EXHAUSTED", (string?)error?["status"]);
        Assert.Contains("\"DISK_FULL\"", error?.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("retryDelay", error?.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal($"{1L << 60}", (string?)JsonNode.Parse(status)?["disk"]?["minBytes"]);
    }

    [Fact]
    public void Every_method_that_is_refused_then_is_one_of_the_contract() =>
        Assert.Empty(RoomInterceptor.Beginning.Except(new PolicyTable().Methods));

    [Theory]
    [InlineData(99, true, true)]
    [InlineData(100, false, true)]
    [InlineData(199, false, true)]
    [InlineData(200, false, false)]
    public void The_disk_is_full_below_one_limit_and_low_below_another(long free, bool isFull, bool isLow)
    {
        StorageRoom room = new(free, 200, 100, 0, 0);

        Assert.Equal((isFull, isLow), (room.IsFull, room.IsLow));
    }
}
