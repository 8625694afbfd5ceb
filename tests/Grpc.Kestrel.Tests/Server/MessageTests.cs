using System.Buffers.Binary;
using System.Net.Http.Headers;
using Google.Protobuf;
using Grpc.AspNetCore.Server;
using Grpc.Kestrel.Tests.Probe;
using Grpc.Kestrel.Tests.Testing;

namespace Grpc.Kestrel.Tests.Server;

public class MessageTests
{
    [Fact]
    public async Task A_message_without_bytes_is_a_message()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();

        RawAnswer answer = await client.Call(RawCall.Request("Unary", RawCall.Frame(0, [])));

        Assert.Equal("0", answer.Status);
        Assert.Empty(Assert.Single(answer.Messages).Payload);
    }

    [Theory]
    [InlineData("Unary")]
    [InlineData("Spread")]
    public async Task No_message_where_there_must_be_one_is_unimplemented(string method)
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();

        RawAnswer answer = await client.Call(RawCall.Request(method, []));

        Assert.Equal("12", answer.Status);
    }

    [Theory]
    [InlineData("Unary")]
    [InlineData("Spread")]
    public async Task A_second_message_where_there_must_be_one_is_unimplemented(string method)
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();

        RawAnswer answer = await client.Call(RawCall.Request(method, RawCall.Frame("a"), RawCall.Frame("b")));

        Assert.Equal("12", answer.Status);
        Assert.True(answer.IsTrailersOnly);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_stream_of_requests_has_any_number(int count)
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();
        byte[][] frames = [.. Enumerable.Range(0, count).Select(i => RawCall.Frame($"{i}"))];

        RawAnswer answer = await client.Call(RawCall.Request("Collect", frames));

        Assert.Equal("0", answer.Status);
        Assert.Equal((count, "012"[..count]), (answer.Reply().Number, answer.Reply().Text));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(8)]
    public async Task A_stream_that_ends_inside_a_message_is_an_internal_error(int length)
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();

        RawAnswer answer = await client.Call(RawCall.Request("Unary", RawCall.Frame("hello")[..length]));

        Assert.Equal("13", answer.Status);
    }

    [Fact]
    public async Task Frames_split_at_every_byte_are_joined()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();
        byte[] bytes = [.. RawCall.Frame("one"), .. RawCall.Frame(0, []), .. RawCall.Frame("two")];

        RawAnswer answer = await client.Call(RawCall.Request("Collect", new DribblingContent(bytes)));

        Assert.Equal(("0", "onetwo", 3), (answer.Status, answer.Reply().Text, answer.Reply().Number));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(0x80)]
    [InlineData(255)]
    public async Task An_unknown_flag_is_an_internal_error(byte flag)
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();

        RawAnswer answer = await client.Call(RawCall.Request("Unary", RawCall.Frame(flag, [])));

        Assert.Equal("13", answer.Status);
    }

    [Fact]
    public async Task Bytes_that_are_no_protobuf_are_an_internal_error()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();

        RawAnswer answer = await client.Call(RawCall.Request("Unary", RawCall.Frame(0, [0xFF, 0xFF, 0xFF])));

        Assert.Equal("13", answer.Status);
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "8")]
    public async Task A_message_may_be_as_large_as_the_limit_and_not_a_byte_larger(int more, string status)
    {
        byte[] message = new ProbeRequest { Payload = ByteString.CopyFrom(new byte[1000]) }.ToByteArray();
        await using ProbeServer server = await ProbeServer.Start(
            options => options.MaxReceiveMessageSize = message.Length - more);
        using HttpClient client = server.CreateHttpClient();

        RawAnswer answer = await client.Call(RawCall.Request("Unary", RawCall.Frame(0, message)));

        Assert.Equal(status, answer.Status);
    }

    [Theory]
    [InlineData(4 * 1024 * 1024 + 1u)]
    [InlineData(int.MaxValue)]
    [InlineData(0x80000000u)]
    [InlineData(uint.MaxValue)]
    public async Task A_message_over_the_limit_is_refused_before_its_payload_has_come(uint length)
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();
        byte[] prefix = new byte[5];
        BinaryPrimitives.WriteUInt32BigEndian(prefix.AsSpan(1), length);
        using WaitingContent content = new(prefix);

        // The request does not end, so an answer can only come from the prefix alone.
        RawAnswer answer = await client.Call(RawCall.Request("Collect", content));

        Assert.Equal("8", answer.Status);
        Assert.True(answer.IsTrailersOnly);
    }

    [Fact]
    public async Task Without_a_limit_large_messages_go_both_ways()
    {
        await using ProbeServer server = await ProbeServer.Start(options => options.MaxReceiveMessageSize = null);
        using HttpClient client = server.CreateHttpClient();
        const int size = 40_000_000;
        ProbeRequest request = new()
        {
            Action = "size",
            Number = 5_000_000,
            Payload = ByteString.CopyFrom(new byte[size]),
        };

        RawAnswer answer = await client.Call(RawCall.Request("Unary", RawCall.Frame(request)));

        Assert.Equal(("0", size), (answer.Status, answer.Reply().Number));
        Assert.Equal(5_000_000, answer.Reply().Payload.Length);
    }

    [Fact]
    public async Task A_response_over_the_limit_is_refused_and_not_sent()
    {
        await using ProbeServer server = await ProbeServer.Start(options => options.MaxSendMessageSize = 1000);
        using HttpClient client = server.CreateHttpClient();

        RawAnswer fits = await client.Call(RawCall.Request("Unary", RawCall.Frame("", "size", 900)));
        RawAnswer tooLarge = await client.Call(RawCall.Request("Unary", RawCall.Frame("", "size", 1000)));

        Assert.Equal("0", fits.Status);
        Assert.Equal("8", tooLarge.Status);
        Assert.True(tooLarge.IsTrailersOnly);
    }

    [Fact]
    public async Task A_server_that_has_heard_enough_answers_while_the_client_still_sends()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();
        using WaitingContent content = new(RawCall.Frame("x", "enough"));

        RawAnswer answer = await client.Call(RawCall.Request("Collect", content));

        Assert.Equal(("0", 1), (answer.Status, answer.Reply().Number));
    }
}

/// <summary>Sends its bytes one by one, each flushed, so that each is a DATA frame of its own.</summary>
internal sealed class DribblingContent(byte[] bytes) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
    {
        foreach (byte one in bytes)
        {
            await stream.WriteAsync(new[] { one });
            await stream.FlushAsync();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}

/// <summary>Sends its bytes and then nothing more, without ending the request.</summary>
internal sealed class WaitingContent(byte[] bytes) : HttpContent
{
    private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void End() => done.TrySetResult();

    protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
    {
        await stream.WriteAsync(bytes);
        await stream.FlushAsync();
        await done.Task;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        End();
        base.Dispose(disposing);
    }
}
