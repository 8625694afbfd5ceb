using Florist.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Florist.Receipts;

/// <summary>Adds receipts to a server. The storage adds <see cref="IReceiptQueries"/>.</summary>
public static class ReceiptsFeature
{
    /// <summary>Settings and handlers of the feature; its grain is found by the host.</summary>
    public static IServiceCollection AddReceipts(this IServiceCollection services)
    {
        services.AddOptions<ReceiptsOptions>().BindConfiguration("Receipts").ValidateOnStart();
        services.AddSingleton<IValidateOptions<ReceiptsOptions>, ReceiptsOptionsValidator>();
        services.AddSingleton<IOutboxHandler, IssueReceiptWhenDelivered>();
        services.AddSingleton<ReceiptsService>();
        return services;
    }

    /// <summary>The feature's gRPC services.</summary>
    public static IEndpointRouteBuilder MapReceipts(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<ReceiptsService>();
        return endpoints;
    }
}
