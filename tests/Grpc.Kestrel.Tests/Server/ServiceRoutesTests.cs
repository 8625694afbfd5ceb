using System.Net;
using Grpc.AspNetCore.Server;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Grpc.Kestrel.Tests.Probe;
using Grpc.Kestrel.Tests.Testing;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using static Grpc.Kestrel.Tests.Probe.Probe;

namespace Grpc.Kestrel.Tests.Server;

public class ServiceRoutesTests
{
    [Fact]
    public async Task Endpoints_carry_class_attributes_before_method_attributes_and_take_preflights()
    {
        await using ProbeServer server = await ProbeServer.Start(map: app => app.MapGrpcService<Marked>());

        Endpoint endpoint = EndpointOf(server, "/probe.v1.Probe/Unary");

        Assert.Equal(
            ["class", "method"], endpoint.Metadata.GetOrderedMetadata<MarkAttribute>().Select(mark => mark.Text));
        GrpcMethodMetadata method = endpoint.Metadata.GetRequiredMetadata<GrpcMethodMetadata>();
        Assert.Equal((typeof(Marked), "/probe.v1.Probe/Unary"), (method.ServiceType, method.Method.FullName));
        HttpMethodMetadata http = endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>();
        Assert.Equal("POST", Assert.Single(http.HttpMethods));
        Assert.True(http.AcceptCorsPreflight);
    }

    [Fact]
    public async Task Conventions_reach_every_method()
    {
        await using ProbeServer server = await ProbeServer.Start(map: app => app.MapGrpcService<ProbeService>()
            .WithMetadata(new MarkAttribute("convention")));

        IEnumerable<Endpoint> marked = Endpoints(server)
            .Where(endpoint => endpoint.Metadata.GetMetadata<MarkAttribute>()?.Text == "convention");

        Assert.Equal(5, marked.Count());
        Assert.All(marked, endpoint => Assert.NotNull(endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()));
    }

    [Fact]
    public async Task A_method_that_hides_the_generated_one_is_not_called()
    {
        await using ProbeServer server = await ProbeServer.Start(map: app => app.MapGrpcService<Hiding>());
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);

        ProbeReply reply = await new ProbeClient(channel).UnaryAsync(new());

