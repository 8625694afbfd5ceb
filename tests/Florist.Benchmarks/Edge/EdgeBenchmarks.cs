using System.Net;
using System.Net.Http.Headers;
using Florist.Protos.Catalogue.V1;
using Florist.Server;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Florist.Benchmarks.Edge;

/// <summary>What a gRPC call costs beside a bare HTTP/2 exchange of the same bytes.</summary>
internal static class EdgeBenchmarks
{
    private const int Callers = 32;

    public static async Task Run()
    {
        string folder = Directory.CreateTempSubdirectory("florist-bench-").FullName;
        Uri anyPort = new("http://127.0.0.1:0");
        ServeOptions options = new()
        {
            DataFolder = folder,
            Http2Url = anyPort.ToString(),
            Announce = false,
            Settings =
            [
                "--Logging:LogLevel:Default=Warning",
                "--Auth:SigningKey=a-key-that-only-this-benchmark-knows",
            ],
        };
        await using WebApplication app = Serving.Build(options, anyPort, anyPort);
        await app.StartAsync();
        using GrpcChannel channel = GrpcChannel.ForAddress(Serving.Addresses(app).Http2);
        CatalogueService.CatalogueServiceClient client = new(channel);
        GetBouquetRequest request = new() { Name = "bouquets/dozen-red-roses" };
        Bouquet bouquet = await client.GetBouquetAsync(request);

        await using WebApplication bare = await Echo(bouquet.ToByteArray());
        using HttpClient http = new(new SocketsHttpHandler { EnableMultipleHttp2Connections = true })
        {
            BaseAddress = new Uri(bare.Urls.First()),
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        (double calls, double exchanges) = await Measure.Both(
            () => Measure.Rate(Callers, async _ => await client.GetBouquetAsync(request)),
            () => Measure.Rate(Callers, _ => Exchange(http, request.ToByteArray())));
        Figure.Rate("edge.unary_calls_per_second_32_callers", calls, exchanges, goal: 0.5);
        await bare.StopAsync();
        await app.StopAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task Exchange(HttpClient http, byte[] request)
    {
        using ByteArrayContent content = new(request);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using HttpResponseMessage response = await http.PostAsync(new Uri("/", UriKind.Relative), content);
        await response.Content.ReadAsByteArrayAsync();
    }

    private static async Task<WebApplication> Echo(byte[] answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        WebApplication app = builder.Build();
        app.MapPost("/", async (HttpContext context) =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            await context.Response.Body.WriteAsync(answer);
        });
        await app.StartAsync();
        return app;
    }
}
