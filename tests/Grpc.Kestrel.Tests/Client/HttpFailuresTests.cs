using System.Net;
using Grpc.Core;
using Grpc.Kestrel.Client;
using Grpc.Kestrel.Tests.Testing;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using static Grpc.Kestrel.Tests.Probe.Probe;

namespace Grpc.Kestrel.Tests.Client;

public class HttpFailuresTests
{
    [Theory]
    [InlineData(400, StatusCode.Internal)]
    [InlineData(401, StatusCode.Unauthenticated)]
    [InlineData(403, StatusCode.PermissionDenied)]
    [InlineData(404, StatusCode.Unimplemented)]
    [InlineData(429, StatusCode.Unavailable)]
    [InlineData(502, StatusCode.Unavailable)]
    [InlineData(503, StatusCode.Unavailable)]
    [InlineData(504, StatusCode.Unavailable)]
    [InlineData(500, StatusCode.Unknown)]
    [InlineData(418, StatusCode.Unknown)]
    [InlineData(302, StatusCode.Unknown)]
    public async Task A_bare_http_answer_has_the_status_of_its_code(int http, StatusCode status)
    {
        RpcException error = await ErrorOf(context =>
        {
            context.Response.StatusCode = http;
            return Task.CompletedTask;
        });

        Assert.Equal(status, error.StatusCode);
        Assert.Equal($"Bad gRPC response. HTTP status code: {http}", error.Status.Detail);
    }

    [Fact]
    public async Task A_grpc_status_wins_over_the_http_status()
    {
        RpcException error = await ErrorOf(context =>
        {
            context.Response.StatusCode = 503;
            context.Response.Headers["grpc-status"] = "5";
            context.Response.Headers["grpc-message"] = "gone%21";
            return Task.CompletedTask;
        });

        Assert.Equal((StatusCode.NotFound, "gone!"), (error.StatusCode, error.Status.Detail));
    }

    [Theory]
    [InlineData("text/html", StatusCode.Unknown)]
    [InlineData("application/grpc", StatusCode.Internal)]
    public async Task An_answer_without_a_grpc_status_is_an_error(string contentType, StatusCode status)
    {
        RpcException error = await ErrorOf(context =>
        {
            context.Response.ContentType = contentType;
            return Task.CompletedTask;
        });

        Assert.Equal(status, error.StatusCode);
    }

    [Theory]
    [InlineData(0x0, StatusCode.Internal)]
    [InlineData(0x1, StatusCode.Internal)]
    [InlineData(0x2, StatusCode.Internal)]
    [InlineData(0x8, StatusCode.Cancelled)]
    [InlineData(0xB, StatusCode.ResourceExhausted)]
    [InlineData(0xC, StatusCode.PermissionDenied)]
    public async Task A_reset_stream_has_the_status_of_its_error(int errorCode, StatusCode status)
    {
        RpcException error = await ErrorOf(async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.StartAsync();
            context.Features.GetRequiredFeature<IHttpResetFeature>().Reset(errorCode);
        });

        Assert.Equal(status, error.StatusCode);
    }

    [Fact]
    public void A_refused_stream_is_unavailable()
    {
        Assert.Equal(StatusCode.Unavailable, HttpFailures.OfReset(0x7));
    }

    [Fact]
    public void A_connection_that_fails_while_a_request_is_sent_is_unavailable() => Assert.All(
        (Exception[])[new HttpRequestException(), new IOException(), new TaskCanceledException()],
        error => Assert.Equal(StatusCode.Unavailable, HttpFailures.OfException(error).StatusCode));

    [Fact]
    public async Task Two_responses_where_there_must_be_one_are_an_internal_error()
    {
        RpcException error = await ErrorOf(async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.BodyWriter.WriteAsync(new byte[10]);
            context.Response.AppendTrailer("grpc-status", "0");
        });

        Assert.Equal(StatusCode.Internal, error.StatusCode);
    }

    [Fact]
    public async Task Status_ok_without_a_response_is_an_internal_error()
    {
        RpcException error = await ErrorOf(context =>
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = "0";
            return Task.CompletedTask;
        });

        Assert.Equal(StatusCode.Internal, error.StatusCode);
    }

    private static async Task<RpcException> ErrorOf(RequestDelegate answer)
    {
        await using ProbeServer server = await ProbeServer.Start(
            map: app => app.MapPost("/probe.v1.Probe/Unary", answer));
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        return await Assert.ThrowsAsync<RpcException>(async () => await new ProbeClient(channel).UnaryAsync(new()));
    }
}
