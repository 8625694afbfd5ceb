using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server;

/// <summary>A type of interceptor and the arguments it is created with.</summary>
public class InterceptorRegistration
{
    private readonly object[] arguments;
    private readonly Type activatorType;
    private ObjectFactory? factory;

    internal InterceptorRegistration(
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type type, object[] arguments)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(arguments);
        if (!typeof(Interceptor).IsAssignableFrom(type))
        {
            throw new ArgumentException($"{type} does not derive from {typeof(Interceptor)}.", nameof(type));
        }

        Type = type;
        activatorType = typeof(IGrpcInterceptorActivator<>).MakeGenericType(type);
        this.arguments = arguments;
    }

    /// <summary>The type of interceptor.</summary>
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)]
    public Type Type { get; }

    /// <summary>Arguments of its constructor; the rest comes from the request's services.</summary>
    public IReadOnlyList<object> Arguments => arguments;

    internal IGrpcInterceptorActivator Activator(IServiceProvider services) =>
        (IGrpcInterceptorActivator)services.GetRequiredService(activatorType);

    internal bool HasDefaultActivator(IServiceProvider services) =>
        Activator(services).GetType() == typeof(InterceptorActivator<>).MakeGenericType(Type);

    internal Interceptor Create(IServiceProvider services)
    {
        factory ??= ActivatorUtilities.CreateFactory(Type, Array.ConvertAll(arguments, a => a.GetType()));
        return (Interceptor)factory(services, arguments);
    }
}

/// <summary>The interceptors of a server or a service, outermost first.</summary>
public class InterceptorCollection : Collection<InterceptorRegistration>
{
    /// <summary>Adds an interceptor at the end, which is innermost.</summary>
    /// <typeparam name="TInterceptor">Its type; taken from the request's services if registered there.</typeparam>
    /// <param name="args">Arguments of its constructor; with any, it is created for each call.</param>
    public void Add<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TInterceptor>(
        params object[] args)
        where TInterceptor : Interceptor => Add(typeof(TInterceptor), args);

    /// <summary>Adds an interceptor at the end, which is innermost.</summary>
    /// <param name="interceptorType">Its type; taken from the request's services if registered there.</param>
    /// <param name="args">Arguments of its constructor; with any, it is created for each call.</param>
    /// <exception cref="ArgumentException">The type is no interceptor.</exception>
    public void Add(
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type interceptorType,
        params object[] args) => Add(new InterceptorRegistration(interceptorType, args));
}
