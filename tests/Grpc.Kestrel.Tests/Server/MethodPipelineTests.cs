using System.Collections.Concurrent;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Kestrel.Tests.Probe;
using Grpc.Kestrel.Tests.Testing;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using static Grpc.Kestrel.Tests.Probe.Probe;

namespace Grpc.Kestrel.Tests.Server;

public class MethodPipelineTests
{
    [Fact]
    public async Task Interceptors_stand_around_all_kinds_of_calls_common_ones_outside_own_ones()
    {
        Trace trace = new();
        await using ProbeServer server = await ProbeServer.Start(HttpProtocols.Http2, services => services
            .AddSingleton(trace)
            .AddGrpc(options =>
            {
                options.Interceptors.Add<Tracing>("common 1");
                options.Interceptors.Add<Tracing>("common 2");
            })
            .AddServiceOptions<ProbeService>(options => options.Interceptors.Add<Tracing>("own")));
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        ProbeClient client = new(channel);

        await client.UnaryAsync(new());
        Assert.Equal(["common 1 unary", "common 2 unary", "own unary"], trace.Take());

        using AsyncClientStreamingCall<ProbeRequest, ProbeReply> collect = client.Collect();
        await collect.RequestStream.CompleteAsync();
        await collect;
        Assert.Equal(["common 1 collect", "common 2 collect", "own collect"], trace.Take());

        using AsyncServerStreamingCall<ProbeReply> spread = client.Spread(new());
        Assert.False(await spread.ResponseStream.MoveNext());
        Assert.Equal(["common 1 spread", "common 2 spread", "own spread"], trace.Take());

        using AsyncDuplexStreamingCall<ProbeRequest, ProbeReply> chat = client.Chat();
        await chat.RequestStream.CompleteAsync();
        Assert.False(await chat.ResponseStream.MoveNext());
        Assert.Equal(["common 1 chat", "common 2 chat", "own chat"], trace.Take());
    }

    [Fact]
    public async Task Interceptors_with_arguments_are_made_and_disposed_for_each_call()
    {
        Trace trace = new();
        await using ProbeServer server = await ProbeServer.Start(HttpProtocols.Http2, services => services
            .AddSingleton(trace)
            .AddGrpc(options => options.Interceptors.Add<Tracing>("a")));
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);

        await new ProbeClient(channel).UnaryAsync(new());
        await new ProbeClient(channel).UnaryAsync(new());

