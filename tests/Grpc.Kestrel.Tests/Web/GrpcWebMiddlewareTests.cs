using System.Net;
using System.Text;
using Grpc.AspNetCore.Server;
using Grpc.AspNetCore.Web;
using Grpc.Kestrel.Tests.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.Kestrel.Tests.Web;

public class GrpcWebMiddlewareTests
{
    [Theory]
    [InlineData("1.1", HttpProtocols.Http1)]
    [InlineData("2.0", HttpProtocols.Http2)]
    public async Task A_binary_answer_ends_with_the_trailers_as_a_frame(string version, HttpProtocols protocols)
    {
        await using ProbeServer server = await Start(protocols);
        using HttpClient client = new() { BaseAddress = server.Address };

        WebAnswer answer = await client.CallWeb(
            WebCall.Request("Unary", WebCall.Binary + "+proto", RawCall.Frame("hello"), Version.Parse(version)));

        Assert.Equal((200, WebCall.Binary), (answer.HttpStatus, answer.ContentType));
        Assert.Equal("hello", answer.Reply().Text);
        Assert.Equal("grpc-status: 0\r\n", answer.TrailerLines);
        Assert.Equal(0x80, answer.Body[^21]);
    }

    [Theory]
    [InlineData("1.1", HttpProtocols.Http1)]
    [InlineData("2.0", HttpProtocols.Http2)]
    public async Task A_text_answer_is_base64_and_so_is_its_request(string version, HttpProtocols protocols)
    {
        await using ProbeServer server = await Start(protocols);
        using HttpClient client = new() { BaseAddress = server.Address };

        WebAnswer answer = await client.CallWeb(WebCall.Request(
            "Unary", WebCall.Text, WebCall.Base64(RawCall.Frame("hello")), Version.Parse(version)));

        Assert.Equal((200, WebCall.Text), (answer.HttpStatus, answer.ContentType));
        Assert.Equal(("hello", "grpc-status: 0\r\n"), (answer.Reply().Text, answer.TrailerLines));
    }

    [Fact]
    public async Task Each_message_of_a_text_stream_is_a_piece_of_its_own()
    {
        await using ProbeServer server = await Start();
        using HttpClient client = new() { BaseAddress = server.Address };

        WebAnswer answer = await client.CallWeb(WebCall.Request(
            "Spread", WebCall.Text, WebCall.Base64(RawCall.Frame("a", number: 3))));

        Assert.Equal([0, 1, 2], answer.Messages.Select((_, index) => answer.Reply(index).Number));
        string text = Encoding.ASCII.GetString(answer.Body);
        Assert.StartsWith("AAAAAAMKAWE=AAAAAAUKAWEQAQ==", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, WebCall.Binary, WebCall.Binary)]
    [InlineData(null, WebCall.Text, WebCall.Text)]
    [InlineData("*/*", WebCall.Text, WebCall.Text)]
    [InlineData(WebCall.Text, WebCall.Binary, WebCall.Text)]
    [InlineData("text/html, application/grpc-web-text+proto", WebCall.Binary, WebCall.Text)]
    [InlineData("application/grpc-web+proto", WebCall.Text, WebCall.Binary)]
    public async Task The_client_chooses_the_form_of_the_answer(string? accept, string sent, string answered)
    {
        await using ProbeServer server = await Start();
        using HttpClient client = new() { BaseAddress = server.Address };
        byte[] frame = RawCall.Frame("hello");
        HttpRequestMessage request = WebCall.Request(
            "Unary", sent, sent == WebCall.Text ? WebCall.Base64(frame) : frame);
        if (accept is not null)
        {
            request.With("accept", accept);
        }

        WebAnswer answer = await client.CallWeb(request);

        Assert.Equal((answered, "hello"), (answer.ContentType, answer.Reply().Text));
    }

    [Theory]
    [InlineData("Missing", "12")]
    [InlineData("Unwritten", "12")]
    public async Task A_status_without_messages_stands_in_the_headers(string method, string status)
    {
        await using ProbeServer server = await Start();
        using HttpClient client = new() { BaseAddress = server.Address };

        WebAnswer answer = await client.CallWeb(WebCall.Request(method, WebCall.Binary, RawCall.Frame("hello")));

        Assert.Equal((200, WebCall.Binary), (answer.HttpStatus, answer.ContentType));
        Assert.Equal(status, answer.Headers["grpc-status"]);
        Assert.Empty(answer.Body);
    }

    [Fact]
    public async Task Refusals_after_messages_carry_their_trailers_in_the_frame()
    {
        await using ProbeServer server = await Start();
        using HttpClient client = new() { BaseAddress = server.Address };

        WebAnswer after = await client.CallWeb(WebCall.Request(
            "Spread", WebCall.Binary, RawCall.Frame("a", "then refuse", 1)));
        WebAnswer echo = await client.CallWeb(
            WebCall.Request("Unary", WebCall.Binary, RawCall.Frame("x y", "trailer")));

        Assert.Equal("grpc-status: 9\r\ngrpc-message: no more\r\n", after.TrailerLines);
        Assert.Equal("echo: x y\r\ngrpc-status: 0\r\n", echo.TrailerLines);
    }

