using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Florist.Catalogue;

/// <summary>Adds the catalogue to a server.</summary>
public static class CatalogueFeature
{
    /// <summary>Reads the data file once, when the process starts: a mistake in it stops the start.</summary>
    public static IServiceCollection AddCatalogue(this IServiceCollection services)
    {
        services.AddOptions<CatalogueOptions>().BindConfiguration("Catalogue").ValidateOnStart();
        services.AddSingleton<IValidateOptions<CatalogueOptions>, CatalogueOptionsValidator>();
        services.AddSingleton<ICatalogue>(Load);
        services.AddSingleton<BouquetsService>();
        return services;
    }

    /// <summary>The feature's gRPC services.</summary>
    public static IEndpointRouteBuilder MapCatalogue(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<BouquetsService>();
        return endpoints;
    }

    private static CatalogueSnapshot Load(IServiceProvider provider)
    {
        using Stream json = CatalogueFile.Open(provider.GetRequiredService<IOptions<CatalogueOptions>>().Value);
        CatalogueSnapshot catalogue = CatalogueFile.Read(json);
        CatalogueLog.Loaded(
            provider.GetRequiredService<ILogger<CatalogueSnapshot>>(), catalogue.Edition, catalogue.Bouquets.Length);
        return catalogue;
    }
}
