using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Grpc.Kestrel.Server;

/// <summary>Makes the request handlers of methods: what happens between the HTTP request and the method.</summary>
internal sealed class CallEndpoints(MethodSettings settings, ILogger log)
{
    public const string MethodIsUnimplemented = "Method is unimplemented.";

    public RequestDelegate Unary<TRequest, TResponse>(
        Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class
    {
        Func<DeserializationContext, TRequest> deserialize = method.RequestMarshaller.ContextualDeserializer;
        Action<TResponse, SerializationContext> serialize = method.ResponseMarshaller.ContextualSerializer;
        return Endpoint(method, async call =>
        {
            TRequest request = await call.ReadSingle(deserialize).ConfigureAwait(false);
            call.WriteSingle(await handler(request, call).ConfigureAwait(false), serialize);
        });
    }

    public RequestDelegate ClientStreaming<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class
    {
        Func<DeserializationContext, TRequest> deserialize = method.RequestMarshaller.ContextualDeserializer;
        Action<TResponse, SerializationContext> serialize = method.ResponseMarshaller.ContextualSerializer;
        return Endpoint(method, async call =>
        {
            TResponse response = await handler(call.ReadStream(deserialize), call).ConfigureAwait(false);
            call.WriteSingle(response, serialize);
        });
    }

    public RequestDelegate ServerStreaming<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class
    {
        Func<DeserializationContext, TRequest> deserialize = method.RequestMarshaller.ContextualDeserializer;
        Action<TResponse, SerializationContext> serialize = method.ResponseMarshaller.ContextualSerializer;
        return Endpoint(method, async call =>
        {
            TRequest request = await call.ReadSingle(deserialize).ConfigureAwait(false);
            await handler(request, call.WriteStream(serialize), call).ConfigureAwait(false);
        });
    }

    public RequestDelegate DuplexStreaming<TRequest, TResponse>(
        Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class
    {
        Func<DeserializationContext, TRequest> deserialize = method.RequestMarshaller.ContextualDeserializer;
        Action<TResponse, SerializationContext> serialize = method.ResponseMarshaller.ContextualSerializer;
        return Endpoint(method, call => handler(call.ReadStream(deserialize), call.WriteStream(serialize), call));
    }

    /// <summary>Answers calls of methods that do not exist.</summary>
    public static RequestDelegate Unimplemented(string text, ILogger log) => http =>
    {
        if (CallAcceptance.Accept(http, log))
        {
            AnswerUnimplemented(http, text, log);
        }

        return Task.CompletedTask;
    };

    private static void AnswerUnimplemented(HttpContext http, string text, ILogger log)
    {
        GrpcServerLog.Unimplemented(log, http.Request.Path);
        CallStatus.Write(http.Response.Headers, new Status(StatusCode.Unimplemented, text));
    }

    private RequestDelegate Endpoint(IMethod method, Func<ServerCall, Task> handle) => async http =>
    {
        if (!CallAcceptance.Accept(http, log))
        {
            return;
        }

        // Routing ignores the case of letters, gRPC does not. A group of routes may stand before the name.
        if (http.Request.Path.Value is not string path || !path.EndsWith(method.FullName, StringComparison.Ordinal))
        {
            AnswerUnimplemented(http, MethodIsUnimplemented, log);
            return;
        }

        ServerCall call = new(http, method, settings, log);
        try
        {
            call.Begin();
            await handle(call).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The edge between handlers and the protocol: what they throw becomes the status of the call.
            call.Fail(e);
        }

        await call.Finish().ConfigureAwait(false);
    };
}
