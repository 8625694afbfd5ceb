using Grpc.Core;
using Grpc.Kestrel.Tests.Probe;
using Grpc.Kestrel.Tests.Testing;
using Grpc.Net.Client;
using static Grpc.Kestrel.Tests.Probe.Probe;

namespace Grpc.Kestrel.Tests.Client;

public class ClientCallEndsTests
{
    [Fact]
    public async Task A_token_cancels_the_call_on_both_sides()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        using CancellationTokenSource mine = new();

        Task<ProbeReply> call = new ProbeClient(channel).UnaryAsync(
            new() { Action = "wait" }, cancellationToken: mine.Token).ResponseAsync;
        await server.Notes.NextCall();
        await mine.CancelAsync();

        RpcException error = await Assert.ThrowsAsync<RpcException>(() => call);
        Assert.Equal((StatusCode.Cancelled, "Call canceled by the client."), (error.StatusCode, error.Status.Detail));
        await server.Notes.NextCancelled();
    }

    [Fact]
    public async Task Disposing_a_stream_resets_it_and_does_not_look_like_its_end()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);

        AsyncDuplexStreamingCall<ProbeRequest, ProbeReply> call = new ProbeClient(channel).Chat();
        await call.RequestStream.WriteAsync(new() { Text = "one" });
        Assert.True(await call.ResponseStream.MoveNext());
        call.Dispose();

        Exception end = await server.Notes.NextEnd();
        Assert.True(end is OperationCanceledException or IOException, end.ToString());
        Assert.Equal(StatusCode.Cancelled, call.GetStatus().StatusCode);
        RpcException error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
        Assert.Equal("gRPC call disposed.", error.Status.Detail);
    }

    [Fact]
    public async Task A_read_can_be_cancelled_and_takes_the_call_with_it()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        using CancellationTokenSource mine = new();

        using AsyncServerStreamingCall<ProbeReply> call =
            new ProbeClient(channel).Spread(new() { Action = "then wait", Number = 1 });
        Assert.True(await call.ResponseStream.MoveNext(mine.Token));
        Task<bool> read = call.ResponseStream.MoveNext(mine.Token);
        await mine.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => read)).StatusCode);
        await server.Notes.NextCancelled();
    }

    [Fact]
    public async Task A_second_read_before_the_first_has_ended_is_refused()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);

        using AsyncServerStreamingCall<ProbeReply> call =
            new ProbeClient(channel).Spread(new() { Action = "then wait", Number = 0 });
        Task<bool> first = call.ResponseStream.MoveNext();

        await Assert.ThrowsAsync<InvalidOperationException>(() => call.ResponseStream.MoveNext());
        call.Dispose();
        await Assert.ThrowsAsync<RpcException>(() => first);
    }

    [Theory]
    [InlineData("wait")]
    [InlineData("wait deafly")]
    public async Task At_its_deadline_the_call_ends_whatever_the_server_does(string action)
    {
        await using ProbeServer server = await ProbeServer.Start();
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        DateTime deadline = TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(200);

        RpcException error = await Assert.ThrowsAsync<RpcException>(async () =>
            await new ProbeClient(channel).UnaryAsync(new() { Action = action }, deadline: deadline));

        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        Assert.InRange(
            (await server.Notes.NextCall()).Deadline,
            deadline.AddSeconds(-1),
            deadline.AddSeconds(20));
    }

    [Fact]
    public async Task A_deadline_in_the_past_sends_nothing()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        ProbeClient client = new(channel);

        RpcException error = await Assert.ThrowsAsync<RpcException>(async () =>
            await client.UnaryAsync(new(), deadline: DateTime.MinValue));
        await client.UnaryAsync(new(), new Metadata { { "mark", "next" } });

        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        Assert.Equal("next", (await server.Notes.NextCall()).RequestHeaders.GetValue("mark"));
    }

    [Fact]
    public async Task A_deadline_in_local_time_is_refused()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        DateTime local = new(2100, 1, 1, 0, 0, 0, DateTimeKind.Local);

        Assert.Throws<InvalidOperationException>(() => new ProbeClient(channel).UnaryAsync(new(), deadline: local));
    }

    [Fact]
    public async Task Cancellation_can_be_thrown_as_dotnet_throws_it()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using GrpcChannel channel = GrpcChannel.ForAddress(
            server.Address, new GrpcChannelOptions { ThrowOperationCanceledOnCancellation = true });
        using CancellationTokenSource mine = new();

        Task<ProbeReply> call = new ProbeClient(channel).UnaryAsync(
            new() { Action = "wait" }, cancellationToken: mine.Token).ResponseAsync;
        await server.Notes.NextCall();
        await mine.CancelAsync();

        OperationCanceledException error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(mine.Token, error.CancellationToken);
        Assert.Equal(StatusCode.Cancelled, Assert.IsType<RpcException>(error.InnerException).StatusCode);
    }

    [Fact]
    public async Task A_server_that_has_heard_enough_ends_the_call_and_later_writes_fail()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);

        using AsyncClientStreamingCall<ProbeRequest, ProbeReply> call = new ProbeClient(channel).Collect();
        await call.RequestStream.WriteAsync(new() { Text = "x", Action = "enough" });
        ProbeReply reply = await call;

        Assert.Equal("x", reply.Text);
        await Assert.ThrowsAsync<InvalidOperationException>(() => call.RequestStream.WriteAsync(new()));
    }

    [Fact]
    public async Task A_server_that_stops_in_the_middle_of_a_call_is_unavailable()
    {
        ProbeServer server = await ProbeServer.Start();
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        using AsyncServerStreamingCall<ProbeReply> call =
            new ProbeClient(channel).Spread(new() { Action = "then wait", Number = 1 });
        Assert.True(await call.ResponseStream.MoveNext());

        await server.Abort();

        RpcException error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
        Assert.True(error.StatusCode is StatusCode.Unavailable or StatusCode.Internal, error.ToString());
        await server.DisposeAsync();
    }
}
