using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;

namespace Orleans.Runtime;

/// <summary>Adds the parts of the grain host to the services of a process.</summary>
internal sealed class SiloBuilder : ISiloBuilder
{
    private SiloBuilder(IServiceCollection services, IConfiguration configuration)
    {
        Services = services;
        Configuration = configuration;
    }

    public IServiceCollection Services { get; }

    public IConfiguration Configuration { get; }

    /// <summary>Safe to repeat: the host is added once.</summary>
    internal static ISiloBuilder For(IServiceCollection services, IConfiguration configuration)
    {
        if (services.All(s => s.ServiceType != typeof(GrainHost)))
        {
            services.AddOptions<InProcessOptions>();
            services.AddLogging();
            services.AddSingleton<GrainHost>();
            services.AddSingleton<IHostedService>(s => s.GetRequiredService<GrainHost>());
            services.TryAddSingleton<IGrainFactory>(s => s.GetRequiredService<GrainHost>().Grains);
            services.TryAddSingleton<IClusterClient>(s => s.GetRequiredService<GrainHost>().Grains);
        }

        return new SiloBuilder(services, configuration);
    }
}
