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
        return http => Accept(http, method) is ServerCall call
            ? Serve(call, handler, deserialize, serialize)
            : Task.CompletedTask;
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
            TRequest request = await call.Reader.ReadOnly(deserialize).ConfigureAwait(false);
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

    // One state machine for the whole of a unary call, and none that leaves the stack when nothing has to wait.
    private static async Task Serve<TRequest, TResponse>(
        ServerCall call,
        UnaryServerMethod<TRequest, TResponse> handler,
        Func<DeserializationContext, TRequest> deserialize,
        Action<TResponse, SerializationContext> serialize)
        where TRequest : class
        where TResponse : class
    {
        try
        {
            call.Begin();
            TRequest request = await call.Reader.ReadOnly(deserialize).ConfigureAwait(false);
            call.WriteSingle(await handler(request, call).ConfigureAwait(false), serialize);
        }
        catch (Exception e)
        {
            // The edge between handlers and the protocol: what they throw becomes the status of the call.
            call.Fail(e);
        }

        await call.Finish().ConfigureAwait(false);
    }

    private static async Task Serve(ServerCall call, Func<ServerCall, Task> handle)
    {
        try
        {
            call.Begin();
            await handle(call).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The same edge for streams.
            call.Fail(e);
        }

        await call.Finish().ConfigureAwait(false);
    }

    private RequestDelegate Endpoint(IMethod method, Func<ServerCall, Task> handle) => http =>
        Accept(http, method) is ServerCall call ? Serve(call, handle) : Task.CompletedTask;

    // Null when the request is answered already.
    private ServerCall? Accept(HttpContext http, IMethod method)
    {
        if (!CallAcceptance.Accept(http, log))
        {
            return null;
        }

        // Routing ignores the case of letters, gRPC does not. A group of routes may stand before the name.
        if (http.Request.Path.Value is string path && path.EndsWith(method.FullName, StringComparison.Ordinal))
        {
            return new ServerCall(http, method, settings, log);
        }

        AnswerUnimplemented(http, MethodIsUnimplemented, log);
        return null;
    }
}
