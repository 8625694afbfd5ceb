using Google.Protobuf;
using Grpc.Core;
using Grpc.Kestrel.Tests.Probe;
using Grpc.Kestrel.Tests.Testing;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.Kestrel.Tests.Server;

/// <summary>Limits that fit web pages do not fit streams.</summary>
public class StreamLimitsTests
{
    [Fact]
    public async Task A_stream_may_be_larger_than_a_request_of_a_web_page_may_be()
    {
        await using ProbeServer server = await ProbeServer.Start(
            HttpProtocols.Http2,
            services =>
            {
                services.AddGrpc();
                services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = 10_000);
            });
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        using AsyncClientStreamingCall<ProbeRequest, ProbeReply> call = new Probe.Probe.ProbeClient(channel).Collect();

        for (int i = 0; i < 10; i++)
        {
            await call.RequestStream.WriteAsync(new ProbeRequest { Payload = ByteString.CopyFrom(new byte[5_000]) });
        }

        await call.RequestStream.CompleteAsync();
        Assert.Equal(10, (await call).Number);
    }

    [Fact]
    public async Task A_stream_may_be_silent_in_both_directions_where_a_silent_upload_is_cut_off()
    {
        MinDataRate pace = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(1.5));
        await using ProbeServer server = await ProbeServer.Start(
            HttpProtocols.Http2,
            services =>
            {
                services.AddGrpc();
                services.Configure<KestrelServerOptions>(kestrel =>
                {
                    kestrel.Limits.MinRequestBodyDataRate = pace;
                    kestrel.Limits.MinResponseDataRate = pace;
                });
            },
            app =>
            {
                app.MapGrpcService<ProbeService>();
                app.MapPost("/probe.v1.Probe/Upload", http => http.Request.Body.CopyToAsync(Stream.Null));
            });
        CancellationToken patience = TestContext.Current.CancellationToken;
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        Probe.Probe.ProbeClient client = new(channel);
        using AsyncDuplexStreamingCall<ProbeRequest, ProbeReply> chat = client.Chat();
        await chat.RequestStream.WriteAsync(new ProbeRequest { Text = "before" });
        Assert.True(await chat.ResponseStream.MoveNext(patience));
        using AsyncServerStreamingCall<ProbeReply> watch = client.Spread(
            new ProbeRequest { Action = "then wait", Number = 1 });
        Assert.True(await watch.ResponseStream.MoveNext(patience));
        Task<bool> more = watch.ResponseStream.MoveNext(patience);

        // Opened last, and its connection is cut: by then the others have been silent for longer than is allowed.
        using RawHttp2 upload = await RawHttp2.Connect(server.Address);
        await upload.Call(1, "Upload");
        await Assert.ThrowsAnyAsync<IOException>(() => upload.ReadUntil(RawFrame.Ping));

        await chat.RequestStream.WriteAsync(new ProbeRequest { Text = "after" });
        Assert.True(await chat.ResponseStream.MoveNext(patience));
        Assert.Equal("after", chat.ResponseStream.Current.Text);
        Assert.False(more.IsCompleted);
    }

    [Fact]
    public async Task A_hint_to_buffer_does_not_hold_back_more_than_a_batch()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        using AsyncServerStreamingCall<ProbeReply> call = new Probe.Probe.ProbeClient(channel).Spread(
            new ProbeRequest { Action = "buffer, then wait", Text = new string('a', 1_000), Number = 100 });

        // 65 messages of a little over 1,000 bytes are more than 64 KiB; the last ones wait for the end.
        for (int i = 0; i < 65; i++)
        {
            Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
            Assert.Equal(i, call.ResponseStream.Current.Number);
        }
    }
}
