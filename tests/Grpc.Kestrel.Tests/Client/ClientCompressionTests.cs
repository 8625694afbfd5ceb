using Google.Protobuf;
using Grpc.Core;
using Grpc.Kestrel.Tests.Probe;
using Grpc.Kestrel.Tests.Testing;
using Grpc.Net.Client;

namespace Grpc.Kestrel.Tests.Client;

public class ClientCompressionTests
{
    private static readonly ProbeRequest Compressible = new() { Payload = ByteString.CopyFrom(new byte[100_000]) };

    [Theory]
    [InlineData("gzip", (WriteFlags)0, true)]
    [InlineData("deflate", (WriteFlags)0, true)]
    [InlineData("gzip", WriteFlags.NoCompress, false)]
    [InlineData("identity", (WriteFlags)0, false)]
    [InlineData(null, (WriteFlags)0, false)]
    public async Task Requests_are_compressed_as_the_metadata_of_the_call_says(
        string? encoding, WriteFlags flags, bool isCompressed)
    {
        await using ProbeServer server = await ProbeServer.Start();
        SentBytes sent = new(new SocketsHttpHandler());
        using GrpcChannel channel = GrpcChannel.ForAddress(
            server.Address, new GrpcChannelOptions { HttpHandler = sent, DisposeHttpClient = true });

        ProbeReply reply = await new Probe.Probe.ProbeClient(channel).UnaryAsync(
            Compressible, Options(encoding).WithWriteOptions(new WriteOptions(flags)));

        Assert.Equal(100_000, reply.Number);
        Assert.Equal(isCompressed, sent.Length < 2_000);
        Assert.Equal(encoding is null or "identity" ? null : encoding, sent.Encoding);
        Assert.Null((await server.Notes.NextCall()).RequestHeaders.Get("grpc-internal-encoding-request"));
    }

    [Fact]
    public async Task Each_request_of_a_stream_is_compressed_or_not()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        using AsyncClientStreamingCall<ProbeRequest, ProbeReply> call =
            new Probe.Probe.ProbeClient(channel).Collect(Options("gzip"));

        await call.RequestStream.WriteAsync(new ProbeRequest { Text = "a" });
        call.RequestStream.WriteOptions = new WriteOptions(WriteFlags.NoCompress);
        await call.RequestStream.WriteAsync(new ProbeRequest { Text = "b" });
        await call.RequestStream.CompleteAsync();

        Assert.Equal("ab", (await call).Text);
    }

    [Fact]
    public async Task Compression_that_is_not_there_is_refused_before_anything_is_sent()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        Probe.Probe.ProbeClient client = new(channel);

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(
            () => client.UnaryAsync(Compressible, Options("snappy")));

        Assert.Contains("snappy", error.Message, StringComparison.Ordinal);
    }

    private static CallOptions Options(string? encoding) => encoding is null
        ? default
        : new CallOptions(new Metadata { { "grpc-internal-encoding-request", encoding } });

    private sealed class SentBytes(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        public int Length { get; private set; }

        public string? Encoding { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Encoding = request.Headers.TryGetValues("grpc-encoding", out IEnumerable<string>? values)
                ? string.Join("|", values)
                : null;
            Length = (await request.Content!.ReadAsByteArrayAsync(cancellationToken)).Length;
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
