using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Florist.ShopFloor;

/// <summary>Adds the shop floor to a server. The storage adds <see cref="IBenchQueries"/>.</summary>
public static class ShopFloorFeature
{
    /// <summary>Settings and services of the feature; its grain is found by the host.</summary>
    public static IServiceCollection AddShopFloor(this IServiceCollection services)
    {
        services.AddOptions<ShopFloorOptions>().BindConfiguration("ShopFloor").ValidateOnStart();
        services.AddSingleton<IValidateOptions<ShopFloorOptions>, ShopFloorOptionsValidator>();
        services.AddSingleton<ShopFloorService>();
        return services;
    }

    /// <summary>The feature's gRPC services.</summary>
    public static IEndpointRouteBuilder MapShopFloor(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<ShopFloorService>();
        return endpoints;
    }
}
