using Grpc.Kestrel.Tests.Testing;

namespace Grpc.Kestrel.Tests.Server;

/// <summary>What calls in progress see of a server that stops.</summary>
public class DrainTests
{
    private static readonly TimeSpan Ample = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_server_that_stops_says_so_and_lets_streams_finish()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using RawHttp2 client = await RawHttp2.Connect(server.Address);
        await client.Call(1, "Chat");
        await client.Data(1, RawCall.Frame("before"));
        await client.ReadUntil(RawFrame.Data);

        Task stopping = server.Stop(Ample);
        await client.ReadUntil(RawFrame.GoAway);
        await client.Data(1, RawCall.Frame("during"));
        RawFrame reply = (await client.ReadUntil(RawFrame.Data))[^1];
        await client.Data(1, [], isEnd: true);
        RawFrame trailers = (await client.ReadUntil(RawFrame.Headers))[^1];
        Assert.False(stopping.IsCompleted);
        client.Dispose();
        await stopping;

        Assert.Contains("during", System.Text.Encoding.ASCII.GetString(reply.Payload), StringComparison.Ordinal);
        Assert.True(trailers.EndsStream);
    }

    [Fact]
    public async Task A_stream_that_does_not_finish_is_ended_at_the_limit()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using RawHttp2 client = await RawHttp2.Connect(server.Address);
        await client.Call(1, "Spread");
        await client.Data(1, RawCall.Frame("a", "then wait", 1), isEnd: true);
        await client.ReadUntil(RawFrame.Data);

        await server.Stop(TimeSpan.FromMilliseconds(100));

        await server.Notes.NextCancelled();
    }
}
