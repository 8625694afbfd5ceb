using Grpc.AspNetCore.Server;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Grpc.Kestrel.Server;

/// <summary>
/// Joins a method of a service with its interceptors: the first registered one is outermost, the service object is
/// found or made innermost.
/// </summary>
internal sealed class MethodPipeline<TService>(
    IGrpcServiceActivator<TService> activator,
    IReadOnlyList<InterceptorRegistration> interceptors,
    SharedObjects shared)
    where TService : class
{
    private readonly Lazy<TService>? one = shared.Service(activator);

    public UnaryServerMethod<TRequest, TResponse> Unary<TRequest, TResponse>(
        UnaryServerMethod<TService, TRequest, TResponse> invoker)
        where TRequest : class
        where TResponse : class
    {
        UnaryServerMethod<TRequest, TResponse> whole = one is not null
            ? (request, context) => invoker(one.Value, request, context)
            : async (request, context) =>
            {
                GrpcActivatorHandle<TService> service = activator.Create(Services(context));
                try
                {
                    return await invoker(service.Instance, request, context).ConfigureAwait(false);
                }
                finally
                {
                    await activator.ReleaseAsync(service).ConfigureAwait(false);
                }
            };
        return Intercepted(whole, (registration, inner) => shared.Interceptor(registration) is { } only
            ? (request, context) => only.Value.UnaryServerHandler(request, context, inner)
            : (request, context) => Around(
                registration, context, interceptor => interceptor.UnaryServerHandler(request, context, inner)));
    }

    public ClientStreamingServerMethod<TRequest, TResponse> ClientStreaming<TRequest, TResponse>(
        ClientStreamingServerMethod<TService, TRequest, TResponse> invoker)
        where TRequest : class
        where TResponse : class
    {
        ClientStreamingServerMethod<TRequest, TResponse> whole = one is not null
            ? (requests, context) => invoker(one.Value, requests, context)
            : async (requests, context) =>
            {
                GrpcActivatorHandle<TService> service = activator.Create(Services(context));
                try
                {
                    return await invoker(service.Instance, requests, context).ConfigureAwait(false);
                }
                finally
                {
                    await activator.ReleaseAsync(service).ConfigureAwait(false);
                }
            };
        return Intercepted(whole, (registration, inner) => shared.Interceptor(registration) is { } only
            ? (requests, context) => only.Value.ClientStreamingServerHandler(requests, context, inner)
            : (requests, context) => Around(
                registration,
                context,
                interceptor => interceptor.ClientStreamingServerHandler(requests, context, inner)));
    }

    public ServerStreamingServerMethod<TRequest, TResponse> ServerStreaming<TRequest, TResponse>(
        ServerStreamingServerMethod<TService, TRequest, TResponse> invoker)
        where TRequest : class
        where TResponse : class
    {
        ServerStreamingServerMethod<TRequest, TResponse> whole = one is not null
            ? (request, responses, context) => invoker(one.Value, request, responses, context)
            : async (request, responses, context) =>
            {
                GrpcActivatorHandle<TService> service = activator.Create(Services(context));
                try
                {
                    await invoker(service.Instance, request, responses, context).ConfigureAwait(false);
                }
                finally
                {
                    await activator.ReleaseAsync(service).ConfigureAwait(false);
                }
            };
        return Intercepted(whole, (registration, inner) => shared.Interceptor(registration) is { } only
            ? (request, responses, context) =>
                only.Value.ServerStreamingServerHandler(request, responses, context, inner)
            : (request, responses, context) => Around(
                registration,
                context,
                interceptor => interceptor.ServerStreamingServerHandler(request, responses, context, inner)));
    }

    public DuplexStreamingServerMethod<TRequest, TResponse> DuplexStreaming<TRequest, TResponse>(
        DuplexStreamingServerMethod<TService, TRequest, TResponse> invoker)
        where TRequest : class
        where TResponse : class
    {
        DuplexStreamingServerMethod<TRequest, TResponse> whole = one is not null
            ? (requests, responses, context) => invoker(one.Value, requests, responses, context)
            : async (requests, responses, context) =>
            {
                GrpcActivatorHandle<TService> service = activator.Create(Services(context));
                try
                {
                    await invoker(service.Instance, requests, responses, context).ConfigureAwait(false);
                }
                finally
                {
                    await activator.ReleaseAsync(service).ConfigureAwait(false);
                }
            };
        return Intercepted(whole, (registration, inner) => shared.Interceptor(registration) is { } only
            ? (requests, responses, context) =>
                only.Value.DuplexStreamingServerHandler(requests, responses, context, inner)
            : (requests, responses, context) => Around(
                registration,
                context,
                interceptor => interceptor.DuplexStreamingServerHandler(requests, responses, context, inner)));
    }

    private static IServiceProvider Services(ServerCallContext context) => context.GetHttpContext().RequestServices;

    private static async Task<TResult> Around<TResult>(
        InterceptorRegistration registration, ServerCallContext context, Func<Interceptor, Task<TResult>> handle)
    {
        IServiceProvider services = Services(context);
        IGrpcInterceptorActivator interceptors = registration.Activator(services);
        GrpcActivatorHandle<Interceptor> interceptor = interceptors.Create(services, registration);
        try
        {
            return await handle(interceptor.Instance).ConfigureAwait(false);
        }
        finally
        {
            await interceptors.ReleaseAsync(interceptor).ConfigureAwait(false);
        }
    }

    private static async Task Around(
        InterceptorRegistration registration, ServerCallContext context, Func<Interceptor, Task> handle)
    {
        IServiceProvider services = Services(context);
        IGrpcInterceptorActivator interceptors = registration.Activator(services);
        GrpcActivatorHandle<Interceptor> interceptor = interceptors.Create(services, registration);
        try
        {
            await handle(interceptor.Instance).ConfigureAwait(false);
        }
        finally
        {
            await interceptors.ReleaseAsync(interceptor).ConfigureAwait(false);
        }
    }

    private TDelegate Intercepted<TDelegate>(
        TDelegate innermost, Func<InterceptorRegistration, TDelegate, TDelegate> surround)
        where TDelegate : Delegate
    {
        TDelegate whole = innermost;
        for (int i = interceptors.Count - 1; i >= 0; i--)
        {
            whole = surround(interceptors[i], whole);
        }

        return whole;
    }
}
