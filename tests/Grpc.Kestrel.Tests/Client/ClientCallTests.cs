using Google.Protobuf;
using Grpc.Core;
using Grpc.Kestrel.Tests.Probe;
using Grpc.Kestrel.Tests.Testing;
using Grpc.Net.Client;
using static Grpc.Kestrel.Tests.Probe.Probe;

namespace Grpc.Kestrel.Tests.Client;

public class ClientCallTests
{
    [Fact]
    public async Task A_unary_call_brings_response_headers_status_and_trailers()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        ProbeClient client = new(channel);

        using AsyncUnaryCall<ProbeReply> early = client.UnaryAsync(new() { Text = "hello", Action = "headers" });
        using AsyncUnaryCall<ProbeReply> late = client.UnaryAsync(new() { Text = "hello", Action = "trailer" });

        Assert.Equal("hello", (await early).Text);
        Assert.Equal("hello", (await early.ResponseHeadersAsync).GetValue("early"));
        Assert.Equal(StatusCode.OK, early.GetStatus().StatusCode);
        Assert.Equal("hello", (await late).Text);
        Assert.Equal("hello", late.GetTrailers().GetValue("echo"));
        Assert.Null(late.GetTrailers().Get("grpc-status"));
    }

    [Fact]
    public async Task A_blocking_call_returns_the_response()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);

        ProbeReply reply = await Task.Run(() => new ProbeClient(channel).Unary(new() { Text = "hello" }));

        Assert.Equal("hello", reply.Text);
    }

    [Fact]
    public async Task A_stream_of_requests_gets_one_response()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);

        using AsyncClientStreamingCall<ProbeRequest, ProbeReply> call = new ProbeClient(channel).Collect();
        for (int i = 0; i < 5; i++)
        {
            await call.RequestStream.WriteAsync(new() { Text = $"{i}" });
        }

        await call.RequestStream.CompleteAsync();
        ProbeReply reply = await call;

        Assert.Equal(("01234", 5), (reply.Text, reply.Number));
        await Assert.ThrowsAsync<InvalidOperationException>(() => call.RequestStream.WriteAsync(new()));
    }

    [Fact]
    public async Task One_request_gets_a_stream_of_responses()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);

        using AsyncServerStreamingCall<ProbeReply> call =
            new ProbeClient(channel).Spread(new() { Text = "x", Number = 100 });
        List<int> numbers = [];
        await foreach (ProbeReply reply in call.ResponseStream.ReadAllAsync())
        {
            numbers.Add(reply.Number);
        }

        Assert.Equal(Enumerable.Range(0, 100), numbers);
        Assert.False(await call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Both_streams_of_a_duplex_call_go_in_turn()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);

        using AsyncDuplexStreamingCall<ProbeRequest, ProbeReply> call = new ProbeClient(channel).Chat();
        for (int i = 0; i < 20; i++)
        {
            await call.RequestStream.WriteAsync(new() { Text = $"{i}" });
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal($"{i}", call.ResponseStream.Current.Text);
        }

        await call.RequestStream.CompleteAsync();

        Assert.False(await call.ResponseStream.MoveNext());
        Assert.Throws<InvalidOperationException>(() => call.ResponseStream.Current);
    }

    [Fact]
    public async Task A_refusal_is_an_exception_with_status_and_trailers()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);

        using AsyncUnaryCall<ProbeReply> call = new ProbeClient(channel).UnaryAsync(
            new() { Text = "caf\u00E9 \u2603 100%", Action = "refuse", Number = (int)StatusCode.NotFound });
        RpcException error = await Assert.ThrowsAsync<RpcException>(async () => await call);

        Assert.Equal((StatusCode.NotFound, "caf\u00E9 \u2603 100%"), (error.StatusCode, error.Status.Detail));
        Assert.Equal([0, 1, 254, 255], error.Trailers.GetValueBytes("detail-bin"));
        Assert.Equal("because", call.GetTrailers().GetValue("reason"));
        Assert.Equal("Status(StatusCode=\"NotFound\", Detail=\"caf\u00E9 \u2603 100%\")", error.Message);
    }

    [Fact]
    public async Task A_refusal_after_responses_comes_after_them()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);

        using AsyncServerStreamingCall<ProbeReply> call =
            new ProbeClient(channel).Spread(new() { Action = "then refuse", Number = 2 });

        Assert.True(await call.ResponseStream.MoveNext());
        Assert.True(await call.ResponseStream.MoveNext());
        RpcException error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
        Assert.Equal((StatusCode.FailedPrecondition, "no more"), (error.StatusCode, error.Status.Detail));
    }

    [Fact]
    public async Task A_status_out_of_range_is_read_as_unknown()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);

        RpcException error = await Assert.ThrowsAsync<RpcException>(async () =>
            await new ProbeClient(channel).UnaryAsync(new() { Action = "refuse", Number = 77 }));

        Assert.Equal(StatusCode.Unknown, error.StatusCode);
    }

    [Fact]
    public async Task Metadata_goes_to_the_server_and_reserved_names_do_not()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        Metadata headers = new()
        {
            { "Text", "a b" },
            { "text", "c" },
            { "raw-bin", [255, 0] },
            { "grpc-timeout", "1n" },
        };

        await new ProbeClient(channel).UnaryAsync(new(), headers);
        SeenCall call = await server.Notes.NextCall();

        Assert.Equal("a b, c", string.Join(", ", call.RequestHeaders.GetAll("text").Select(entry => entry.Value)));
        Assert.Equal([255, 0], call.RequestHeaders.GetValueBytes("raw-bin"));
        Assert.Equal(DateTime.MaxValue, call.Deadline);
    }

    [Fact]
    public async Task Metadata_that_cannot_travel_is_refused_before_the_call()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);

        RpcException error = await Assert.ThrowsAsync<RpcException>(async () =>
            await new ProbeClient(channel).UnaryAsync(new(), new Metadata { { "text", "caf\u00E9" } }));

        Assert.Equal(StatusCode.Internal, error.StatusCode);
        Assert.Contains("'text'", error.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Compressed_responses_are_read(string algorithm)
    {
        await using ProbeServer server = await ProbeServer.Start(o => o.ResponseCompressionAlgorithm = algorithm);
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);

        ProbeReply reply = await new ProbeClient(channel).UnaryAsync(new() { Action = "size", Number = 100_000 });

        Assert.Equal(100_000, reply.Payload.Length);
    }

    [Theory]
    [InlineData(1000, null, "size")]
    [InlineData(null, 1000, "")]
    public async Task Messages_over_the_limits_are_refused(int? receiveMax, int? sendMax, string action)
    {
        await using ProbeServer server = await ProbeServer.Start();
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address, new GrpcChannelOptions
        {
            MaxReceiveMessageSize = receiveMax,
            MaxSendMessageSize = sendMax,
        });
        ProbeRequest large = new() { Action = action, Number = 1000, Payload = ByteString.CopyFrom(new byte[1000]) };

        RpcException error = await Assert.ThrowsAsync<RpcException>(async () =>
            await new ProbeClient(channel).UnaryAsync(large));

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unavailable()
    {
        ProbeServer server = await ProbeServer.Start();
        Uri address = server.Address;
        await server.DisposeAsync();
        using GrpcChannel channel = GrpcChannel.ForAddress(address);

        RpcException unary = await Assert.ThrowsAsync<RpcException>(async () =>
            await new ProbeClient(channel).UnaryAsync(new()));
        using AsyncClientStreamingCall<ProbeRequest, ProbeReply> call = new ProbeClient(channel).Collect();
        RpcException write = await Assert.ThrowsAsync<RpcException>(() => call.RequestStream.WriteAsync(new()));

        Assert.Equal((StatusCode.Unavailable, StatusCode.Unavailable), (unary.StatusCode, write.StatusCode));
    }

    [Fact]
    public async Task A_disposed_channel_cancels_its_calls_and_starts_no_others()
    {
        await using ProbeServer server = await ProbeServer.Start();
        GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        ProbeClient client = new(channel);
        Task<ProbeReply> waiting = client.UnaryAsync(new() { Action = "wait" }).ResponseAsync;
        await server.Notes.NextCall();

        await channel.ShutdownAsync();
        channel.Dispose();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => waiting)).StatusCode);
        Assert.Throws<ObjectDisposedException>(() => client.UnaryAsync(new()));
        await server.Notes.NextCancelled();
    }

    [Fact]
    public void Status_and_trailers_are_not_there_before_the_end()
    {
        using GrpcChannel channel = GrpcChannel.ForAddress("http://127.0.0.1:9");
        using AsyncDuplexStreamingCall<ProbeRequest, ProbeReply> call = new ProbeClient(
            new NeverConnecting().Channel()).Chat();

        Assert.Throws<InvalidOperationException>(() => call.GetStatus());
        Assert.Throws<InvalidOperationException>(() => call.GetTrailers());
    }

    [Theory]
    [InlineData("ftp://host")]
    [InlineData("unix:/run/socket")]
    public void Only_http_addresses_make_a_channel(string address)
    {
        Assert.Throws<ArgumentException>(() => GrpcChannel.ForAddress(address));
    }

    private sealed class NeverConnecting : HttpMessageHandler
    {
        public GrpcChannel Channel() =>
            GrpcChannel.ForAddress("http://127.0.0.1:9", new GrpcChannelOptions { HttpHandler = this });

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new InvalidOperationException("The wait has no end but the token.");
        }
    }
}
