using System.IO.Compression;
using System.Text;
using Google.Protobuf;
using Grpc.Kestrel.Tests.Probe;
using Grpc.Kestrel.Tests.Testing;

namespace Grpc.Kestrel.Tests.Server;

public class CompressionTests
{
    private static readonly byte[] Plain = new ProbeRequest { Text = new string('a', 500) }.ToByteArray();

    [Fact]
    public async Task Gzip_and_deflate_requests_are_understood()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();

        RawAnswer gzip = await client.Call(
            RawCall.Request("Unary", RawCall.Frame(1, RawCall.Gzip(Plain))).With("grpc-encoding", "gzip"));
        RawAnswer deflate = await client.Call(
            RawCall.Request("Unary", RawCall.Frame(1, RawCall.Zlib(Plain))).With("grpc-encoding", "deflate"));

        Assert.Equal((500, 500), (gzip.Reply().Text.Length, deflate.Reply().Text.Length));
    }

    [Fact]
    public async Task Compressed_and_plain_messages_may_alternate()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();

        RawAnswer answer = await client.Call(RawCall.Request(
            "Collect", RawCall.Frame(1, RawCall.Gzip(Plain)), RawCall.Frame("b"), RawCall.Frame(1, RawCall.Gzip(Plain)))
            .With("grpc-encoding", "gzip"));

        Assert.Equal((1001, 3), (answer.Reply().Text.Length, answer.Reply().Number));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("identity")]
    public async Task A_compressed_message_without_a_compression_is_an_internal_error(string? encoding)
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();
        HttpRequestMessage request = RawCall.Request("Unary", RawCall.Frame(1, RawCall.Gzip(Plain)));
        if (encoding is not null)
        {
            request.With("grpc-encoding", encoding);
        }

        Assert.Equal("13", (await client.Call(request)).Status);
    }

    [Fact]
    public async Task An_unknown_compression_is_unimplemented_and_the_known_ones_are_named()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();

        RawAnswer answer = await client.Call(
            RawCall.Request("Unary", RawCall.Frame(1, RawCall.Gzip(Plain))).With("grpc-encoding", "snappy"));

        Assert.Equal("12", answer.Status);
        Assert.Equal("identity,gzip,deflate", answer.Headers["grpc-accept-encoding"]);
    }

    [Fact]
    public async Task An_unknown_compression_that_is_not_used_does_no_harm()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();

        RawAnswer answer = await client.Call(
            RawCall.Request("Unary", RawCall.Frame("hello")).With("grpc-encoding", "snappy"));

        Assert.Equal("hello", answer.Reply().Text);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Corrupt_data_is_an_internal_error(string encoding)
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();

        RawAnswer answer = await client.Call(
            RawCall.Request("Unary", RawCall.Frame(1, Encoding.ASCII.GetBytes("no such data")))
                .With("grpc-encoding", encoding));

        Assert.Equal("13", answer.Status);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Data_that_is_cut_short_is_an_internal_error(string encoding)
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();
        byte[] whole = encoding == "gzip" ? RawCall.Gzip(Plain) : RawCall.Zlib(Plain);

        List<int> taken = [];
        for (int length = 1; length < whole.Length; length++)
        {
            RawAnswer answer = await client.Call(
                RawCall.Request("Unary", RawCall.Frame(1, whole[..length])).With("grpc-encoding", encoding));
            if (answer.Status != "13")
            {
                taken.Add(length);
            }
        }

        Assert.Empty(taken);
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "8")]
    public async Task The_limit_holds_for_the_decompressed_message_too(int more, string status)
    {
        byte[] zeros = new ProbeRequest { Payload = ByteString.CopyFrom(new byte[1_000_000]) }.ToByteArray();
        await using ProbeServer server = await ProbeServer.Start(
            options => options.MaxReceiveMessageSize = zeros.Length - more);
        using HttpClient client = server.CreateHttpClient();

        RawAnswer answer = await client.Call(
            RawCall.Request("Unary", RawCall.Frame(1, RawCall.Gzip(zeros))).With("grpc-encoding", "gzip"));

        Assert.Equal(status, answer.Status);
    }

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("identity, deflate , gzip", "gzip")]
    [InlineData("deflate,gzip", "deflate")]
    public async Task Responses_are_compressed_when_the_client_accepts_it(string accepted, string algorithm)
    {
        await using ProbeServer server = await ProbeServer.Start(options =>
        {
            options.ResponseCompressionAlgorithm = algorithm;
            options.ResponseCompressionLevel = CompressionLevel.SmallestSize;
        });
        using HttpClient client = server.CreateHttpClient();

        RawAnswer answer = await client.Call(
            RawCall.Request("Spread", RawCall.Frame(new string('a', 500), number: 2))
                .With("grpc-accept-encoding", accepted));

        Assert.Equal(algorithm, answer.Headers["grpc-encoding"]);
        Assert.Equal(2, answer.Messages.Count);
        foreach ((byte flag, byte[] payload) in answer.Messages)
        {
            Assert.Equal(1, flag);
            Assert.InRange(payload.Length, 1, 100);
            using MemoryStream source = new(payload);
            using Stream plain = algorithm == "gzip"
                ? new GZipStream(source, CompressionMode.Decompress)
                : new ZLibStream(source, CompressionMode.Decompress);
            Assert.Equal(500, ProbeReply.Parser.ParseFrom(plain).Text.Length);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("deflate")]
    [InlineData("gzipped")]
    public async Task Responses_are_not_compressed_for_a_client_that_does_not_accept_it(string? accepted)
    {
        await using ProbeServer server = await ProbeServer.Start(o => o.ResponseCompressionAlgorithm = "gzip");
        using HttpClient client = server.CreateHttpClient();
        HttpRequestMessage request = RawCall.Request("Unary", RawCall.Frame("hello"));
        if (accepted is not null)
        {
            request.With("grpc-accept-encoding", accepted);
        }

        RawAnswer answer = await client.Call(request);

        Assert.Equal(0, answer.Messages[0].Flag);
        Assert.False(answer.Headers.ContainsKey("grpc-encoding"));
    }

    [Fact]
    public async Task An_empty_message_goes_uncompressed_and_may_come_as_no_compressed_bytes()
    {
        await using ProbeServer server = await ProbeServer.Start(o => o.ResponseCompressionAlgorithm = "gzip");
        using HttpClient client = server.CreateHttpClient();

        RawAnswer answer = await client.Call(RawCall.Request("Unary", RawCall.Frame(1, []))
            .With("grpc-encoding", "gzip")
            .With("grpc-accept-encoding", "gzip"));

        Assert.Equal("0", answer.Status);
        Assert.Equal(0, answer.Messages[0].Flag);
        Assert.Empty(answer.Messages[0].Payload);
    }

    [Fact]
    public async Task A_handler_can_turn_compression_off_for_a_message()
    {
        await using ProbeServer server = await ProbeServer.Start(o => o.ResponseCompressionAlgorithm = "gzip");
        using HttpClient client = server.CreateHttpClient();

        RawAnswer answer = await client.Call(RawCall.Request("Unary", RawCall.Frame("secret", "no compression"))
            .With("grpc-accept-encoding", "gzip"));

        Assert.Equal((0, "secret"), (answer.Messages[0].Flag, answer.Reply().Text));
    }

    [Fact]
    public async Task A_response_compression_that_does_not_exist_is_found_at_start_up()
    {
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => ProbeServer.Start(options => options.ResponseCompressionAlgorithm = "zip"));

        Assert.Contains("'zip'", error.Message, StringComparison.Ordinal);
    }
}
