using Grpc.Kestrel.Tests.Testing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.Kestrel.Tests.Server;

public class KeepAliveTests
{
    [Fact]
    public async Task A_peer_that_no_longer_answers_pings_loses_its_calls()
    {
        await using ProbeServer server = await ProbeServer.Start(
            HttpProtocols.Http2,
            services =>
            {
                services.AddGrpc();
                services.Configure<KestrelServerOptions>(kestrel =>
                {
                    kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(1);
                    kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(1);
                });
            });
        using RawHttp2 client = await RawHttp2.Connect(server.Address);
        await client.Call(1, "Spread");
        await client.Data(1, RawCall.Frame("a", "then wait", 1), isEnd: true);

        // The client reads everything and answers nothing, as one behind a dead link would.
        await client.ReadUntil(RawFrame.GoAway);

        await server.Notes.NextCancelled();
    }

    [Fact]
    public async Task Pings_of_a_client_without_calls_are_answered()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using RawHttp2 client = await RawHttp2.Connect(server.Address);

        Assert.Empty(await client.SentSoFar());
        Assert.Empty(await client.SentSoFar());
    }
}
