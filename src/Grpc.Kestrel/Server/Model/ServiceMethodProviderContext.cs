using Grpc.Core;
using Grpc.Kestrel.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Grpc.AspNetCore.Server.Model;

/// <summary>Finds methods of a service when it is mapped.</summary>
/// <typeparam name="TService">The service.</typeparam>
public interface IServiceMethodProvider<TService>
    where TService : class
{
    /// <summary>Adds the methods it finds.</summary>
    /// <param name="context">Takes the methods.</param>
    void OnServiceMethodDiscovery(ServiceMethodProviderContext<TService> context);
}

/// <summary>Takes the methods of a service when it is mapped.</summary>
/// <typeparam name="TService">The service.</typeparam>
public class ServiceMethodProviderContext<TService>
    where TService : class
{
    private readonly CallEndpoints endpoints;
    private readonly MethodPipeline<TService> pipeline;

    internal ServiceMethodProviderContext(
        CallEndpoints endpoints, MethodPipeline<TService> pipeline, object? argument)
    {
        this.endpoints = endpoints;
        this.pipeline = pipeline;
        Argument = argument;
    }

    /// <summary>What the service was mapped with, such as a service definition; null for nothing.</summary>
    public object? Argument { get; }

    internal List<MappedMethod> Methods { get; } = [];

    /// <summary>Adds a unary method.</summary>
    /// <typeparam name="TRequest">Type of the request.</typeparam>
    /// <typeparam name="TResponse">Type of the response.</typeparam>
    /// <param name="method">The method.</param>
    /// <param name="metadata">Metadata of its endpoint.</param>
    /// <param name="invoker">Calls it on a service object.</param>
    public void AddUnaryMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        IList<object> metadata,
        UnaryServerMethod<TService, TRequest, TResponse> invoker)
        where TRequest : class
        where TResponse : class =>
        Add(method, metadata, endpoints.Unary(method, pipeline.Unary(invoker)));

    /// <summary>Adds a server streaming method.</summary>
    /// <typeparam name="TRequest">Type of the request.</typeparam>
    /// <typeparam name="TResponse">Type of the responses.</typeparam>
    /// <param name="method">The method.</param>
    /// <param name="metadata">Metadata of its endpoint.</param>
    /// <param name="invoker">Calls it on a service object.</param>
    public void AddServerStreamingMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        IList<object> metadata,
        ServerStreamingServerMethod<TService, TRequest, TResponse> invoker)
        where TRequest : class
        where TResponse : class =>
        Add(method, metadata, endpoints.ServerStreaming(method, pipeline.ServerStreaming(invoker)));

    /// <summary>Adds a client streaming method.</summary>
    /// <typeparam name="TRequest">Type of the requests.</typeparam>
    /// <typeparam name="TResponse">Type of the response.</typeparam>
    /// <param name="method">The method.</param>
    /// <param name="metadata">Metadata of its endpoint.</param>
    /// <param name="invoker">Calls it on a service object.</param>
    public void AddClientStreamingMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        IList<object> metadata,
        ClientStreamingServerMethod<TService, TRequest, TResponse> invoker)
        where TRequest : class
        where TResponse : class =>
        Add(method, metadata, endpoints.ClientStreaming(method, pipeline.ClientStreaming(invoker)));

    /// <summary>Adds a duplex streaming method.</summary>
    /// <typeparam name="TRequest">Type of the requests.</typeparam>
    /// <typeparam name="TResponse">Type of the responses.</typeparam>
    /// <param name="method">The method.</param>
    /// <param name="metadata">Metadata of its endpoint.</param>
    /// <param name="invoker">Calls it on a service object.</param>
    public void AddDuplexStreamingMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        IList<object> metadata,
        DuplexStreamingServerMethod<TService, TRequest, TResponse> invoker)
        where TRequest : class
        where TResponse : class =>
        Add(method, metadata, endpoints.DuplexStreaming(method, pipeline.DuplexStreaming(invoker)));

    /// <summary>Adds a method that handles its HTTP requests itself, such as a JSON gateway.</summary>
    /// <typeparam name="TRequest">Type of the requests.</typeparam>
    /// <typeparam name="TResponse">Type of the responses.</typeparam>
    /// <param name="method">The method.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="metadata">Metadata of its endpoint.</param>
    /// <param name="invoker">Handles the requests.</param>
    public void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, RoutePattern pattern, IList<object> metadata, RequestDelegate invoker)
        where TRequest : class
        where TResponse : class => Methods.Add(new MappedMethod(method, pattern, metadata, invoker));

    private void Add(IMethod method, IList<object> metadata, RequestDelegate invoker) =>
        Methods.Add(new MappedMethod(method, RoutePatternFactory.Parse(method.FullName), metadata, invoker));
}
