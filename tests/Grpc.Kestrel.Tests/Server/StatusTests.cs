using Grpc.Core;
using Grpc.Kestrel.Tests.Testing;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grpc.Kestrel.Tests.Server;

public class StatusTests
{
    [Fact]
    public async Task A_unary_answer_ends_with_trailers()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();

        RawAnswer answer = await client.Call(RawCall.Request("Unary", RawCall.Frame("hello")));

        Assert.Equal("0", answer.Trailers["grpc-status"]);
        Assert.False(answer.Headers.ContainsKey("grpc-status"));
        Assert.False(answer.Trailers.ContainsKey("grpc-message"));
    }

    [Fact]
    public async Task An_empty_stream_of_responses_is_trailers_only()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();

        RawAnswer answer = await client.Call(RawCall.Request("Spread", RawCall.Frame("x", number: 0)));

        Assert.Equal("0", answer.Status);
        Assert.True(answer.IsTrailersOnly);
    }

    [Fact]
    public async Task A_refusal_sends_its_status_and_its_trailers()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();

        RawAnswer answer = await client.Call(RawCall.Request("Unary", RawCall.Frame("no such order", "refuse", 5)));

        Assert.Equal(("5", "no such order"), (answer.Status, answer.Message));
        Assert.True(answer.IsTrailersOnly);
        Assert.Equal("because", answer.Headers["reason"]);
        Assert.Equal("AAH+/w==", answer.Headers["detail-bin"]);
        Assert.DoesNotContain(
            server.Log.Lines, line => line.Text.Contains("no such order", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refusal_after_messages_goes_into_the_trailers()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();

        RawAnswer answer = await client.Call(RawCall.Request("Spread", RawCall.Frame("x", "then refuse", 2)));

        Assert.Equal(2, answer.Messages.Count);
        Assert.Equal(("9", "no more"), (answer.Trailers["grpc-status"], answer.Trailers["grpc-message"]));
    }

    [Theory]
    [InlineData("100% \t\r\n \u263A \U0001F608 ~ \"q\" \u00E9",
        "100%25 %09%0D%0A %E2%98%BA %F0%9F%98%88 ~ \"q\" %C3%A9")]
    [InlineData("plain text: it's fine!", "plain text: it's fine!")]
    public async Task The_text_of_a_status_is_percent_encoded_where_it_must_be(string text, string encoded)
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();

        RawAnswer answer = await client.Call(RawCall.Request("Unary", RawCall.Frame(text, "refuse", 3)));

        Assert.Equal(encoded, answer.Message);
    }

    [Fact]
    public async Task An_exception_is_unknown_and_its_text_stays_inside()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();

        RawAnswer answer = await client.Call(RawCall.Request("Unary", RawCall.Frame("a secret", "throw")));

        Assert.Equal(("2", "Exception was thrown by handler."), (answer.Status, answer.Message));
        Assert.Contains(server.Log.Lines, line => line.Level == LogLevel.Error
            && line.Text.Contains("/probe.v1.Probe/Unary", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_exception_is_described_when_details_are_enabled()
    {
        await using ProbeServer server = await ProbeServer.Start(options => options.EnableDetailedErrors = true);
        using HttpClient client = server.CreateHttpClient();

        RawAnswer answer = await client.Call(RawCall.Request("Unary", RawCall.Frame("the cause", "throw")));

        Assert.Equal("Exception was thrown by handler. InvalidOperationException: the cause", answer.Message);
    }

    [Theory]
    [InlineData(10, "10")]
    [InlineData(77, "77")]
    [InlineData(-1, "-1")]
    public async Task A_status_set_by_the_handler_follows_its_message(int code, string status)
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();

        RawAnswer answer = await client.Call(RawCall.Request("Unary", RawCall.Frame("half done", "status", code)));

        Assert.Equal("half done", answer.Reply().Text);
        Assert.Equal((status, "half done"), (answer.Trailers["grpc-status"], answer.Trailers["grpc-message"]));
    }

    [Fact]
    public async Task The_text_of_an_ok_status_is_not_sent()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();

        RawAnswer answer = await client.Call(RawCall.Request("Unary", RawCall.Frame("fine", "status", 0)));

        Assert.Equal(("0", null), (answer.Status, answer.Message));
    }

    [Fact]
    public async Task A_handler_without_a_response_is_cancelled()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();

        RawAnswer answer = await client.Call(RawCall.Request("Unary", RawCall.Frame("", "nothing")));

        Assert.Equal(("1", "No message returned from method."), (answer.Status, answer.Message));
    }

    [Fact]
    public async Task Details_of_an_error_travel_in_a_trailer_to_the_client()
    {
        byte[] details = [8, 9, 18, 7, .. "no more"u8];
        await using ProbeServer server = await ProbeServer.Start(
            HttpProtocols.Http2,
            services =>
            {
                services.AddGrpc();
                services.AddSingleton(new RelayService((_, _) => throw new RpcException(
                    new Status(StatusCode.FailedPrecondition, "no more"),
                    new Metadata { { "grpc-status-details-bin", details } })));
            },
            app => app.MapGrpcService<RelayService>());
        using HttpClient wire = server.CreateHttpClient();
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);

        RawAnswer raw = await wire.Call(RawCall.Request("Unary", RawCall.Frame("")));
        RpcException error = await Assert.ThrowsAsync<RpcException>(
            async () => await new Probe.Probe.ProbeClient(channel).UnaryAsync(new Probe.ProbeRequest()));

        Assert.Equal(Convert.ToBase64String(details), raw.Headers["grpc-status-details-bin"]);
        Assert.Equal(details, error.Trailers.GetValueBytes("grpc-status-details-bin"));
    }
}
