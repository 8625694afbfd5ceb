using System.Reflection;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Microsoft.AspNetCore.Routing;

namespace Grpc.Kestrel.Server;

/// <summary>Finds the methods of a service with a generated base, and those of a service definition.</summary>
internal sealed class BinderServiceMethodProvider<TService> : IServiceMethodProvider<TService>
    where TService : class
{
    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<TService> context)
    {
        if (context.Argument is ServerServiceDefinition definition)
        {
            definition.BindService(new DefinitionBinder<TService>(context));
            return;
        }

        for (Type? type = typeof(TService); type is not null; type = type.BaseType)
        {
            if (type.GetCustomAttribute<BindServiceMethodAttribute>(inherit: false) is BindServiceMethodAttribute bind)
            {
                Bind(bind, type, new TypeBinder<TService>(context, type));
                return;
            }
        }
    }

    private static void Bind(BindServiceMethodAttribute bind, Type generatedBase, ServiceBinderBase binder)
    {
        MethodInfo method = bind.BindType.GetMethod(
            bind.BindMethodName,
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static,
            [typeof(ServiceBinderBase), generatedBase])
            ?? throw new InvalidOperationException(
                $"{bind.BindType} has no static method {bind.BindMethodName} that binds {generatedBase}.");
        method.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [binder, null], null);
    }
}

/// <summary>Maps the methods of a generated base to those of the service that overrides them.</summary>
internal sealed class TypeBinder<TService>(ServiceMethodProviderContext<TService> context, Type generatedBase)
    : ServiceBinderBase
    where TService : class
{
    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
    {
        MethodInfo found = Find(method.Name, typeof(TRequest), typeof(ServerCallContext));
        context.AddUnaryMethod(
            method,
            Metadata(found),
            found.CreateDelegate<UnaryServerMethod<TService, TRequest, TResponse>>());
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
    {
        MethodInfo found = Find(method.Name, typeof(IAsyncStreamReader<TRequest>), typeof(ServerCallContext));
        context.AddClientStreamingMethod(
            method,
            Metadata(found),
            found.CreateDelegate<ClientStreamingServerMethod<TService, TRequest, TResponse>>());
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
    {
        MethodInfo found = Find(
            method.Name, typeof(TRequest), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        context.AddServerStreamingMethod(
            method,
            Metadata(found),
            found.CreateDelegate<ServerStreamingServerMethod<TService, TRequest, TResponse>>());
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
    {
        MethodInfo found = Find(
            method.Name,
            typeof(IAsyncStreamReader<TRequest>),
            typeof(IServerStreamWriter<TResponse>),
            typeof(ServerCallContext));
        context.AddDuplexStreamingMethod(
            method,
            Metadata(found),
            found.CreateDelegate<DuplexStreamingServerMethod<TService, TRequest, TResponse>>());
    }

    private static List<object> Metadata(MethodInfo method) =>
    [
        .. typeof(TService).GetCustomAttributes(inherit: true),
        .. method.GetCustomAttributes(inherit: true),
        new HttpMethodMetadata(["POST"], acceptCorsPreflight: true),
    ];

    // A method that merely hides the base's virtual one is not what callers of the base would reach: it is skipped.
    private MethodInfo Find(string name, params Type[] parameters)
    {
        for (Type? type = typeof(TService); type is not null; type = type.BaseType)
        {
            MethodInfo? found = type.GetMethod(
                name, BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly, parameters);
            if (found is { IsVirtual: true } && found.GetBaseDefinition().DeclaringType == generatedBase)
            {
                return found;
            }
        }

        throw new InvalidOperationException($"{typeof(TService)} has no method {name} as {generatedBase} declares it.");
    }
}

/// <summary>Maps the methods of a definition, which bring their handlers along.</summary>
internal sealed class DefinitionBinder<TService>(ServiceMethodProviderContext<TService> context) : ServiceBinderBase
    where TService : class
{
    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        context.AddUnaryMethod(method, Metadata(handler), (_, request, call) => handler(request, call));
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        context.AddClientStreamingMethod(method, Metadata(handler), (_, requests, call) => handler(requests, call));
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        context.AddServerStreamingMethod(
            method, Metadata(handler), (_, request, responses, call) => handler(request, responses, call));
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        context.AddDuplexStreamingMethod(
            method, Metadata(handler), (_, requests, responses, call) => handler(requests, responses, call));
    }

    private static List<object> Metadata(Delegate handler) =>
    [
        .. handler.Method.GetCustomAttributes(inherit: true),
        new HttpMethodMetadata(["POST"], acceptCorsPreflight: true),
    ];
}
