using System.Net;
using System.Net.Http.Headers;
using Grpc.AspNetCore.Server;
using Grpc.Kestrel.Tests.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.Kestrel.Tests.Server;

public class CallAcceptanceTests
{
    [Theory]
    [InlineData("application/grpc")]
    [InlineData("application/grpc+proto")]
    [InlineData("APPLICATION/GRPC")]
    [InlineData("application/grpc; charset=utf-8")]
    [InlineData("application/grpc+proto;a=b")]
    public async Task Content_types_of_grpc_with_protobuf_are_accepted(string contentType)
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();
        HttpRequestMessage request = RawCall.Request("Unary", RawCall.Frame("hello"));
        request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);

        RawAnswer answer = await client.Call(request);

        Assert.Equal((200, "application/grpc", "0"), (answer.HttpStatus, answer.ContentType, answer.Status));
        Assert.Equal("hello", answer.Reply().Text);
        Assert.Null(answer.Message);
    }

    [Theory]
    [InlineData("application/grpcfoo")]
    [InlineData("application/grpc+json")]
    [InlineData("application/json")]
    [InlineData("application/grpc-web")]
    [InlineData(null)]
    public async Task Other_content_types_are_answered_415_without_a_body(string? contentType)
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();
        HttpRequestMessage request = RawCall.Request("Unary", RawCall.Frame("hello"));
        request.Content!.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);

        RawAnswer answer = await client.Call(request);

        Assert.Equal((415, "13"), (answer.HttpStatus, answer.Status));
        Assert.Empty(answer.Body);
    }

    [Fact]
    public async Task A_client_that_does_not_send_te_trailers_is_served()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();
        HttpRequestMessage request = RawCall.Request("Unary", RawCall.Frame("hello"));
        request.Headers.Remove("te");

        Assert.Equal("0", (await client.Call(request)).Status);
    }

    [Theory]
    [InlineData("/probe.v1.Probe/Missing", "Method is unimplemented.")]
    [InlineData("/probe.v1.Probe/unary", "Method is unimplemented.")]
    [InlineData("/probe.v1.Other/Unary", "Service is unimplemented.")]
    public async Task An_unknown_method_is_unimplemented_in_trailers_only(string path, string message)
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();
        HttpRequestMessage request = RawCall.Request("", RawCall.Frame("hello"));
        request.RequestUri = new Uri(path, UriKind.Relative);

        RawAnswer answer = await client.Call(request);

        Assert.Equal((200, "application/grpc", "12"), (answer.HttpStatus, answer.ContentType, answer.Status));
        Assert.Equal(message, answer.Message);
        Assert.True(answer.IsTrailersOnly);
    }

    [Fact]
    public async Task A_method_of_the_contract_that_the_service_does_not_write_is_unimplemented()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();

        RawAnswer answer = await client.Call(RawCall.Request("Unwritten", RawCall.Frame("hello")));

        Assert.Equal("12", answer.Status);
        Assert.True(answer.IsTrailersOnly);
    }

    [Fact]
    public async Task An_unknown_path_without_a_grpc_content_type_is_left_to_routing()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();
        HttpRequestMessage request = RawCall.Request("Missing", RawCall.Frame("hello"));
        request.Content!.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        RawAnswer answer = await client.Call(request);

        Assert.Equal((404, null), (answer.HttpStatus, answer.Status));
    }

    [Fact]
    public async Task Unknown_services_can_be_left_to_routing()
    {
        await using ProbeServer server = await ProbeServer.Start(options => options.IgnoreUnknownServices = true);
        using HttpClient client = server.CreateHttpClient();
        HttpRequestMessage request = RawCall.Request("", RawCall.Frame("hello"));
        request.RequestUri = new Uri("/probe.v1.Other/Unary", UriKind.Relative);

        RawAnswer unknownService = await client.Call(request);
        RawAnswer unknownMethod = await client.Call(RawCall.Request("Missing", RawCall.Frame("hello")));

        Assert.Equal((404, 404), (unknownService.HttpStatus, unknownMethod.HttpStatus));
    }

    [Fact]
    public async Task Only_post_is_a_call()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();
        using HttpRequestMessage request = new(HttpMethod.Get, "/probe.v1.Probe/Unary")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        RawAnswer answer = await client.Call(request);

        Assert.Equal((405, ""), (answer.HttpStatus, System.Text.Encoding.UTF8.GetString(answer.Body)));
    }

    [Fact]
    public async Task Http_1_is_asked_to_upgrade()
    {
        await using ProbeServer server = await ProbeServer.Start(
            HttpProtocols.Http1, services => services.AddGrpc());
        using HttpClient client = new() { BaseAddress = server.Address };
        HttpRequestMessage request = RawCall.Request("Unary", RawCall.Frame("hello"));
        request.Version = HttpVersion.Version11;

        RawAnswer answer = await client.Call(request);

        Assert.Equal((426, "13"), (answer.HttpStatus, answer.Status));
        Assert.Equal("HTTP/2", answer.Headers["Upgrade"]);
    }

    [Fact]
    public async Task Mapping_without_registration_says_what_is_missing()
    {
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => ProbeServer.Start(HttpProtocols.Http2, _ => { }));

        Assert.Contains("AddGrpc", error.Message, StringComparison.Ordinal);
    }
}
