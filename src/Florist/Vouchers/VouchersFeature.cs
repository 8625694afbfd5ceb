using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Florist.Vouchers;

/// <summary>Adds vouchers to a server. The storage adds <see cref="IVoucherQueries"/>.</summary>
public static class VouchersFeature
{
    /// <summary>Settings of the feature; its grain is found by the host.</summary>
    public static IServiceCollection AddVouchers(this IServiceCollection services)
    {
        services.AddOptions<VouchersOptions>().BindConfiguration("Vouchers").ValidateOnStart();
        services.AddSingleton<IValidateOptions<VouchersOptions>, VouchersOptionsValidator>();
        services.AddSingleton<VouchersService>();
        return services;
    }

    /// <summary>The feature's gRPC services.</summary>
    public static IEndpointRouteBuilder MapVouchers(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<VouchersService>();
        return endpoints;
    }
}
