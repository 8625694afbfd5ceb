using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Florist.Benchmarks.Edge;

/// <summary>A gRPC server, and plain endpoints that send the same bytes, on one port.</summary>
internal static class EdgeHosts
{
    public const int StreamLength = 1_000_000;

    // As much as the gRPC server buffers before it flushes in spite of a hint.
    private const int BatchLength = 64 * 1024;

    public static async Task<WebApplication> Start(byte[]? answer = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton<EchoService>();
        WebApplication app = builder.Build();
        app.MapGrpcService<EchoService>();
        app.MapPost("/raw/echo", (RequestDelegate)(context => Echo(context, answer)));
        app.MapPost("/raw/spread", (RequestDelegate)(context => Stream(context, frame => frame)));
        app.MapPost("/raw/buffered", (RequestDelegate)(context => Stream(context, _ => BatchLength)));
        await app.StartAsync();
        return app;
    }

    private static async Task Echo(HttpContext context, byte[]? answer)
    {
        ReadOnlySequence<byte> request = await ReadAll(context.Request.BodyReader);
        context.Response.ContentType = "application/grpc";
        context.Response.BodyWriter.Write(answer ?? request.FirstSpan);
        context.Request.BodyReader.AdvanceTo(request.End);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    private static async Task Stream(HttpContext context, Func<int, int> flushAt)
    {
        ReadOnlySequence<byte> request = await ReadAll(context.Request.BodyReader);
        byte[] frame = request.ToArray();
        context.Request.BodyReader.AdvanceTo(request.End);
        context.Response.ContentType = "application/grpc";
        PipeWriter pipe = context.Response.BodyWriter;
        int limit = flushAt(frame.Length);
        int written = 0;
        for (int i = 0; i < StreamLength; i++)
        {
            pipe.Write(frame);
            written += frame.Length;
            if (written >= limit)
            {
                await pipe.FlushAsync();
                written = 0;
            }
        }

        context.Response.AppendTrailer("grpc-status", "0");
    }

    private static async ValueTask<ReadOnlySequence<byte>> ReadAll(PipeReader reader)
    {
        while (true)
        {
            ReadResult result = await reader.ReadAsync();
            if (result.IsCompleted)
            {
                return result.Buffer;
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }
}
