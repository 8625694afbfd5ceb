using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Kestrel.Tests.Probe;
using Grpc.Kestrel.Tests.Testing;
using Grpc.Net.Client;

namespace Grpc.Kestrel.Tests.Client;

public class ConnectivityTests
{
    private static CancellationToken Patience => new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token;

    [Fact]
    public async Task A_channel_connects_on_demand_and_the_first_call_takes_that_connection()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        Assert.Equal(ConnectivityState.Idle, channel.State);

        await channel.ConnectAsync(Patience);
        Assert.Equal(ConnectivityState.Ready, channel.State);
        await channel.ConnectAsync(Patience);
        await new Probe.Probe.ProbeClient(channel).UnaryAsync(new ProbeRequest());

        Assert.Equal(ConnectivityState.Ready, channel.State);
    }

    [Fact]
    public async Task A_call_connects_the_channel_and_the_end_of_the_server_makes_it_idle()
    {
        ProbeServer server = await ProbeServer.Start();
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        await new Probe.Probe.ProbeClient(channel).UnaryAsync(new ProbeRequest());
        Assert.Equal(ConnectivityState.Ready, channel.State);

        await server.DisposeAsync();
        await channel.WaitForStateChangedAsync(ConnectivityState.Ready, Patience);

        Assert.Equal(ConnectivityState.Idle, channel.State);
    }

    [Fact]
    public async Task The_end_of_a_connection_that_no_call_has_used_is_noticed()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://{listener.LocalEndpoint}");
        await channel.ConnectAsync(Patience);

        (await listener.AcceptSocketAsync(Patience)).Dispose();
        await channel.WaitForStateChangedAsync(ConnectivityState.Ready, Patience);

        Assert.Equal(ConnectivityState.Idle, channel.State);
    }

    [Fact]
    public async Task Connecting_goes_on_until_there_is_a_server()
    {
        int port = FreePort();
        using GrpcChannel channel = GrpcChannel.ForAddress(
            $"http://127.0.0.1:{port}",
            new GrpcChannelOptions { InitialReconnectBackoff = TimeSpan.FromMilliseconds(20) });
        Task connecting = channel.ConnectAsync(Patience);
        await channel.WaitForStateChangedAsync(ConnectivityState.Idle, Patience);
        await channel.WaitForStateChangedAsync(ConnectivityState.Connecting, Patience);
        Assert.False(connecting.IsCompleted);

        using TcpListener listener = new(IPAddress.Loopback, port);
        listener.Start();
        await connecting;

        Assert.Equal(ConnectivityState.Ready, channel.State);
    }

    [Fact]
    public async Task Connecting_can_be_given_up()
    {
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://127.0.0.1:{FreePort()}");
        using CancellationTokenSource enough = new();
        Task connecting = channel.ConnectAsync(enough.Token);

        await enough.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
    }

    [Fact]
    public async Task A_call_that_waits_for_ready_waits_and_another_fails_at_once()
    {
        int port = FreePort();
        using GrpcChannel channel = GrpcChannel.ForAddress(
            $"http://127.0.0.1:{port}",
            new GrpcChannelOptions { InitialReconnectBackoff = TimeSpan.FromMilliseconds(20) });
        Probe.Probe.ProbeClient client = new(channel);
        RpcException refused = await Assert.ThrowsAsync<RpcException>(
            async () => await client.UnaryAsync(new ProbeRequest()));
        Assert.Equal(ConnectivityState.TransientFailure, channel.State);
        DateTime soon = TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(100);
        RpcException late = await Assert.ThrowsAsync<RpcException>(async () => await client.UnaryAsync(
            new ProbeRequest(),
            new CallOptions(deadline: soon).WithWaitForReady()));

        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        Assert.Equal(StatusCode.DeadlineExceeded, late.StatusCode);
    }

    [Fact]
    public async Task A_channel_that_is_disposed_of_is_shut_down()
    {
        await using ProbeServer server = await ProbeServer.Start();
        GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        await channel.ConnectAsync(Patience);
        Task change = channel.WaitForStateChangedAsync(ConnectivityState.Ready, Patience);

        channel.Dispose();
        await change;

        Assert.Equal(ConnectivityState.Shutdown, channel.State);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => channel.ConnectAsync(Patience));
    }

    [Fact]
    public void Of_a_handler_of_the_callers_no_state_is_known()
    {
        using GrpcChannel channel = GrpcChannel.ForAddress(
            "http://localhost",
            new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler(), DisposeHttpClient = true });

        Assert.Throws<InvalidOperationException>(() => channel.State);
    }

    private static int FreePort()
    {
        using TcpListener probe = new(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
