using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Florist.Imports;

/// <summary>Adds imports to a server.</summary>
public static class ImportsFeature
{
    /// <summary>Settings, and the target that imports into this process' grains.</summary>
    public static IServiceCollection AddImports(this IServiceCollection services)
    {
        services.AddOptions<ImportsOptions>().BindConfiguration("Imports").ValidateOnStart();
        services.AddSingleton<IValidateOptions<ImportsOptions>, ImportsOptionsValidator>();
        services.AddSingleton<GrainImportTarget>();
        services.AddSingleton<ImportsService>();
        return services;
    }

    /// <summary>The feature's gRPC services.</summary>
    public static IEndpointRouteBuilder MapImports(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<ImportsService>();
        return endpoints;
    }
}
