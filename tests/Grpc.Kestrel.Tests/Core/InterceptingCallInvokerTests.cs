using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Kestrel.Tests.Probe;
using Grpc.Kestrel.Tests.Testing;
using Grpc.Net.Client;
using static Grpc.Kestrel.Tests.Probe.Probe;

namespace Grpc.Kestrel.Tests.Core;

public class InterceptingCallInvokerTests
{
    [Fact]
    public async Task The_first_interceptor_sees_a_call_first()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        CallInvoker invoker = channel.Intercept(new Adding("first"), new Adding("second"));

        await new ProbeClient(invoker).UnaryAsync(new());
        SeenCall call = await server.Notes.NextCall();

        Assert.Equal("first, second", string.Join(", ", call.RequestHeaders.GetAll("seen").Select(e => e.Value)));
    }

    [Fact]
    public async Task Metadata_can_be_rewritten_for_every_kind_of_call()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        ProbeClient client = new(channel.Intercept(headers =>
        {
            headers.Add("tenant", "7");
            return headers;
        }));

        await client.UnaryAsync(new());
        using AsyncClientStreamingCall<ProbeRequest, ProbeReply> collect = client.Collect();
        using AsyncServerStreamingCall<ProbeReply> spread = client.Spread(new());
        using AsyncDuplexStreamingCall<ProbeRequest, ProbeReply> chat = client.Chat();

        for (int i = 0; i < 4; i++)
        {
            Assert.Equal("7", (await server.Notes.NextCall()).RequestHeaders.GetValue("tenant"));
        }
    }

    [Fact]
    public async Task A_client_can_name_another_host()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);

        await new ProbeClient(channel).WithHost("crm.example").UnaryAsync(new());

        Assert.Equal("crm.example", (await server.Notes.NextCall()).Host);
    }

    private sealed class Adding(string name) : Interceptor
    {
        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            Metadata headers = context.Options.Headers ?? [];
            headers.Add("seen", name);
            return continuation(request, new(context.Method, context.Host, context.Options.WithHeaders(headers)));
        }
    }
}
