using System.Diagnostics.CodeAnalysis;
using Grpc.Kestrel.ClientFactory;
using Grpc.Net.ClientFactory;
using Microsoft.Extensions.DependencyInjection.Extensions;
using static System.Diagnostics.CodeAnalysis.DynamicallyAccessedMemberTypes;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers gRPC clients.</summary>
public static class GrpcClientServiceExtensions
{
    /// <summary>Registers a client under the name of its type.</summary>
    /// <typeparam name="TClient">The generated client.</typeparam>
    /// <param name="services">The application's services.</param>
    /// <returns>Continues the registration.</returns>
    public static IHttpClientBuilder AddGrpcClient<[DynamicallyAccessedMembers(PublicConstructors)] TClient>(
        this IServiceCollection services)
        where TClient : class => services.AddGrpcClient<TClient>(typeof(TClient).Name);

    /// <summary>Registers a client under the name of its type.</summary>
    /// <typeparam name="TClient">The generated client.</typeparam>
    /// <param name="services">The application's services.</param>
    /// <param name="configureClient">Sets the address, among others.</param>
    /// <returns>Continues the registration.</returns>
    public static IHttpClientBuilder AddGrpcClient<[DynamicallyAccessedMembers(PublicConstructors)] TClient>(
        this IServiceCollection services, Action<GrpcClientFactoryOptions> configureClient)
        where TClient : class => services.AddGrpcClient<TClient>(typeof(TClient).Name, configureClient);

    /// <summary>Registers a client under the name of its type.</summary>
    /// <typeparam name="TClient">The generated client.</typeparam>
    /// <param name="services">The application's services.</param>
    /// <param name="configureClient">Sets the address, among others.</param>
    /// <returns>Continues the registration.</returns>
    public static IHttpClientBuilder AddGrpcClient<[DynamicallyAccessedMembers(PublicConstructors)] TClient>(
        this IServiceCollection services, Action<IServiceProvider, GrpcClientFactoryOptions> configureClient)
        where TClient : class => services.AddGrpcClient<TClient>(typeof(TClient).Name, configureClient);

    /// <summary>Registers a client under a name.</summary>
    /// <typeparam name="TClient">The generated client.</typeparam>
    /// <param name="services">The application's services.</param>
    /// <param name="name">The name; clients of one name share a channel.</param>
    /// <returns>Continues the registration.</returns>
    /// <exception cref="InvalidOperationException">The name belongs to a client of another type.</exception>
    public static IHttpClientBuilder AddGrpcClient<[DynamicallyAccessedMembers(PublicConstructors)] TClient>(
        this IServiceCollection services, string name)
        where TClient : class
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        Names(services).Add(name, typeof(TClient));
        services.AddLogging();
        services.TryAddSingleton<ClientChannels>();
        services.TryAddTransient<GrpcClientFactory, RegisteredClients>();
        services.AddTransient(
            provider => provider.GetRequiredService<GrpcClientFactory>().CreateClient<TClient>(name));

        // A channel keeps its handler for good, and the handler renews its connections itself.
        return services.AddHttpClient(name)
            .ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler
            {
                EnableMultipleHttp2Connections = true,
                AllowAutoRedirect = false,
                UseCookies = false,
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan);
    }

    /// <summary>Registers a client under a name.</summary>
    /// <typeparam name="TClient">The generated client.</typeparam>
    /// <param name="services">The application's services.</param>
    /// <param name="name">The name; clients of one name share a channel.</param>
    /// <param name="configureClient">Sets the address, among others.</param>
    /// <returns>Continues the registration.</returns>
    /// <exception cref="InvalidOperationException">The name belongs to a client of another type.</exception>
    public static IHttpClientBuilder AddGrpcClient<[DynamicallyAccessedMembers(PublicConstructors)] TClient>(
        this IServiceCollection services, string name, Action<GrpcClientFactoryOptions> configureClient)
        where TClient : class
    {
        IHttpClientBuilder builder = services.AddGrpcClient<TClient>(name);
        services.Configure(name, configureClient);
        return builder;
    }

    /// <summary>Registers a client under a name.</summary>
    /// <typeparam name="TClient">The generated client.</typeparam>
    /// <param name="services">The application's services.</param>
    /// <param name="name">The name; clients of one name share a channel.</param>
    /// <param name="configureClient">Sets the address, among others.</param>
    /// <returns>Continues the registration.</returns>
    /// <exception cref="InvalidOperationException">The name belongs to a client of another type.</exception>
    public static IHttpClientBuilder AddGrpcClient<[DynamicallyAccessedMembers(PublicConstructors)] TClient>(
        this IServiceCollection services,
        string name,
        Action<IServiceProvider, GrpcClientFactoryOptions> configureClient)
        where TClient : class
    {
        IHttpClientBuilder builder = services.AddGrpcClient<TClient>(name);
        services.AddOptions<GrpcClientFactoryOptions>(name).Configure<IServiceProvider>(
            (options, provider) => configureClient(provider, options));
        return builder;
    }

    private static ClientNames Names(IServiceCollection services)
    {
        if (services.FirstOrDefault(service => service.ServiceType == typeof(ClientNames))
            is { ImplementationInstance: ClientNames known })
        {
            return known;
        }

        ClientNames names = new();
        services.AddSingleton(names);
        return names;
    }
}