        Assert.Equal("overridden", reply.Text);
    }

    [Fact]
    public async Task A_service_definition_is_served_with_its_own_handlers()
    {
        Method<string, string> shout = new(
            MethodType.Unary, "text.Text", "Shout", Marshallers.StringMarshaller, Marshallers.StringMarshaller);
        Method<string, string> twice = new(
            MethodType.ServerStreaming,
            "text.Text",
            "Twice",
            Marshallers.StringMarshaller,
            Marshallers.StringMarshaller);
        await using ProbeServer server = await ProbeServer.Start(map: app => app.MapGrpcService(
            _ => ServerServiceDefinition.CreateBuilder()
                .AddMethod(shout, (request, _) => Task.FromResult(request.ToUpperInvariant()))
                .AddMethod(twice, async (request, responses, _) =>
                {
                    await responses.WriteAsync(request);
                    await responses.WriteAsync(request);
                })
                .Build()));
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        CallInvoker invoker = channel.CreateCallInvoker();

        string shouted = await invoker.AsyncUnaryCall(shout, null, default, "tulip");
        List<string> both = [];
        using AsyncServerStreamingCall<string> call = invoker.AsyncServerStreamingCall(twice, null, default, "rose");
        await foreach (string one in call.ResponseStream.ReadAllAsync())
        {
            both.Add(one);
        }

        Assert.Equal("TULIP", shouted);
        Assert.Equal(["rose", "rose"], both);
    }

    [Fact]
    public async Task Other_providers_may_add_methods_with_routes_of_their_own()
    {
        await using ProbeServer server = await ProbeServer.Start(HttpProtocols.Http2, services =>
        {
            services.AddGrpc();
            services.TryAddEnumerable(ServiceDescriptor.Singleton(typeof(IServiceMethodProvider<>), typeof(Plain<>)));
        });
        using HttpClient client = server.CreateHttpClient();

        Assert.Equal("plain", await client.GetStringAsync("/plain"));
    }

    [Fact]
    public async Task A_service_without_methods_is_noticed_in_the_log()
    {
        await using ProbeServer server = await ProbeServer.Start(map: app => app.MapGrpcService<Empty>());

        Assert.Contains(server.Log.Lines, line => line.Level == LogLevel.Warning
            && line.Text.Contains(nameof(Empty), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_group_of_routes_may_stand_before_a_service()
    {
        await using ProbeServer server = await ProbeServer.Start(
            map: app => app.MapGroup("/shop").MapGrpcService<ProbeService>());
        using HttpClient client = server.CreateHttpClient();
        HttpRequestMessage request = RawCall.Request("Unary", RawCall.Frame("hello"));
        request.RequestUri = new Uri("/shop/probe.v1.Probe/Unary", UriKind.Relative);

        RawAnswer answer = await client.Call(request);

        Assert.Equal(("0", "hello"), (answer.Status, answer.Reply().Text));
    }

    [Fact]
    public async Task A_preflight_without_cors_is_not_allowed()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();
        using HttpRequestMessage preflight = new(HttpMethod.Options, "/probe.v1.Probe/Unary");
        preflight.Version = HttpVersion.Version20;
        preflight.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        preflight.With("origin", "https://shop.example").With("access-control-request-method", "POST");

        RawAnswer answer = await client.Call(preflight);

        Assert.Equal(405, answer.HttpStatus);
    }

    [Fact]
    public async Task A_preflight_is_answered_by_cors_where_there_is_cors()
    {
        await using ProbeServer server = await ProbeServer.Start(
            HttpProtocols.Http2,
            services => services
                .AddCors(cors => cors.AddDefaultPolicy(policy => policy.AllowAnyOrigin().AllowAnyHeader()))
                .AddGrpc(),
            app =>
            {
                app.UseCors();
                app.MapGrpcService<ProbeService>();
            });
        using HttpClient client = server.CreateHttpClient();
        using HttpRequestMessage preflight = new(HttpMethod.Options, "/probe.v1.Probe/Unary");
        preflight.Version = HttpVersion.Version20;
        preflight.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        preflight.With("origin", "https://shop.example").With("access-control-request-method", "POST");

        RawAnswer answer = await client.Call(preflight);

        Assert.Equal((204, "*"), (answer.HttpStatus, answer.Headers["access-control-allow-origin"]));
    }

    private static Endpoint EndpointOf(ProbeServer server, string route) => Endpoints(server)
        .Single(endpoint => endpoint is RouteEndpoint found && found.RoutePattern.RawText == route);

    private static IEnumerable<Endpoint> Endpoints(ProbeServer server) =>
        server.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints);

    [AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
    private sealed class MarkAttribute(string text) : Attribute
    {
        public string Text { get; } = text;
    }

    [Mark("class")]
    private sealed class Marked : ProbeBase
    {
        [Mark("method")]
        public override Task<ProbeReply> Unary(ProbeRequest request, ServerCallContext context) =>
            Task.FromResult(new ProbeReply());
    }

    private class Overriding : ProbeBase
    {
        public override Task<ProbeReply> Unary(ProbeRequest request, ServerCallContext context) =>
            Task.FromResult(new ProbeReply { Text = "overridden" });
    }

    private sealed class Hiding : Overriding
    {
        public static new Task<ProbeReply> Unary(ProbeRequest request, ServerCallContext context) =>
            Task.FromResult(new ProbeReply { Text = "hidden" });
    }

    private sealed class Empty
    {
    }

    private sealed class Plain<TService> : IServiceMethodProvider<TService>
        where TService : class
    {
        public void OnServiceMethodDiscovery(ServiceMethodProviderContext<TService> context) => context.AddMethod(
            new Method<string, string>(
                MethodType.Unary, "plain", "Plain", Marshallers.StringMarshaller, Marshallers.StringMarshaller),
            RoutePatternFactory.Parse("/plain"),
            [],
            http => http.Response.WriteAsync("plain"));
    }
}
