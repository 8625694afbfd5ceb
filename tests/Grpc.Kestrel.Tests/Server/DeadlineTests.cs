using System.Net;
using Grpc.Kestrel.Tests.Testing;

namespace Grpc.Kestrel.Tests.Server;

public class DeadlineTests
{
    [Fact]
    public async Task A_handler_sees_when_its_time_is_over()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();
        DateTime before = TimeProvider.System.GetUtcNow().UtcDateTime;

        await client.Call(RawCall.Request("Unary", RawCall.Frame("hello")).With("grpc-timeout", "1H"));
        SeenCall call = await server.Notes.NextCall();

        Assert.Equal(DateTimeKind.Utc, call.Deadline.Kind);
        Assert.InRange(call.Deadline, before + TimeSpan.FromHours(1), before + TimeSpan.FromHours(2));
    }

    [Theory]
    [InlineData("99999999H")]
    [InlineData("5000H")]
    public async Task A_deadline_beyond_the_range_of_timers_does_not_end_the_call(string timeout)
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();

        RawAnswer answer = await client.Call(
            RawCall.Request("Unary", RawCall.Frame("hello")).With("grpc-timeout", timeout));

        Assert.Equal("0", answer.Status);
    }

    [Theory]
    [InlineData("Unary", "wait")]
    [InlineData("Collect", "")]
    [InlineData("Chat", "")]
    public async Task When_the_deadline_passes_the_status_is_sent_and_the_handler_is_told(string method, string action)
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();
        using WaitingContent open = new([]);
        HttpRequestMessage request = action.Length > 0
            ? RawCall.Request(method, RawCall.Frame("", action))
            : RawCall.Request(method, open);

        using HttpResponseMessage response = await client.SendAsync(
            request.With("grpc-timeout", "100m"), HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal("4", Assert.Single(response.Headers.GetValues("grpc-status")));
        if (action == "wait")
        {
            await server.Notes.NextCancelled();
        }

        if (method == "Chat")
        {
            Assert.IsType<OperationCanceledException>(await server.Notes.NextEnd(), exactMatch: false);
        }
    }

    [Fact]
    public async Task After_messages_the_deadline_is_told_in_the_trailers()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();

        using HttpResponseMessage response = await client.SendAsync(
            RawCall.Request("Spread", RawCall.Frame("x", "then wait", 1)).With("grpc-timeout", "200m"),
            HttpCompletionOption.ResponseHeadersRead);
        byte[] body = await response.Content.ReadAsByteArrayAsync();

        Assert.NotEmpty(body);
        Assert.Equal("4", Assert.Single(response.TrailingHeaders.GetValues("grpc-status")));
        await server.Notes.NextCancelled();
    }

    [Fact]
    public async Task Nothing_of_a_handler_that_goes_on_reaches_the_wire()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();

        RawAnswer expired = await client.Call(
            RawCall.Request("Unary", RawCall.Frame("late", "wait deafly")).With("grpc-timeout", "50m"));
        server.Notes.Release();
        RawAnswer next = await client.Call(RawCall.Request("Unary", RawCall.Frame("hello")));

        Assert.Equal(("4", "0"), (expired.Status, next.Status));
        Assert.Empty(expired.Messages);
    }

    [Fact]
    public async Task A_deadline_that_passes_during_a_blocked_write_ends_the_write_and_the_call()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();

        // The body is not read, so the window fills up and the handler is stuck in a write.
        using HttpResponseMessage response = await client.SendAsync(
            RawCall.Request("Spread", RawCall.Frame("x", "for ever")).With("grpc-timeout", "300m"),
            HttpCompletionOption.ResponseHeadersRead);

        Exception end = await server.Notes.NextEnd();
        await server.Notes.NextCancelled();

        Assert.True(end is OperationCanceledException or InvalidOperationException, end.ToString());
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await response.Content.ReadAsByteArrayAsync();
            Assert.Equal("4", Assert.Single(response.TrailingHeaders.GetValues("grpc-status")));
            throw new HttpRequestException("ended with its status");
        });
    }

    [Theory]
    [InlineData("0m")]
    [InlineData("99n")]
    public async Task A_deadline_that_has_passed_already_does_not_start_the_handler(string timeout)
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();

        RawAnswer expired = await client.Call(
            RawCall.Request("Unary", RawCall.Frame("expired")).With("grpc-timeout", timeout));
        await client.Call(RawCall.Request("Unary", RawCall.Frame("next")).With("mark", "next"));

        Assert.Equal("4", expired.Status);
        Assert.True(expired.IsTrailersOnly);
        Assert.Equal("next", (await server.Notes.NextCall()).RequestHeaders.GetValue("mark"));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("-5m")]
    [InlineData("1X")]
    [InlineData("100000000n")]
    public async Task A_malformed_timeout_refuses_the_call(string timeout)
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();

        RawAnswer answer = await client.Call(
            RawCall.Request("Unary", RawCall.Frame("hello")).With("grpc-timeout", timeout));

        Assert.Equal("13", answer.Status);
    }

    [Fact]
    public async Task Many_calls_that_end_about_their_deadline_end_exactly_once()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();

        RawAnswer?[] answers = await Task.WhenAll(Enumerable.Range(0, 400).Select(i => CallUnlessReset(
            client, RawCall.Request("Spread", RawCall.Frame("x", "", 20)).With("grpc-timeout", $"{1 + (i % 12)}m"))));

        Assert.All(answers.OfType<RawAnswer>(), answer =>
        {
            Assert.Equal(HttpStatusCode.OK, (HttpStatusCode)answer.HttpStatus);
            Assert.True(answer.Status is "0" or "4", answer.Status);
            Assert.True(answer.Status == "4" || answer.Messages.Count == 20);
        });
        Assert.DoesNotContain(server.Log.Lines, line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }

    // A request that is still being sent when its time is up may be cut off before anything can be answered.
    private static async Task<RawAnswer?> CallUnlessReset(HttpClient client, HttpRequestMessage request)
    {
        const long cancel = 8;
        try
        {
            return await client.Call(request);
        }
        catch (HttpRequestException reset) when (reset.InnerException is HttpProtocolException { ErrorCode: cancel })
        {
            return null;
        }
    }
}
