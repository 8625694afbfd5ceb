using System.Diagnostics.CodeAnalysis;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Grpc.AspNetCore.Server;

/// <summary>An object made or found for one call.</summary>
/// <typeparam name="T">Its type.</typeparam>
[SuppressMessage("Performance", "CA1815", Justification = "Handles are not compared.")]
public readonly struct GrpcActivatorHandle<T>
{
    /// <summary>Makes a handle.</summary>
    /// <param name="instance">The object.</param>
    /// <param name="created">True when it was made for this call and is disposed after it.</param>
    /// <param name="state">Whatever the activator wants back at release; null for nothing.</param>
    public GrpcActivatorHandle(T instance, bool created, object? state)
    {
        Instance = instance;
        Created = created;
        State = state;
    }

    /// <summary>The object.</summary>
    public T Instance { get; }

    /// <summary>True when it was made for this call and is disposed after it.</summary>
    public bool Created { get; }

    /// <summary>Whatever the activator wants back at release; null for nothing.</summary>
    public object? State { get; }
}

/// <summary>Finds or makes the service object of a call.</summary>
/// <typeparam name="TGrpcService">The service.</typeparam>
public interface IGrpcServiceActivator<TGrpcService>
    where TGrpcService : class
{
    /// <summary>Finds or makes the service object.</summary>
    /// <param name="serviceProvider">The call's services.</param>
    /// <returns>The object.</returns>
    GrpcActivatorHandle<TGrpcService> Create(IServiceProvider serviceProvider);

    /// <summary>Lets go of the service object after the call.</summary>
    /// <param name="service">What <see cref="Create"/> returned.</param>
    /// <returns>Completes when it is disposed, if it is to be.</returns>
    ValueTask ReleaseAsync(GrpcActivatorHandle<TGrpcService> service);
}

/// <summary>Finds or makes the interceptors of a call.</summary>
public interface IGrpcInterceptorActivator
{
    /// <summary>Finds or makes an interceptor.</summary>
    /// <param name="serviceProvider">The call's services.</param>
    /// <param name="interceptorRegistration">Its type and arguments.</param>
    /// <returns>The interceptor.</returns>
    GrpcActivatorHandle<Interceptor> Create(
        IServiceProvider serviceProvider, InterceptorRegistration interceptorRegistration);

    /// <summary>Lets go of an interceptor after the call.</summary>
    /// <param name="interceptor">What <see cref="Create"/> returned.</param>
    /// <returns>Completes when it is disposed, if it is to be.</returns>
    ValueTask ReleaseAsync(GrpcActivatorHandle<Interceptor> interceptor);
}

/// <summary>Finds or makes interceptors of one type.</summary>
/// <typeparam name="TInterceptor">The type.</typeparam>
public interface IGrpcInterceptorActivator<TInterceptor> : IGrpcInterceptorActivator
    where TInterceptor : Interceptor
{
}

internal sealed class ServiceActivator<TGrpcService>(
    IOptions<GrpcServiceOptions> common, IOptions<GrpcServiceOptions<TGrpcService>> own)
    : IGrpcServiceActivator<TGrpcService>
    where TGrpcService : class
{
    private static readonly Lazy<ObjectFactory<TGrpcService>> Factory =
        new(static () => ActivatorUtilities.CreateFactory<TGrpcService>(Type.EmptyTypes));

    private readonly bool mustBeRegistered =
        common.Value.SuppressCreatingService || own.Value.SuppressCreatingService;

    public GrpcActivatorHandle<TGrpcService> Create(IServiceProvider serviceProvider)
    {
        TGrpcService? registered = mustBeRegistered
            ? serviceProvider.GetRequiredService<TGrpcService>()
            : serviceProvider.GetService<TGrpcService>();
        return registered is not null
            ? new(registered, created: false, state: null)
            : new(Factory.Value(serviceProvider, []), created: true, state: null);
    }

    public ValueTask ReleaseAsync(GrpcActivatorHandle<TGrpcService> service) =>
        Release.Created(service.Instance, service.Created);
}

internal sealed class InterceptorActivator<TInterceptor> : IGrpcInterceptorActivator<TInterceptor>
    where TInterceptor : Interceptor
{
    public GrpcActivatorHandle<Interceptor> Create(
        IServiceProvider serviceProvider, InterceptorRegistration interceptorRegistration) =>
        interceptorRegistration.Arguments.Count == 0
        && serviceProvider.GetService<TInterceptor>() is TInterceptor registered
            ? new(registered, created: false, state: null)
            : new(interceptorRegistration.Create(serviceProvider), created: true, state: null);

    public ValueTask ReleaseAsync(GrpcActivatorHandle<Interceptor> interceptor) =>
        Release.Created(interceptor.Instance, interceptor.Created);
}

internal static class Release
{
    /// <summary>Disposes an object that was made for one call; one that was found belongs to its container.</summary>
    public static ValueTask Created(object instance, bool wasCreated)
    {
        if (!wasCreated)
        {
            return default;
        }

        if (instance is IAsyncDisposable asyncDisposable)
        {
            return asyncDisposable.DisposeAsync();
        }

        (instance as IDisposable)?.Dispose();
        return default;
    }
}
