using System.IO.Compression;
using Grpc.AspNetCore.Server;
using Grpc.AspNetCore.Server.Model;
using Grpc.Kestrel.Server;
using Grpc.Net.Compression;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers gRPC.</summary>
public static class GrpcServicesExtensions
{
    /// <summary>Registers what <c>MapGrpcService</c> needs. Safe to repeat.</summary>
    /// <param name="services">The application's services.</param>
    /// <returns>Continues the registration.</returns>
    public static IGrpcServerBuilder AddGrpc(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddRouting();
        services.AddOptions();
        services.TryAddSingleton(new GrpcMarker(services));
        services.TryAddSingleton(typeof(IGrpcServiceActivator<>), typeof(ServiceActivator<>));
        services.TryAddSingleton(typeof(IGrpcInterceptorActivator<>), typeof(InterceptorActivator<>));
        services.TryAddEnumerable(ServiceDescriptor.Singleton(
            typeof(IServiceMethodProvider<>), typeof(BinderServiceMethodProvider<>)));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<
            IConfigureOptions<GrpcServiceOptions>, GrpcServiceOptionsDefaults>());
        return new GrpcServerBuilder(services);
    }

    /// <summary>Registers what <c>MapGrpcService</c> needs, with settings of all services.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configureOptions">Changes the settings.</param>
    /// <returns>Continues the registration.</returns>
    public static IGrpcServerBuilder AddGrpc(
        this IServiceCollection services, Action<GrpcServiceOptions> configureOptions)
    {
        IGrpcServerBuilder builder = services.AddGrpc();
        services.Configure(configureOptions);
        return builder;
    }

    /// <summary>Gives one service settings of its own.</summary>
    /// <typeparam name="TService">The service.</typeparam>
    /// <param name="grpcBuilder">The registration.</param>
    /// <param name="configure">Changes the settings.</param>
    /// <returns>Continues the registration.</returns>
    public static IGrpcServerBuilder AddServiceOptions<TService>(
        this IGrpcServerBuilder grpcBuilder, Action<GrpcServiceOptions<TService>> configure)
        where TService : class
    {
        ArgumentNullException.ThrowIfNull(grpcBuilder);
        grpcBuilder.Services.Configure(configure);
        return grpcBuilder;
    }

    private sealed class GrpcServiceOptionsDefaults : IConfigureOptions<GrpcServiceOptions>
    {
        public void Configure(GrpcServiceOptions options)
        {
            if (!options.MaxReceiveMessageSizeSpecified)
            {
                options.MaxReceiveMessageSize = GrpcServiceOptions.DefaultReceiveSizeMax;
            }

            if (options.CompressionProviders.Count == 0)
            {
                options.CompressionProviders.Add(new GzipCompressionProvider(CompressionLevel.Fastest));
                options.CompressionProviders.Add(new DeflateCompressionProvider(CompressionLevel.Fastest));
            }
        }
    }
}