    [Fact]
    public async Task Messages_leave_one_by_one_and_a_client_that_goes_away_cancels_the_call()
    {
        await using ProbeServer server = await Start();
        using HttpClient client = new() { BaseAddress = server.Address };
        HttpRequestMessage request = WebCall.Request("Spread", WebCall.Binary, RawCall.Frame("a", "then wait", 1));
        using (HttpResponseMessage response =
            await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead))
        {
            Stream body = await response.Content.ReadAsStreamAsync();
            byte[] first = new byte[8];
            await body.ReadExactlyAsync(first);
            Assert.Equal([0, 0, 0, 0, 3, 10, 1, (byte)'a'], first);
        }

        await server.Notes.NextCancelled();
    }

    [Fact]
    public async Task A_deadline_is_told_and_the_connection_of_http_1_stays_usable()
    {
        await using ProbeServer server = await Start();
        using HttpClient client = new() { BaseAddress = server.Address };

        WebAnswer late = await client.CallWeb(WebCall.Request(
            "Spread", WebCall.Binary, RawCall.Frame("a", "then wait", 1)).With("grpc-timeout", "300m"));
        WebAnswer next = await client.CallWeb(WebCall.Request("Unary", WebCall.Binary, RawCall.Frame("hello")));

        Assert.Equal((1, "grpc-status: 4\r\n"), (late.Messages.Count, late.TrailerLines));
        Assert.Equal("hello", next.Reply().Text);
    }

    [Fact]
    public async Task Compressed_messages_keep_their_flag_and_the_trailers_are_plain()
    {
        await using ProbeServer server = await Start(options: o => o.ResponseCompressionAlgorithm = "gzip");
        using HttpClient client = new() { BaseAddress = server.Address };

        WebAnswer answer = await client.CallWeb(WebCall.Request(
            "Unary", WebCall.Binary, RawCall.Frame(new string('a', 500))).With("grpc-accept-encoding", "gzip"));

        Assert.Equal(("gzip", (byte)1), (answer.Headers["grpc-encoding"], answer.Messages[0].Flag));
        Assert.Equal("grpc-status: 0\r\n", answer.TrailerLines);
    }

    [Theory]
    [InlineData(WebCall.Binary)]
    [InlineData(WebCall.Text)]
    public async Task Large_messages_go_both_ways(string form)
    {
        await using ProbeServer server = await Start();
        using HttpClient client = new() { BaseAddress = server.Address };
        byte[] frame = RawCall.Frame(new string('a', 3 << 20), "size", 3 << 20);

        WebAnswer answer = await client.CallWeb(WebCall.Request(
            "Unary", form, form == WebCall.Text ? WebCall.Base64(frame) : frame));

        Assert.Equal((3 << 20, 3 << 20), (answer.Reply().Text.Length, answer.Reply().Payload.Length));
    }

    [Fact]
    public async Task Another_codec_is_not_supported()
    {
        await using ProbeServer server = await Start();
        using HttpClient client = new() { BaseAddress = server.Address };

        WebAnswer answer = await client.CallWeb(WebCall.Request("Unary", WebCall.Binary + "+json", [1]));

        Assert.Equal(415, answer.HttpStatus);
    }

    [Theory]
    [InlineData("nobody said so", false)]
    [InlineData("the application", true)]
    [InlineData("the service", true)]
    [InlineData("the application but not the service", false)]
    public async Task A_service_is_called_from_the_web_only_if_that_is_allowed(string who, bool isAllowed)
    {
        await using ProbeServer server = await ProbeServer.Start(
            HttpProtocols.Http1,
            services => services.AddGrpc(),
            app =>
            {
                app.UseGrpcWeb(new GrpcWebOptions
                {
                    DefaultEnabled = who.StartsWith("the application", StringComparison.Ordinal),
                });
                GrpcServiceEndpointConventionBuilder service = app.MapGrpcService<ProbeService>();
                _ = who switch
                {
                    "the service" => service.EnableGrpcWeb(),
                    "the application but not the service" => service.DisableGrpcWeb(),
                    _ => service,
                };
            });
        using HttpClient client = new() { BaseAddress = server.Address };

        WebAnswer answer = await client.CallWeb(WebCall.Request("Unary", WebCall.Binary, RawCall.Frame("hello")));

        Assert.Equal(isAllowed ? 200 : 415, answer.HttpStatus);
    }

    [Fact]
    public void The_attributes_say_what_they_are_called()
    {
        Assert.True(new EnableGrpcWebAttribute().GrpcWebEnabled);
        Assert.False(new DisableGrpcWebAttribute().GrpcWebEnabled);
    }

    private static Task<ProbeServer> Start(
        HttpProtocols protocols = HttpProtocols.Http1, Action<GrpcServiceOptions>? options = null) => ProbeServer.Start(
        protocols,
        services => services.AddGrpc(options ?? (_ => { })),
        app =>
        {
            app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
            app.MapGrpcService<ProbeService>();
        });
}
