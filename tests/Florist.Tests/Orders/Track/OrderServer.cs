using System.Net;
using Florist.Catalogue;
using Florist.Delivery;
using Florist.Kernel;
using Florist.Orders;
using Florist.Protos.Orders.V1;
using Florist.Tests.Delivery;
using Florist.Tests.Delivery.Streaming;
using Florist.Tests.Testing;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;

namespace Florist.Tests.Orders.Track;

/// <summary>The service of orders on a real HTTP/2 server, over real orders on real storage.</summary>
internal sealed class OrderServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly List<GrpcChannel> channels = [];
    private readonly WebApplication app;

    private OrderServer(TestShop shop, WebApplication app)
    {
        (Shop, this.app) = (shop, app);
    }

    public TestShop Shop { get; }

    public static async Task<OrderServer> Start()
    {
        TestShop shop = await OrderShop.Start();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(
            IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(shop.Get<IGrainFactory>());
        builder.Services.AddSingleton(shop.Get<IOrderQueries>());
        builder.Services.AddSingleton(shop.Get<IPromiseQueries>());
        builder.Services.AddSingleton(shop.Get<PaymentWebhook>());
        builder.Services.AddSingleton(shop.Get<OrderHolds>());
        builder.Services.AddSingleton(shop.Get<ICatalogue>());
        builder.Services.AddSingleton(shop.Get<OrderHolds>());
        builder.Services.AddSingleton(shop.Get<IOptions<OrdersOptions>>());
        builder.Services.AddSingleton(shop.Get<TimeProvider>());
        builder.Services.AddSingleton(shop.Get<IIds>());
        builder.Services.AddSingleton(shop.Get<ISeal>());
        builder.Services.AddSingleton(shop.Get<OrderHolds>());
        builder.Services.AddSingleton(shop.Get<TrackingTokens>());
        builder.Services.AddSingleton(shop.Get<Watches>());
        builder.Services.AddSingleton(new ProofLinks(shop.Get<ISeal>(), Options.Create(new DeliveryOptions())));
        builder.Services.AddGrpc(grpc => grpc.Interceptors.Add<NamedCaller>());
        WebApplication app = builder.Build();
        app.MapOrders();
        await app.StartAsync();
        return new OrderServer(shop, app);
    }

    public OrderService.OrderServiceClient Orders(string caller = "Customer:anna")
    {
        GrpcChannel channel = GrpcChannel.ForAddress(app.Urls.First());
        channels.Add(channel);
        return new OrderService.OrderServiceClient(channel.Intercept(metadata =>
        {
            metadata.Add(NamedCaller.Header, caller);
            return metadata;
        }));
    }

    /// <summary>Places and pays an order; its delivery d1 is with the courier Swift, not collected.</summary>
    public async Task Order(string id, PlaceOrder? command = null)
    {
        (await Shop.Grain<IOrderGrain>(id).Place(command ?? OrderSamples.Place(id))).OrThrow();
        await Shop.RunDue();
        (await Shop.Grain<IDeliveryGrain>(id).Assign(
            new(null, Deliveries.First, Deliveries.Anna, Deliveries.Swift, null))).OrThrow();
    }

    /// <summary>The courier Swift reports.</summary>
    public async Task Report(string order, CourierReport report) => Assert.NotEqual(
        Disposition.Rejected,
        (await Shop.Grain<IDeliveryGrain>(order).Report(report with { OccurTime = Shop.Time.GetUtcNow() }))
            .OrThrow().Disposition);

    public static async Task<T> Next<T>(AsyncServerStreamingCall<T> call)
    {
        using CancellationTokenSource patience = new(Patience);
        Assert.True(await call.ResponseStream.MoveNext(patience.Token), "the stream ended well");
        return call.ResponseStream.Current;
    }

    /// <summary>Reads to the end, which must be a bad one, and says why.</summary>
    public static async Task<(StatusCode Code, string Reason)> Refusal<T>(AsyncServerStreamingCall<T> call) =>
        CourierCall.Reason(await Assert.ThrowsAsync<RpcException>(async () =>
        {
            using CancellationTokenSource patience = new(Patience);
            while (await call.ResponseStream.MoveNext(patience.Token))
            {
            }
        }));

    /// <summary>True when the stream has ended well.</summary>
    public static async Task<bool> HasEnded<T>(AsyncServerStreamingCall<T> call)
    {
        using CancellationTokenSource patience = new(Patience);
        return !await call.ResponseStream.MoveNext(patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        channels.ForEach(channel => channel.Dispose());
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(10));
        await app.StopAsync(patience.Token);
        await app.DisposeAsync();
        await Shop.DisposeAsync();
    }
}
