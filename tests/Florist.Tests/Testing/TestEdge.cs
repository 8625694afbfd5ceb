using System.Net;
using Florist.Kernel;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans;

namespace Florist.Tests.Testing;

/// <summary>
/// gRPC services of a test shop on a loopback port, real from the wire to the grain. Only who calls is taken from the
/// call's metadata as it stands: whether that is proved is the server's matter and tested there.
/// </summary>
public sealed class TestEdge : IAsyncDisposable
{
    private const string CallerField = "x-test-caller";

    private readonly WebApplication app;
    private readonly GrpcChannel channel;

    private TestEdge(WebApplication app)
    {
        this.app = app;
        channel = GrpcChannel.ForAddress(app.Urls.First());
    }

    /// <summary>Starts with the services of the features under test, as <c>edge => edge.MapOccasions()</c>.</summary>
    /// <param name="shop">Whose grains, clock and keys the services use.</param>
    /// <param name="map">Maps the services.</param>
    /// <param name="more">What else the services need.</param>
    public static async Task<TestEdge> Start(
        TestShop shop, Action<IEndpointRouteBuilder> map, Action<IServiceCollection>? more = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(shop.Log);
        builder.Services.AddSingleton(shop.Get<IGrainFactory>());
        builder.Services.AddSingleton(shop.Get<ISeal>());
        builder.Services.AddSingleton(shop.Get<IIds>());
        builder.Services.AddSingleton<TimeProvider>(shop.Time);
        builder.Services.AddGrpc(grpc => grpc.Interceptors.Add<CallerOfMetadata>());
        more?.Invoke(builder.Services);
        WebApplication app = builder.Build();
        map(app);
        await app.StartAsync();
        return new TestEdge(app);
    }

    /// <summary>A client's way in as this kind of caller.</summary>
    public CallInvoker As(CallerKind kind, string id) => channel.CreateCallInvoker().Intercept(metadata =>
    {
        metadata.Add(CallerField, $"{kind}:{id}");
        return metadata;
    });

    public async ValueTask DisposeAsync()
    {
        channel.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private sealed class CallerOfMetadata : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            SetCaller(context);
            return continuation(request, context);
        }

        public override Task ServerStreamingServerHandler<TRequest, TResponse>(
            TRequest request,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            ServerStreamingServerMethod<TRequest, TResponse> continuation)
        {
            SetCaller(context);
            return continuation(request, responseStream, context);
        }

        private static void SetCaller(ServerCallContext context)
        {
            if (context.RequestHeaders.GetValue(CallerField)?.Split(':') is [string kind, string id])
            {
                Caller.Set(context, new Caller(Enum.Parse<CallerKind>(kind), id));
            }
        }
    }
}
