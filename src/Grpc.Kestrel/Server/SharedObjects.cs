using Grpc.AspNetCore.Server;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.Kestrel.Server;

/// <summary>
/// Finds the services and interceptors of which all calls get the same object, so that a call need not ask for them.
/// They are made at the first call, as they would be without it.
/// </summary>
internal sealed class SharedObjects(IServiceProvider services, GrpcMarker marker)
{
    /// <summary>The one object of a service; null when calls may get different ones.</summary>
    public Lazy<TService>? Service<TService>(IGrpcServiceActivator<TService> activator)
        where TService : class =>
        activator is ServiceActivator<TService> && marker.IsSingleton(typeof(TService))
            ? Postpone(services.GetRequiredService<TService>)
            : null;

    /// <summary>The one object of an interceptor; null when calls may get different ones.</summary>
    public Lazy<Interceptor>? Interceptor(InterceptorRegistration registration) =>
        registration.Arguments.Count == 0 && marker.IsSingleton(registration.Type)
        && registration.HasDefaultActivator(services)
            ? Postpone(() => (Interceptor)services.GetRequiredService(registration.Type))
            : null;

    // A failure is not kept: the next call tries again, as the container does.
    private static Lazy<T> Postpone<T>(Func<T> find) => new(find, LazyThreadSafetyMode.PublicationOnly);
}
