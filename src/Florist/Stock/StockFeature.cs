using Florist.Catalogue;
using Florist.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Florist.Stock;

/// <summary>
/// Adds stock and delivery days to a server. The storage adds <see cref="IStockQueries"/>, and who takes orders
/// <see cref="ShopDefaults"/>.
/// </summary>
public static class StockFeature
{
    /// <summary>Who did what happened by itself.</summary>
    internal const string System = "system";

    /// <summary>Settings of the feature; its grain is found by the host.</summary>
    public static IServiceCollection AddStock(this IServiceCollection services)
    {
        services.AddOptions<StockOptions>().BindConfiguration("Stock").ValidateOnStart();
        services.AddSingleton<IValidateOptions<StockOptions>, StockOptionsValidator>();
        services.AddSingleton<IValidateOptions<StockOptions>, StockOptionsConsistency>();
        services.AddSingleton<ShopPlans>();
        services.AddSingleton(new EventTopic(StockTopics.DayToVerify));
        services.AddSingleton<IBouquetAvailability, BouquetsOnADay>();
        services.AddSingleton<DeliveryDaysService>();
        return services;
    }

    /// <summary>The feature's gRPC services.</summary>
    public static IEndpointRouteBuilder MapStock(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<DeliveryDaysService>();
        return endpoints;
    }
}
