using System.Net;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grpc.Kestrel.Tests.Testing;

/// <summary>A real server on a free loopback port that speaks HTTP/2 without TLS.</summary>
internal sealed class ProbeServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private ProbeServer(WebApplication app)
    {
        this.app = app;
        Notes = app.Services.GetRequiredService<ProbeNotes>();
        Log = app.Services.GetRequiredService<CapturedLog>();
    }

    public ProbeNotes Notes { get; }

    public CapturedLog Log { get; }

    public IServiceProvider Services => app.Services;

    public Uri Address => new(app.Urls.First());

    public static Task<ProbeServer> Start(
        Action<GrpcServiceOptions>? options = null, Action<WebApplication>? map = null) =>
        Start(HttpProtocols.Http2, services => services.AddGrpc(options ?? (_ => { })), map);

    public static async Task<ProbeServer> Start(
        HttpProtocols protocols,
        Action<IServiceCollection> addServices,
        Action<WebApplication>? map = null,
        Action<ListenOptions>? secure = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(
            IPAddress.Loopback,
            0,
            listen =>
            {
                listen.Protocols = protocols;
                secure?.Invoke(listen);
            }));
        CapturedLog log = new();
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(log);
        builder.Logging.AddFilter("Grpc", LogLevel.Debug);
        builder.Services.AddSingleton(log);
        builder.Services.AddSingleton<ProbeNotes>();
        addServices(builder.Services);
        WebApplication app = builder.Build();
        (map ?? (a => a.MapGrpcService<ProbeService>()))(app);
        await app.StartAsync();
        return new ProbeServer(app);
    }

    /// <summary>A client that sends plain HTTP/2 requests with prior knowledge.</summary>
    public HttpClient CreateHttpClient() => new(new SocketsHttpHandler())
    {
        BaseAddress = Address,
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    /// <summary>Stops without waiting for calls in progress.</summary>
    public async Task Abort()
    {
        using CancellationTokenSource atOnce = new();
        await atOnce.CancelAsync();
        await app.StopAsync(atOnce.Token);
    }

    /// <summary>Stops, waiting as long as this for calls in progress.</summary>
    public async Task Stop(TimeSpan limit)
    {
        using CancellationTokenSource patience = new(limit);
        await app.StopAsync(patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        Notes.Release();
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(10));
        await app.StopAsync(patience.Token);
        await app.DisposeAsync();
    }
}
