using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Kestrel.Server;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps gRPC services to endpoints.</summary>
public static class GrpcEndpointRouteBuilderExtensions
{
    /// <summary>Maps the methods of a service that derives from a generated base.</summary>
    /// <typeparam name="TService">The service; taken from the request's services if registered there.</typeparam>
    /// <param name="builder">The application's routes.</param>
    /// <returns>Adds conventions, such as an authorization policy, to all methods of the service.</returns>
    /// <exception cref="InvalidOperationException"><c>AddGrpc</c> was not called.</exception>
    public static GrpcServiceEndpointConventionBuilder MapGrpcService<TService>(this IEndpointRouteBuilder builder)
        where TService : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        return ServiceRoutes.Map<TService>(builder, argument: null, activator: null);
    }

    /// <summary>Maps the methods of a definition made from the application's services.</summary>
    /// <param name="builder">The application's routes.</param>
    /// <param name="mapDefinition">Makes the definition; called once.</param>
    /// <returns>Adds conventions to all methods of the definition.</returns>
    /// <exception cref="InvalidOperationException"><c>AddGrpc</c> was not called.</exception>
    public static GrpcServiceEndpointConventionBuilder MapGrpcService(
        this IEndpointRouteBuilder builder, Func<IServiceProvider, ServerServiceDefinition> mapDefinition)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(mapDefinition);
        return builder.MapGrpcService(mapDefinition(builder.ServiceProvider));
    }

    /// <summary>Maps the methods of a definition.</summary>
    /// <param name="builder">The application's routes.</param>
    /// <param name="serviceDefinition">The methods with their handlers.</param>
    /// <returns>Adds conventions to all methods of the definition.</returns>
    /// <exception cref="InvalidOperationException"><c>AddGrpc</c> was not called.</exception>
    public static GrpcServiceEndpointConventionBuilder MapGrpcService(
        this IEndpointRouteBuilder builder, ServerServiceDefinition serviceDefinition)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(serviceDefinition);
        return ServiceRoutes.Map(builder, serviceDefinition, new DefinitionActivator(serviceDefinition));
    }

    // The handlers of a definition need no service object: the definition stands in for it.
    private sealed class DefinitionActivator(ServerServiceDefinition definition)
        : IGrpcServiceActivator<ServerServiceDefinition>
    {
        public GrpcActivatorHandle<ServerServiceDefinition> Create(IServiceProvider serviceProvider) =>
            new(definition, created: false, state: null);

        public ValueTask ReleaseAsync(GrpcActivatorHandle<ServerServiceDefinition> service) => default;
    }
}

/// <summary>Adds conventions to all endpoints of a gRPC service.</summary>
public sealed class GrpcServiceEndpointConventionBuilder : IEndpointConventionBuilder
{
    private readonly IReadOnlyList<IEndpointConventionBuilder> endpoints;

    internal GrpcServiceEndpointConventionBuilder(IReadOnlyList<IEndpointConventionBuilder> endpoints)
    {
        this.endpoints = endpoints;
    }

    /// <summary>Adds a convention to each endpoint.</summary>
    /// <param name="convention">Changes an endpoint.</param>
    public void Add(Action<EndpointBuilder> convention)
    {
        foreach (IEndpointConventionBuilder endpoint in endpoints)
        {
            endpoint.Add(convention);
        }
    }

    /// <summary>Adds a convention that runs after all others to each endpoint.</summary>
    /// <param name="finallyConvention">Changes an endpoint.</param>
    public void Finally(Action<EndpointBuilder> finallyConvention)
    {
        foreach (IEndpointConventionBuilder endpoint in endpoints)
        {
            endpoint.Finally(finallyConvention);
        }
    }
}
