using System.Reflection;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Kestrel.Server;
using Grpc.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using ProtoService = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Microsoft.Extensions.DependencyInjection
{
    /// <summary>Registers server reflection.</summary>
    public static class GrpcReflectionServiceExtensions
    {
        /// <summary>Registers server reflection over all mapped services.</summary>
        /// <param name="services">The application's services.</param>
        /// <returns>The same services.</returns>
        public static IServiceCollection AddGrpcReflection(this IServiceCollection services)
        {
            ArgumentNullException.ThrowIfNull(services);

            // Made at the first question, when all services have been mapped.
            services.TryAddSingleton(static provider => new ReflectionServiceImpl(MappedServices.Find(provider)));
            services.TryAddSingleton(static provider => new ReflectionV1ServiceImpl(MappedServices.Find(provider)));
            return services;
        }
    }
}

namespace Microsoft.AspNetCore.Builder
{
    /// <summary>Maps server reflection.</summary>
    public static class GrpcReflectionEndpointRouteBuilderExtensions
    {
        /// <summary>
        /// Maps server reflection, <c>grpc.reflection.v1</c> and <c>v1alpha</c>. It tells everyone who may call it
        /// which services and messages there are.
        /// </summary>
        /// <param name="builder">The application's routes.</param>
        /// <returns>Adds conventions, such as an authorization policy.</returns>
        /// <exception cref="InvalidOperationException"><c>AddGrpc</c> was not called.</exception>
        public static IEndpointConventionBuilder MapGrpcReflectionService(this IEndpointRouteBuilder builder)
        {
            ArgumentNullException.ThrowIfNull(builder);
            return new GrpcServiceEndpointConventionBuilder(
            [
                builder.MapGrpcService<ReflectionV1ServiceImpl>(),
                builder.MapGrpcService<ReflectionServiceImpl>(),
            ]);
        }
    }
}

namespace Grpc.Reflection
{
    /// <summary>Finds the descriptors of the services that are mapped to endpoints.</summary>
    internal static class MappedServices
    {
        public static List<ProtoService> Find(IServiceProvider provider)
        {
            ILogger log = provider.GetRequiredService<ILoggerFactory>().CreateLogger("Grpc.AspNetCore.Reflection");
            IEnumerable<GrpcMethodMetadata> methods = provider.GetRequiredService<EndpointDataSource>().Endpoints
                .Select(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>())
                .OfType<GrpcMethodMetadata>();
            Dictionary<string, ProtoService> found = new(StringComparer.Ordinal);
            foreach (GrpcMethodMetadata method in methods.DistinctBy(method => method.ServiceType))
            {
                if (DescriptorOf(method.ServiceType) is ProtoService descriptor)
                {
                    found[descriptor.FullName] = descriptor;
                }
                else
                {
                    GrpcServerLog.NoDescriptor(log, method.ServiceType);
                }
            }

            return [.. found.Values];
        }

        private static ProtoService? DescriptorOf(Type serviceType)
        {
            for (Type? type = serviceType; type is not null; type = type.BaseType)
            {
                if (type.GetCustomAttribute<BindServiceMethodAttribute>(inherit: false) is { } bind)
                {
                    return bind.BindType.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)
                        ?.GetValue(null) as ProtoService;
                }
            }

            return null;
        }
    }
}
