using Grpc.Core;
using Grpc.Kestrel.Tests.Testing;

namespace Grpc.Kestrel.Tests.Server;

public class MetadataTests
{
    [Fact]
    public async Task Handlers_see_what_users_sent_and_not_what_the_protocol_sent()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();

        await client.Call(RawCall.Request("Unary", RawCall.Frame("hello"))
            .With("X-Mixed-Case", "v")
            .With("grpc-timeout", "10S")
            .With("grpc-encoding", "gzip")
            .With("grpc-accept-encoding", "gzip")
            .With("grpc-trace-bin", "AAEC"));
        SeenCall call = await server.Notes.NextCall();

        Assert.Equal(
            ["content-length", "grpc-trace-bin", "x-mixed-case"],
            call.RequestHeaders.Select(entry => entry.Key).Order());
        Assert.Equal("v", call.RequestHeaders.GetValue("x-mixed-case"));
    }

    [Theory]
    [InlineData("AAH+/w==")]
    [InlineData("AAH+/w")]
    public async Task Binary_values_come_with_or_without_padding(string encoded)
    {
        Metadata headers = await HeadersOf(request => request.With("key-bin", encoded));

        Assert.Equal([0, 1, 254, 255], headers.GetValueBytes("key-bin"));
    }

    [Fact]
    public async Task Binary_values_may_be_joined_by_commas_or_empty()
    {
        Metadata headers = await HeadersOf(request => request.With("key-bin", "AQ,Ag==, Aw,", "BA"));

        Assert.Equal(
            ["01", "02", "03", "", "04"],
            headers.GetAll("key-bin").Select(entry => Convert.ToHexString(entry.ValueBytes)));
    }

    [Fact]
    public async Task Repeated_text_stays_in_order()
    {
        Metadata headers = await HeadersOf(request => request.With("key", "one", "two, three"));

        Assert.Equal("one, two, three", string.Join(", ", headers.GetAll("key").Select(entry => entry.Value)));
    }

    [Theory]
    [InlineData("not base64!")]
    [InlineData("A")]
    [InlineData("AAH+_w")]
    public async Task A_binary_value_that_is_not_base64_refuses_the_call_and_not_the_connection(string value)
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();

        RawAnswer bad = await client.Call(RawCall.Request("Unary", RawCall.Frame("")).With("key-bin", value));
        RawAnswer good = await client.Call(RawCall.Request("Unary", RawCall.Frame("")).With("key-bin", "AAEC"));

        Assert.Equal(("13", "0"), (bad.Status, good.Status));
    }

    [Fact]
    public async Task Trailers_of_the_handler_are_sent_and_reserved_names_are_not()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();

        RawAnswer answer = await client.Call(RawCall.Request("Unary", RawCall.Frame("hello", "trailer")));

        Assert.Equal(("0", "hello"), (answer.Trailers["grpc-status"], answer.Trailers["echo"]));
    }

    [Fact]
    public async Task A_trailer_that_cannot_be_sent_turns_the_call_into_an_internal_error()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();

        RawAnswer answer = await client.Call(RawCall.Request("Unary", RawCall.Frame("caf\u00E9", "trailer")));

        Assert.Equal("13", answer.Trailers["grpc-status"]);
        Assert.False(answer.Trailers.ContainsKey("echo"));
    }

    [Fact]
    public async Task Initial_metadata_is_sent_when_asked_for_and_only_once()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();

        RawAnswer once = await client.Call(RawCall.Request("Unary", RawCall.Frame("hello", "headers")));
        RawAnswer twice = await client.Call(RawCall.Request("Unary", RawCall.Frame("hello", "headers twice")));

        Assert.Equal(("hello", "0"), (once.Headers["early"], once.Trailers["grpc-status"]));
        Assert.Equal("2", twice.Trailers["grpc-status"]);
        Assert.Empty(twice.Messages);
    }

    [Fact]
    public async Task The_context_tells_about_the_call()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();

        await client.Call(RawCall.Request("Unary", RawCall.Frame("hello")));
        SeenCall call = await server.Notes.NextCall();

        Assert.Equal("/probe.v1.Probe/Unary", call.Method);
        Assert.Equal(DateTime.MaxValue, call.Deadline);
        Assert.False(call.AuthContext.IsPeerAuthenticated);
        Assert.Equal($"127.0.0.1:{server.Address.Port}", call.Host);
        Assert.StartsWith("ipv4:127.0.0.1:", call.Peer, StringComparison.Ordinal);
    }

    private static async Task<Metadata> HeadersOf(Func<HttpRequestMessage, HttpRequestMessage> prepare)
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();
        RawAnswer answer = await client.Call(prepare(RawCall.Request("Unary", RawCall.Frame(""))));
        Assert.Equal("0", answer.Status);
        return (await server.Notes.NextCall()).RequestHeaders;
    }
}
