using Grpc.Core;
using Grpc.Kestrel.Wire;
using Grpc.Net.Client;

namespace Grpc.Kestrel.Client;

/// <summary>Starts calls over a channel.</summary>
internal sealed class HttpCallInvoker(GrpcChannel channel) : CallInvoker
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        using AsyncUnaryCall<TResponse> call = AsyncUnaryCall(method, host, options, request);
        return call.GetAwaiter().GetResult();
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        ClientCall<TResponse> call = Create(method, host, options);
        call.Start(() => Content(call, method, request));
        return new AsyncUnaryCall<TResponse>(
            call.Single(),
            static call => ((ClientCall<TResponse>)call).ResponseHeaders,
            static call => ((ClientCall<TResponse>)call).GetStatus(),
            static call => ((ClientCall<TResponse>)call).GetTrailers(),
            static call => ((ClientCall<TResponse>)call).Dispose(),
            call);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        ClientCall<TResponse> call = Create(method, host, options);
        call.Start(() => Content(call, method, request));
        return new AsyncServerStreamingCall<TResponse>(
            new ClientResponseStream<TResponse>(call),
            static call => ((ClientCall<TResponse>)call).ResponseHeaders,
            static call => ((ClientCall<TResponse>)call).GetStatus(),
            static call => ((ClientCall<TResponse>)call).GetTrailers(),
            static call => ((ClientCall<TResponse>)call).Dispose(),
            call);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        ClientCall<TResponse> call = Create(method, host, options);
        return new AsyncClientStreamingCall<TRequest, TResponse>(
            Open(call, method),
            call.Single(),
            static call => ((ClientCall<TResponse>)call).ResponseHeaders,
            static call => ((ClientCall<TResponse>)call).GetStatus(),
            static call => ((ClientCall<TResponse>)call).GetTrailers(),
            static call => ((ClientCall<TResponse>)call).Dispose(),
            call);
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        ClientCall<TResponse> call = Create(method, host, options);
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(
            Open(call, method),
            new ClientResponseStream<TResponse>(call),
            static call => ((ClientCall<TResponse>)call).ResponseHeaders,
            static call => ((ClientCall<TResponse>)call).GetStatus(),
            static call => ((ClientCall<TResponse>)call).GetTrailers(),
            static call => ((ClientCall<TResponse>)call).Dispose(),
            call);
    }

    private static ClientRequestStream<TRequest, TResponse> Open<TRequest, TResponse>(
        ClientCall<TResponse> call, Method<TRequest, TResponse> method)
        where TRequest : class
        where TResponse : class
    {
        RequestStreamContent content = new();
        call.Start(() => content);
        return new ClientRequestStream<TRequest, TResponse>(
            call, content, method.RequestMarshaller.ContextualSerializer);
    }

    private ClientCall<TResponse> Create<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
        where TResponse : class
    {
        channel.ThrowIfDisposed();
        if (options.Deadline is DateTime deadline && deadline.Kind != DateTimeKind.Utc
            && deadline != DateTime.MaxValue && deadline != DateTime.MinValue)
        {
            throw new InvalidOperationException("The deadline of a call must be in UTC.");
        }

        return new ClientCall<TResponse>(
            channel, method, host, options, method.ResponseMarshaller.ContextualDeserializer);
    }

    private SingleRequestContent Content<TRequest, TResponse>(
        ClientCall<TResponse> call, Method<TRequest, TResponse> method, TRequest request)
        where TResponse : class
    {
        PooledBuffer frame = new();
        new MessageWriter(frame, channel.SendSizeMax, call.Compression, null)
            .Write(request, method.RequestMarshaller.ContextualSerializer, call.Options.WriteOptions?.Flags ?? 0);
        return new SingleRequestContent(frame);
    }
}
