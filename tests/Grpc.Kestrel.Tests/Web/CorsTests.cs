using Grpc.Kestrel.Tests.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.Kestrel.Tests.Web;

/// <summary>ASP.NET Core's own CORS in front of gRPC-Web: other pages ask, call and read the status.</summary>
public class CorsTests
{
    private const string Origin = "https://shop.example";

    [Theory]
    [InlineData("/probe.v1.Probe/Unary")]
    [InlineData("/probe.v1.Probe/Missing")]
    [InlineData("/no.v1.Service/Method")]
    public async Task A_preflight_is_answered_on_every_path_of_a_call(string path)
    {
        await using ProbeServer server = await Start();
        using HttpClient client = new() { BaseAddress = server.Address };
        using HttpRequestMessage request = new(HttpMethod.Options, path);
        request.With("origin", Origin).With("access-control-request-method", "POST")
            .With("access-control-request-headers", "content-type,x-grpc-web,x-user-agent,grpc-timeout,authorization");

        using HttpResponseMessage answer = await client.SendAsync(request);

        Assert.Equal(204, (int)answer.StatusCode);
        Assert.Equal(Origin, Field(answer, "access-control-allow-origin"));
        Assert.Equal("POST", Field(answer, "access-control-allow-methods"));
        Assert.Equal(
            "content-type,x-grpc-web,x-user-agent,grpc-timeout,authorization",
            Field(answer, "access-control-allow-headers"));
        Assert.Equal("7200", Field(answer, "access-control-max-age"));
    }

    [Theory]
    [InlineData("Unary")]
    [InlineData("Missing")]
    public async Task The_status_is_exposed_to_the_page_wherever_it_stands(string method)
    {
        await using ProbeServer server = await Start();
        using HttpClient client = new() { BaseAddress = server.Address };

        WebAnswer answer = await client.CallWeb(
            WebCall.Request(method, WebCall.Binary, RawCall.Frame("hello")).With("origin", Origin));

        Assert.Equal(Origin, answer.Headers["access-control-allow-origin"]);
        Assert.Equal(
            "grpc-status,grpc-message,grpc-status-details-bin,grpc-encoding,grpc-accept-encoding",
            answer.Headers["access-control-expose-headers"]);
    }

    [Fact]
    public async Task Another_origin_is_not_let_in()
    {
        await using ProbeServer server = await Start();
        using HttpClient client = new() { BaseAddress = server.Address };

        WebAnswer answer = await client.CallWeb(
            WebCall.Request("Unary", WebCall.Binary, RawCall.Frame("hello")).With("origin", "https://evil.example"));

        Assert.DoesNotContain("access-control-allow-origin", answer.Headers);
    }

    private static string Field(HttpResponseMessage answer, string name) =>
        string.Join("|", answer.Headers.GetValues(name));

    private static Task<ProbeServer> Start() => ProbeServer.Start(
        HttpProtocols.Http1,
        services =>
        {
            services.AddGrpc();
            services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
                .WithOrigins(Origin)
                .WithMethods("POST")
                .WithHeaders("content-type", "x-grpc-web", "x-user-agent", "grpc-timeout", "authorization")
                .WithExposedHeaders(
                    "grpc-status", "grpc-message", "grpc-status-details-bin", "grpc-encoding", "grpc-accept-encoding")
                .SetPreflightMaxAge(TimeSpan.FromHours(2))));
        },
        app =>
        {
            app.UseCors();
            app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
            app.MapGrpcService<ProbeService>();
        });
}
