using System.Net;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Health.V1;
using Grpc.Reflection.V1;
using Grpc.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grpc.Kestrel.Tests.Testing;

/// <summary>
/// A server for clients of other implementations: the test service, health and reflection, on one port for HTTP/2 and
/// one for HTTP/1.1 with gRPC-Web for pages of every origin.
/// </summary>
internal sealed class InteropServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("grpc-interop-");

    private InteropServer(WebApplication app)
    {
        this.app = app;
        string[] addresses = [.. app.Urls];
        Http2 = new Uri(addresses[0]);
        Http1 = new Uri(addresses[1]);
        Descriptors = Path.Combine(folder.FullName, "descriptors.bin");
        File.WriteAllBytes(Descriptors, DescriptorSet());
    }

    public Uri Http2 { get; }

    public Uri Http1 { get; }

    /// <summary>A file with the contracts of the server, as clients without generated code want them.</summary>
    public string Descriptors { get; }

    public static async Task<InteropServer> Start()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddGrpc(grpc => grpc.ResponseCompressionAlgorithm = "gzip");
        builder.Services.AddGrpcReflection();
        builder.Services.AddGrpcHealthChecks();
        builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .AllowAnyOrigin().AllowAnyHeader().WithMethods("POST").WithExposedHeaders(
                "grpc-status", "grpc-message", "grpc-status-details-bin", "x-grpc-test-echo-initial",
                "x-grpc-test-echo-trailing-bin")));
        WebApplication app = builder.Build();
        app.UseCors();
        app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
        app.MapGrpcService<InteropService>();
        app.MapGrpcReflectionService();
        app.MapGrpcHealthChecksService();
        await app.StartAsync();
        return new InteropServer(app);
    }

    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(10));
        await app.StopAsync(patience.Token);
        await app.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private static byte[] DescriptorSet()
    {
        FileDescriptorSet set = new();
        foreach (FileDescriptor file in (IEnumerable<FileDescriptor>)
            [
                GrpcTestingReflection.Descriptor, HealthReflection.Descriptor, ReflectionReflection.Descriptor,
                Grpc.Reflection.V1Alpha.ReflectionReflection.Descriptor,
            ])
        {
            set.File.Add(FileDescriptorProto.Parser.ParseFrom(file.SerializedData));
        }

        return set.ToByteArray();
    }
}