        Assert.Equal((2, 2), (trace.Made, trace.Disposed));
    }

    [Fact]
    public async Task A_registered_interceptor_is_taken_from_the_services()
    {
        Trace trace = new();
        await using ProbeServer server = await ProbeServer.Start(HttpProtocols.Http2, services => services
            .AddSingleton(trace)
            .AddSingleton(new Tracing(trace, "registered"))
            .AddGrpc(options => options.Interceptors.Add<Tracing>()));
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);

        await new ProbeClient(channel).UnaryAsync(new());
        await new ProbeClient(channel).UnaryAsync(new());

        Assert.Equal(["registered unary", "registered unary"], trace.Take());
        Assert.Equal((1, 0), (trace.Made, trace.Disposed));
    }

    [Fact]
    public async Task An_interceptor_can_refuse_a_call_and_wrap_its_context()
    {
        await using ProbeServer server = await ProbeServer.Start(options => options.Interceptors.Add<Refusing>());
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        ProbeClient client = new(channel);

        RpcException refusal = await Assert.ThrowsAsync<RpcException>(async () => await client.UnaryAsync(new()));
        ProbeReply allowed = await client.UnaryAsync(
            new() { Text = "hello" }, new Metadata { { "authorization", "yes" } });

        Assert.Equal((StatusCode.Unauthenticated, "hello"), (refusal.StatusCode, allowed.Text));
        Assert.Equal("wrapped", (await server.Notes.NextCall()).Host);
    }

    [Fact]
    public void Only_interceptors_can_be_added()
    {
        Assert.Throws<ArgumentException>(() => new InterceptorCollection().Add(typeof(Trace)));
    }

    [Fact]
    public async Task A_service_that_is_not_registered_is_made_and_disposed_for_each_call()
    {
        Trace trace = new();
        await using ProbeServer server = await ProbeServer.Start(
            HttpProtocols.Http2, services => services.AddSingleton(trace).AddGrpc(), Map);
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);

        await new ProbeClient(channel).UnaryAsync(new());
        await Assert.ThrowsAsync<RpcException>(
            async () => await new ProbeClient(channel).UnaryAsync(new() { Action = "throw" }));

        Assert.Equal((2, 2), (trace.Made, trace.Disposed));
    }

    [Fact]
    public async Task A_registered_service_belongs_to_its_container()
    {
        Trace trace = new();
        await using ProbeServer server = await ProbeServer.Start(
            HttpProtocols.Http2, services => services.AddSingleton(trace).AddSingleton<Disposing>().AddGrpc(), Map);
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);

        await new ProbeClient(channel).UnaryAsync(new());
        await new ProbeClient(channel).UnaryAsync(new());

        Assert.Equal((1, 0), (trace.Made, trace.Disposed));
    }

    [Fact]
    public async Task A_service_that_must_be_registered_is_not_made()
    {
        Trace trace = new();
        await using ProbeServer server = await ProbeServer.Start(
            HttpProtocols.Http2,
            services => services.AddSingleton(trace).AddGrpc(options => options.SuppressCreatingService = true),
            Map);
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);

        await Assert.ThrowsAsync<RpcException>(async () => await new ProbeClient(channel).UnaryAsync(new()));

        Assert.Equal(0, trace.Made);
    }

    private static void Map(WebApplication app) => app.MapGrpcService<Disposing>();

    private sealed class Trace
    {
        private readonly ConcurrentQueue<string> lines = new();
        private int made;
        private int disposed;

        public int Made => made;

        public int Disposed => disposed;

        public void Add(string line) => lines.Enqueue(line);

        public void Make() => Interlocked.Increment(ref made);

        public void Dispose() => Interlocked.Increment(ref disposed);

        public List<string> Take()
        {
            List<string> taken = [.. lines];
            lines.Clear();
            return taken;
        }
    }

    private sealed class Disposing : ProbeBase, IAsyncDisposable
    {
        private readonly Trace trace;

        public Disposing(Trace trace)
        {
            this.trace = trace;
            trace.Make();
        }

        public override Task<ProbeReply> Unary(ProbeRequest request, ServerCallContext context) =>
            request.Action == "throw" ? throw new InvalidOperationException() : Task.FromResult(new ProbeReply());

        public ValueTask DisposeAsync()
        {
            trace.Dispose();
            return default;
        }
    }

    private sealed class Tracing : Interceptor, IDisposable
    {
        private readonly Trace trace;
        private readonly string name;

        public Tracing(Trace trace, string name)
        {
            this.trace = trace;
            this.name = name;
            trace.Make();
        }

        public void Dispose() => trace.Dispose();

        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            trace.Add(name + " unary");
            return continuation(request, context);
        }

        public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream,
            ServerCallContext context,
            ClientStreamingServerMethod<TRequest, TResponse> continuation)
        {
            trace.Add(name + " collect");
            return continuation(requestStream, context);
        }

        public override Task ServerStreamingServerHandler<TRequest, TResponse>(
            TRequest request,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            ServerStreamingServerMethod<TRequest, TResponse> continuation)
        {
            trace.Add(name + " spread");
            return continuation(request, responseStream, context);
        }

        public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            DuplexStreamingServerMethod<TRequest, TResponse> continuation)
        {
            trace.Add(name + " chat");
            return continuation(requestStream, responseStream, context);
        }
    }

    private sealed class Refusing : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
            context.RequestHeaders.GetValue("authorization") is null
                ? throw new RpcException(new Status(StatusCode.Unauthenticated, "who are you?"))
                : continuation(request, new WrappedContext(context));
    }

    // A context of an interceptor's own, which reaches the request only through the state it passes on.
    private sealed class WrappedContext(ServerCallContext inner) : ServerCallContext
    {
        protected override string MethodCore => inner.Method;

        protected override string HostCore => "wrapped";

        protected override string PeerCore => inner.Peer;

        protected override DateTime DeadlineCore => inner.Deadline;

        protected override Metadata RequestHeadersCore => inner.RequestHeaders;

        protected override CancellationToken CancellationTokenCore => inner.CancellationToken;

        protected override Metadata ResponseTrailersCore => inner.ResponseTrailers;

        protected override Status StatusCore
        {
            get => inner.Status;
            set => inner.Status = value;
        }

        protected override WriteOptions? WriteOptionsCore
        {
            get => inner.WriteOptions;
            set => inner.WriteOptions = value;
        }

        protected override AuthContext AuthContextCore => inner.AuthContext;

        protected override IDictionary<object, object> UserStateCore => inner.UserState;

        protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) =>
            inner.WriteResponseHeadersAsync(responseHeaders);

        protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) =>
            inner.CreatePropagationToken(options);
    }
}
