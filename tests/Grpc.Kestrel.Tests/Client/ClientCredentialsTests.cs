using Grpc.Core;
using Grpc.Kestrel.Tests.Testing;
using Grpc.Net.Client;
using static Grpc.Kestrel.Tests.Probe.Probe;

namespace Grpc.Kestrel.Tests.Client;

public class ClientCredentialsTests
{
    [Fact]
    public async Task Credentials_of_channel_and_call_are_asked_in_order()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address, new GrpcChannelOptions
        {
            Credentials = ChannelCredentials.Create(ChannelCredentials.Insecure, CallCredentials.Compose(
                Proof((_, metadata) => metadata.Add("who", "one")),
                Proof((_, metadata) => metadata.Add("who", "two")))),
            UnsafeUseInsecureChannelCallCredentials = true,
        });

        await new ProbeClient(channel).UnaryAsync(new(), new CallOptions(credentials: Proof(
            (context, metadata) => metadata.Add("who", $"{context.ServiceUrl} {context.MethodName}"))));
        SeenCall call = await server.Notes.NextCall();

        Assert.Equal(
            $"one, two, {server.Address.GetLeftPart(UriPartial.Authority)}/probe.v1.Probe Unary",
            string.Join(", ", call.RequestHeaders.GetAll("who").Select(entry => entry.Value)));
    }

    [Fact]
    public async Task Credentials_do_not_leave_over_a_channel_without_tls()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);

        await new ProbeClient(channel).UnaryAsync(new(), new CallOptions(credentials: Proof(
            (_, _) => throw new InvalidOperationException("asked"))));
        SeenCall call = await server.Notes.NextCall();

        Assert.Null(call.RequestHeaders.Get("who"));
    }

    [Fact]
    public async Task Credentials_that_cannot_be_had_end_the_call_before_it_is_sent()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using GrpcChannel channel = GrpcChannel.ForAddress(
            server.Address, new GrpcChannelOptions { UnsafeUseInsecureChannelCallCredentials = true });

        RpcException error = await Assert.ThrowsAsync<RpcException>(async () =>
            await new ProbeClient(channel).UnaryAsync(new(), new CallOptions(credentials: Proof(
                (_, _) => throw new RpcException(new Status(StatusCode.Unauthenticated, "no token"))))));

        Assert.Equal((StatusCode.Unauthenticated, "no token"), (error.StatusCode, error.Status.Detail));
    }

    [Fact]
    public void Credentials_must_fit_the_address()
    {
        Assert.Throws<InvalidOperationException>(() => GrpcChannel.ForAddress(
            "http://localhost", new GrpcChannelOptions { Credentials = ChannelCredentials.SecureSsl }));
        Assert.Throws<InvalidOperationException>(() => GrpcChannel.ForAddress(
            "https://localhost", new GrpcChannelOptions { Credentials = ChannelCredentials.Insecure }));
        Assert.Throws<InvalidOperationException>(() => GrpcChannel.ForAddress(
            "https://localhost", new GrpcChannelOptions { Credentials = new SslCredentials("roots") }));
        Assert.Throws<ArgumentException>(() => CallCredentials.Compose(Proof((_, _) => { })));
    }

    private static CallCredentials Proof(Action<AuthInterceptorContext, Metadata> add) =>
        CallCredentials.FromInterceptor((context, metadata) =>
        {
            add(context, metadata);
            return Task.CompletedTask;
        });
}
