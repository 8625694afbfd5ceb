using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Hosting
{
    /// <summary>Configures the grain host.</summary>
    public interface ISiloBuilder
    {
        /// <summary>The services of the process.</summary>
        IServiceCollection Services { get; }

        /// <summary>The configuration of the process.</summary>
        IConfiguration Configuration { get; }
    }

    /// <summary>Filters of calls.</summary>
    public static class GrainCallFilterSiloBuilderExtensions
    {
        /// <summary>Adds a filter. Filters run in the order in which they were added.</summary>
        /// <typeparam name="TImplementation">The filter; one object serves all calls.</typeparam>
        /// <param name="builder">The builder.</param>
        /// <returns>The builder.</returns>
        public static ISiloBuilder AddIncomingGrainCallFilter<TImplementation>(this ISiloBuilder builder)
            where TImplementation : class, IIncomingGrainCallFilter
        {
            ArgumentNullException.ThrowIfNull(builder);
            builder.Services.AddSingleton<IIncomingGrainCallFilter, TImplementation>();
            return builder;
        }
    }
}

namespace Orleans.Runtime.Hosting
{
    /// <summary>Storages of grain state.</summary>
    public static class StorageProviderExtensions
    {
        /// <summary>Registers a storage under a name; "Default" serves states that name none.</summary>
        /// <typeparam name="T">The storage.</typeparam>
        /// <param name="collection">The services.</param>
        /// <param name="name">The name that <see cref="PersistentStateAttribute"/> gives.</param>
        /// <param name="implementationFactory">Makes the storage, once.</param>
        /// <returns>The services.</returns>
        public static IServiceCollection AddGrainStorage<T>(
            this IServiceCollection collection,
            string name,
            Func<IServiceProvider, string, T> implementationFactory)
            where T : IGrainStorage
        {
            ArgumentException.ThrowIfNullOrEmpty(name);
            ArgumentNullException.ThrowIfNull(implementationFactory);
            collection.AddKeyedSingleton<IGrainStorage>(name, (services, _) => implementationFactory(services, name));
            return collection;
        }
    }
}

namespace Microsoft.Extensions.Hosting
{
    /// <summary>Adds the grain host to a process.</summary>
    public static class OrleansSiloGenericHostExtensions
    {
        /// <summary>Adds the grain host. It starts and stops with the process.</summary>
        /// <param name="hostBuilder">The host.</param>
        /// <param name="configureDelegate">Configures the grain host.</param>
        /// <returns>The host.</returns>
        public static IHostBuilder UseOrleans(this IHostBuilder hostBuilder, Action<ISiloBuilder> configureDelegate)
        {
            ArgumentNullException.ThrowIfNull(hostBuilder);
            ArgumentNullException.ThrowIfNull(configureDelegate);
            return hostBuilder.ConfigureServices((context, services) =>
                configureDelegate(SiloBuilder.For(services, context.Configuration)));
        }

        /// <summary>Adds the grain host. It starts and stops with the process.</summary>
        /// <param name="hostAppBuilder">The host.</param>
        /// <param name="configureDelegate">Configures the grain host.</param>
        /// <returns>The host.</returns>
        public static IHostApplicationBuilder UseOrleans(
            this IHostApplicationBuilder hostAppBuilder,
            Action<ISiloBuilder> configureDelegate)
        {
            ArgumentNullException.ThrowIfNull(hostAppBuilder);
            ArgumentNullException.ThrowIfNull(configureDelegate);
            configureDelegate(SiloBuilder.For(hostAppBuilder.Services, hostAppBuilder.Configuration));
            return hostAppBuilder;
        }
    }
}
