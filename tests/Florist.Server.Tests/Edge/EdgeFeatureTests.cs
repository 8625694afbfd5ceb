using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using Florist.Protos.Catalogue.V1;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Grpc.Reflection.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Florist.Server.Tests.Edge;

public class EdgeFeatureTests
{
    private const string Bouquets = "/florist.catalogue.v1.CatalogueService/GetBouquet";
    private const string Origin = "https://shop.example";
    private static readonly GetBouquetRequest Roses = new() { Name = "bouquets/dozen-red-roses" };

    [Theory]
    [InlineData("")]
    [InlineData("florist.orders.v1.OrderService")]
    public async Task Everybody_may_ask_how_the_server_and_its_services_are(string service)
    {
        await using RunningServer server = await RunningServer.Start();
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Http2);

        HealthCheckResponse answer = await new Health.HealthClient(channel).CheckAsync(
            new HealthCheckRequest { Service = service });

        Assert.Equal(ServingStatus.Serving, answer.Status);
    }

    [Fact]
    public async Task Those_who_watch_do_not_keep_the_server_from_stopping()
    {
        RunningServer server = await RunningServer.Start();
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Http2);
        using AsyncServerStreamingCall<HealthCheckResponse> watch =
            new Health.HealthClient(channel).Watch(new HealthCheckRequest());
        Assert.True(await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken));

        Task stopping = server.DisposeAsync().AsTask();

        Assert.True(await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Assert.Equal(ServingStatus.NotServing, watch.ResponseStream.Current.Status);
        Assert.False(await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        await stopping;
    }

    [Theory]
    [InlineData("Development", null, true)]
    [InlineData("Development", "false", false)]
    [InlineData("Production", null, false)]
    [InlineData("Production", "true", true)]
    public async Task Reflection_is_there_outside_production_or_where_it_is_wanted(
        string environment, string? setting, bool isThere)
    {
        await using RunningServer server = await RunningServer.Start(
            environment,
            "--Auth:SigningKey=a-key-that-only-this-test-knows-and-nobody-else",
            setting is null ? "--Edge:DrainSeconds=5" : $"--Edge:Reflection={setting}");
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Http2);
        using AsyncDuplexStreamingCall<ServerReflectionRequest, ServerReflectionResponse> call =
            new ServerReflection.ServerReflectionClient(channel).ServerReflectionInfo(
                cancellationToken: TestContext.Current.CancellationToken);

        await call.RequestStream.WriteAsync(
            new ServerReflectionRequest { ListServices = "" }, TestContext.Current.CancellationToken);
        await call.RequestStream.CompleteAsync();
        Exception? refusal = await Record.ExceptionAsync(
            () => call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));

        if (isThere)
        {
            Assert.Null(refusal);
            Assert.Contains(
                "florist.orders.v1.OrderService",
                call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name));
        }
        else
        {
            Assert.Equal(StatusCode.Unimplemented, Assert.IsType<RpcException>(refusal).StatusCode);
        }
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Browsers_call_with_gRPC_Web_on_either_port(string version)
    {
        await using RunningServer server = await RunningServer.Start();
        using HttpClient client = new() { BaseAddress = version == "2.0" ? server.Http2 : server.Http1 };

        using HttpResponseMessage answer = await client.SendAsync(
            WebCall(version), TestContext.Current.CancellationToken);
        byte[] body = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

        Assert.Equal("application/grpc-web", answer.Content.Headers.ContentType?.MediaType);
        int length = BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(1));
        Assert.Equal(Roses.Name, Bouquet.Parser.ParseFrom(body.AsSpan(5, length)).Name);
        Assert.Equal("grpc-status: 0\r\n", System.Text.Encoding.ASCII.GetString(body.AsSpan(5 + length + 5)));
    }

    [Theory]
    [InlineData(Origin, true)]
    [InlineData("https://evil.example", false)]
    public async Task Pages_of_the_named_origins_are_let_in_and_no_others(string origin, bool isLetIn)
    {
        await using RunningServer server = await RunningServer.Start("Development", $"--Edge:CorsOrigins:0={Origin}");
        using HttpClient client = new() { BaseAddress = server.Http1 };
        using HttpRequestMessage preflight = new(HttpMethod.Options, Bouquets);
        preflight.Headers.Add("origin", origin);
        preflight.Headers.Add("access-control-request-method", "POST");
        preflight.Headers.Add("access-control-request-headers", "content-type,x-grpc-web,authorization");
        using HttpRequestMessage call = WebCall("1.1");
        call.Headers.Add("origin", origin);

        using HttpResponseMessage asked = await client.SendAsync(preflight, TestContext.Current.CancellationToken);
        using HttpResponseMessage called = await client.SendAsync(call, TestContext.Current.CancellationToken);

        Assert.Equal(isLetIn, asked.Headers.Contains("access-control-allow-origin"));
        Assert.Equal(isLetIn, called.Headers.Contains("access-control-allow-origin"));
        Assert.Equal(
            isLetIn ? "grpc-status,grpc-message,grpc-status-details-bin,grpc-encoding,grpc-accept-encoding" : "",
            called.Headers.TryGetValues("access-control-expose-headers", out IEnumerable<string>? exposed)
                ? string.Join("|", exposed)
                : "");
    }

    [Fact]
    public async Task Without_named_origins_no_page_is_let_in()
    {
        await using RunningServer server = await RunningServer.Start();
        using HttpClient client = new() { BaseAddress = server.Http1 };
        using HttpRequestMessage call = WebCall("1.1");
        call.Headers.Add("origin", Origin);

        using HttpResponseMessage called = await client.SendAsync(call, TestContext.Current.CancellationToken);

        Assert.False(called.Headers.Contains("access-control-allow-origin"));
    }

    private static HttpRequestMessage WebCall(string version)
    {
        byte[] message = Roses.ToByteArray();
        byte[] frame = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        HttpRequestMessage request = new(HttpMethod.Post, Bouquets)
        {
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(frame),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc-web+proto");
        return request;
    }

    /// <summary>The whole server within the test process, with settings of the test's own.</summary>
    private sealed class RunningServer(WebApplication app, DirectoryInfo folder) : IAsyncDisposable
    {
        public Uri Http2 => new(Serving.Addresses(app).Http2);

        public Uri Http1 => new(Serving.Addresses(app).Http1);

        public static async Task<RunningServer> Start(string? environment = null, params string[] settings)
        {
            DirectoryInfo folder = Directory.CreateTempSubdirectory("florist-edge-");
            Uri anyPort = new("http://127.0.0.1:0");
            WebApplication app = Serving.Build(
                new ServeOptions
                {
                    DataFolder = folder.FullName,
                    Http2Url = anyPort.ToString(),
                    Announce = false,
                    Environment = environment ?? Environments.Development,
                    Settings = ["--Logging:LogLevel:Default=Warning", .. settings],
                },
                anyPort,
                anyPort);
            await app.StartAsync(TestContext.Current.CancellationToken);
            return new RunningServer(app, folder);
        }

        public async ValueTask DisposeAsync()
        {
            await app.StopAsync(CancellationToken.None);
            await app.DisposeAsync();
            folder.Delete(recursive: true);
        }
    }
}
