using System.Net;
using Florist.Adapters.Proofs;
using Florist.Delivery;
using Florist.Delivery.Streaming;
using Florist.Kernel;
using Florist.Protos.Delivery.V1;
using Florist.Tests.Orders;
using Florist.Tests.Testing;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Orleans;

namespace Florist.Tests.Delivery.Streaming;

/// <summary>The services of deliveries on a real HTTP/2 server, over real orders on real storage.</summary>
internal sealed class CourierServer : IAsyncDisposable
{
    private readonly List<GrpcChannel> channels = [];
    private WebApplication app;

    private CourierServer(TestShop shop, WebApplication app)
    {
        (Shop, this.app) = (shop, app);
    }

    public TestShop Shop { get; }

    public static async Task<CourierServer> Start(Action<DeliveryOptions>? configure = null)
    {
        TestShop shop = await OrderShop.Start(services =>
        {
            services.RemoveAll<EventTopic>();
            services.AddDelivery();
            services.AddProofs();
            services.Configure<ProofsOptions>(options => options.Folder = Path.Combine(
                Path.GetTempPath(), $"florist-proofs-{Environment.ProcessId}", Guid.CreateVersion7().ToString("N")));
            services.Configure<DeliveryOptions>(options => options.LegWaitMsMax = 0);
            services.Configure<DeliveryOptions>(options => configure?.Invoke(options));
        });
        return new CourierServer(shop, await Serve(shop));
    }

    /// <summary>Kills the server, and starts another one on the same data.</summary>
    public async Task Crash()
    {
        await StopServing();
        await Shop.Restart(crash: true);
        app = await Serve(Shop);
    }

    /// <summary>Places and pays an order; its delivery d1 is pending.</summary>
    public async Task Order(string id)
    {
        await Shop.Grain<Florist.Orders.IOrderGrain>(id).Place(OrderSamples.Place(id));
        await Shop.RunDue();
    }

    /// <summary>Places an order and gives its delivery to a courier.</summary>
    public async Task Order(string id, CourierId courier)
    {
        await Order(id);
        (await Shop.Grain<IDeliveryGrain>(id).Assign(new(null, Deliveries.First, Deliveries.Anna, courier, null)))
            .OrThrow();
    }

    public async Task<DeliveryRecord> Delivery(string order) =>
        (await Shop.Grain<IDeliveryGrain>(order).Deliveries()).OrThrow()[0];

    public CourierService.CourierServiceClient Couriers(string caller = "Courier:swift") => new(Invoker(caller));

    public DeliveryService.DeliveryServiceClient Dispatch(string caller = "Staff:anna") => new(Invoker(caller));

    /// <summary>Sends a request over HTTP/2.</summary>
    public async Task<HttpResponseMessage> Send(HttpMethod method, string path, byte[]? body = null)
    {
        using HttpClient http = new();
        using HttpRequestMessage request = new(method, app.Urls.First() + path)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = body is null ? null : new ByteArrayContent(body),
        };
        return await http.SendAsync(request);
    }

    /// <summary>Sends a webhook, and answers the status.</summary>
    public async Task<int> Webhook(string courier, byte[] body, string header, string value)
    {
        using HttpClient http = new();
        using HttpRequestMessage request = new(HttpMethod.Post, $"{app.Urls.First()}/webhooks/couriers/{courier}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Headers.TryAddWithoutValidation(header, value);
        using HttpResponseMessage response = await http.SendAsync(request);
        return (int)response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        await StopServing();
        await Shop.DisposeAsync();
    }

    private static async Task<WebApplication> Serve(TestShop shop)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(
            IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(shop.Get<IGrainFactory>());
        builder.Services.AddSingleton(shop.Get<CourierIntake>());
        builder.Services.AddSingleton(shop.Get<CourierStreamHost>());
        builder.Services.AddSingleton(shop.Get<ICourierQueries>());
        builder.Services.AddSingleton(shop.Get<ISeal>());
        builder.Services.AddSingleton(shop.Get<Florist.Delivery.Webhooks.CourierWebhooks>());
        builder.Services.AddSingleton(shop.Get<IIds>());
        builder.Services.AddSingleton(shop.Get<Watches>());
        builder.Services.AddSingleton(shop.Get<ProofLinks>());
        builder.Services.AddSingleton(shop.Get<Florist.Delivery.Proofs.ProofDoor>());
        builder.Services.AddSingleton(shop.Get<Microsoft.Extensions.Options.IOptions<DeliveryOptions>>());
        builder.Services.AddGrpc(grpc => grpc.Interceptors.Add<NamedCaller>());
        WebApplication app = builder.Build();
        app.MapDelivery();
        await app.StartAsync();
        return app;
    }

    private async Task StopServing()
    {
        channels.ForEach(channel => channel.Dispose());
        channels.Clear();
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(10));
        await app.StopAsync(patience.Token);
        await app.DisposeAsync();
    }

    private CallInvoker Invoker(string caller)
    {
        GrpcChannel channel = GrpcChannel.ForAddress(app.Urls.First());
        channels.Add(channel);
        return channel.Intercept(metadata =>
        {
            metadata.Add(NamedCaller.Header, caller);
            return metadata;
        });
    }
}

/// <summary>
/// Takes the caller from a header, as <c>Courier:swift</c>: who calls is the edge's to find out, not tested here.
/// </summary>
internal sealed class NamedCaller : Interceptor
{
    public const string Header = "x-caller";

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Name(context);
        return continuation(request, context);
    }

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Name(context);
        return continuation(requestStream, responseStream, context);
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Name(context);
        return continuation(request, responseStream, context);
    }

    private static void Name(ServerCallContext context)
    {
        string[] named = (context.RequestHeaders.GetValue(Header) ?? ":").Split(':');
        Caller.Set(context, new Caller(Enum.Parse<CallerKind>(named[0]), named[1]));
    }
}
