using Grpc.AspNetCore.HealthChecks;
using Grpc.HealthCheck;
using Grpc.Kestrel.Health;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection
{
    /// <summary>Registers the health service of gRPC over the health checks of the application.</summary>
    public static class GrpcHealthChecksServiceExtensions
    {
        /// <summary>Registers the health service. All checks speak for the empty service name.</summary>
        /// <param name="services">The application's services.</param>
        /// <returns>Adds health checks.</returns>
        public static IHealthChecksBuilder AddGrpcHealthChecks(this IServiceCollection services)
        {
            ArgumentNullException.ThrowIfNull(services);
            services.TryAddSingleton<HealthServiceImpl>();
            services.TryAddSingleton<HealthChecksService>();
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IHealthCheckPublisher, HealthStatesPublisher>());
            services.Configure<GrpcHealthChecksOptions>(static options => options.Services.Map("", static _ => true));
            return services.AddHealthChecks();
        }

        /// <summary>Registers the health service with settings.</summary>
        /// <param name="services">The application's services.</param>
        /// <param name="configure">Changes the settings.</param>
        /// <returns>Adds health checks.</returns>
        public static IHealthChecksBuilder AddGrpcHealthChecks(
            this IServiceCollection services, Action<GrpcHealthChecksOptions> configure)
        {
            IHealthChecksBuilder builder = services.AddGrpcHealthChecks();
            services.Configure(configure);
            return builder;
        }
    }
}

namespace Microsoft.AspNetCore.Builder
{
    /// <summary>Maps the health service of gRPC.</summary>
    public static class GrpcHealthChecksEndpointRouteBuilderExtensions
    {
        /// <summary>Maps <c>grpc.health.v1.Health</c> over the health checks of the application.</summary>
        /// <param name="builder">The application's routes.</param>
        /// <returns>Adds conventions, such as a permission for anonymous callers.</returns>
        /// <exception cref="InvalidOperationException"><c>AddGrpcHealthChecks</c> was not called.</exception>
        public static GrpcServiceEndpointConventionBuilder MapGrpcHealthChecksService(
            this IEndpointRouteBuilder builder)
        {
            ArgumentNullException.ThrowIfNull(builder);
            return builder.MapGrpcService<HealthChecksService>();
        }
    }
}
