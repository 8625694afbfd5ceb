using Grpc.Core;
using Grpc.Kestrel.Tests.Testing;
using Microsoft.AspNetCore.Builder;

namespace Grpc.Kestrel.Tests.Server;

public class StreamEndTests
{
    private const uint NoError = 0;
    private const uint InternalError = 2;
    private const uint Cancel = 8;

    [Fact]
    public async Task An_error_is_one_frame_that_ends_the_stream()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using RawHttp2 wire = await RawHttp2.Connect(server.Address);

        await wire.Call(1, "Unary");
        await wire.Data(1, RawCall.Frame("no", "refuse", 5), isEnd: true);
        List<RawFrame> frames = await wire.ReadUntil(RawFrame.Headers);
        frames.AddRange(await wire.SentSoFar());

        Assert.True(Assert.Single(frames).EndsStream);
    }

    [Fact]
    public async Task A_unary_answer_is_headers_data_and_trailers()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using RawHttp2 wire = await RawHttp2.Connect(server.Address);

        // The end of the request comes in an empty frame of its own.
        await wire.Call(1, "Unary");
        await wire.Data(1, RawCall.Frame("hello"));
        await wire.Data(1, [], isEnd: true);
        List<RawFrame> frames = await wire.ReadUntil(RawFrame.Headers);
        frames.AddRange(await wire.ReadUntil(RawFrame.Headers));

        Assert.Equal([RawFrame.Headers, RawFrame.Data, RawFrame.Headers], frames.Select(frame => frame.Type));
        Assert.True(frames[2].EndsStream);
    }

    [Fact]
    public async Task A_unary_call_is_not_handled_before_the_request_has_ended()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using RawHttp2 wire = await RawHttp2.Connect(server.Address);

        await wire.Call(1, "Unary", ("mark", "late"));
        await wire.Data(1, RawCall.Frame("hello"));
        Assert.Empty(await wire.SentSoFar());
        await wire.Call(3, "Unary", ("mark", "early"));
        await wire.Data(3, RawCall.Frame("hello"), isEnd: true);
        Assert.Equal("early", (await server.Notes.NextCall()).RequestHeaders.GetValue("mark"));
        await wire.Data(1, [], isEnd: true);

        Assert.Equal("late", (await server.Notes.NextCall()).RequestHeaders.GetValue("mark"));
    }

    [Fact]
    public async Task A_server_that_ends_first_tells_the_client_to_stop_without_an_error()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using RawHttp2 wire = await RawHttp2.Connect(server.Address);

        await wire.Call(1, "Collect");
        await wire.Data(1, RawCall.Frame("x", "enough"));
        List<RawFrame> frames = await wire.ReadUntil(RawFrame.Reset);

        Assert.Equal(
            [RawFrame.Headers, RawFrame.Data, RawFrame.Headers, RawFrame.Reset], frames.Select(frame => frame.Type));
        Assert.True(frames[2].EndsStream);
        Assert.Equal(NoError, frames[3].ErrorCode);
    }

    [Fact]
    public async Task A_deadline_sends_the_status_and_then_resets_with_cancel()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using RawHttp2 wire = await RawHttp2.Connect(server.Address);

        await wire.Call(1, "Chat", ("grpc-timeout", "50m"));
        List<RawFrame> frames = await wire.ReadUntil(RawFrame.Reset);

        Assert.Equal([RawFrame.Headers, RawFrame.Reset], frames.Select(frame => frame.Type));
        Assert.True(frames[0].EndsStream);
        Assert.Equal(Cancel, frames[1].ErrorCode);
    }

    [Fact]
    public async Task After_a_reset_by_the_client_nothing_more_is_sent()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using RawHttp2 wire = await RawHttp2.Connect(server.Address);

        await wire.Call(1, "Unary");
        await wire.Data(1, RawCall.Frame("", "wait"), isEnd: true);
        await server.Notes.NextCall();
        await wire.Reset(1, Cancel);
        await server.Notes.NextCancelled();
        await wire.Call(3, "Unary");
        await wire.Data(3, RawCall.Frame("hello"), isEnd: true);
        List<RawFrame> frames = await wire.ReadUntil(RawFrame.Headers);

        Assert.All(frames, frame => Assert.Equal(3, frame.Stream));
    }

    [Fact]
    public async Task A_lost_connection_cancels_its_calls()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using (RawHttp2 wire = await RawHttp2.Connect(server.Address))
        {
            await wire.Call(1, "Unary");
            await wire.Data(1, RawCall.Frame("", "wait"), isEnd: true);
            await server.Notes.NextCall();
        }

        await server.Notes.NextCancelled();
    }

    [Theory]
    [InlineData("too little")]
    [InlineData("too much")]
    [InlineData("throws")]
    public async Task A_message_that_breaks_off_resets_the_stream_instead_of_passing_for_whole(string fault)
    {
        Marshaller<string> broken = Marshallers.Create<string>(
            (_, context) =>
            {
                context.SetPayloadLength(10);
                System.Buffers.IBufferWriter<byte> writer = context.GetBufferWriter();
                writer.GetSpan(20)[..20].Clear();
                writer.Advance(fault == "too much" ? 11 : 9);
                if (fault == "throws")
                {
                    throw new FormatException("changed while it was written");
                }

                context.Complete();
            },
            context => "");
        await using ProbeServer server = await ProbeServer.Start(map: app => app.MapGrpcService(
            ServerServiceDefinition.CreateBuilder()
                .AddMethod(
                    new Method<string, string>(
                        MethodType.Unary, "probe.v1.Probe", "Broken", Marshallers.StringMarshaller, broken),
                    (request, _) => Task.FromResult(request))
                .Build()));
        using RawHttp2 wire = await RawHttp2.Connect(server.Address);

        await wire.Call(1, "Broken");
        await wire.Data(1, RawCall.Frame(0, []), isEnd: true);
        List<RawFrame> frames = await wire.ReadUntil(RawFrame.Reset);

        Assert.Equal(InternalError, frames[^1].ErrorCode);
        Assert.DoesNotContain(frames, frame => frame.EndsStream);
    }
}
