using Florist.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Florist.Customers;

/// <summary>Adds customers to a server. The storage adds <see cref="ICustomerQueries"/>.</summary>
public static class CustomersFeature
{
    /// <summary>Settings of the feature; its grain is found by the host.</summary>
    public static IServiceCollection AddCustomers(this IServiceCollection services)
    {
        services.AddOptions<CustomersOptions>().BindConfiguration("Customers").ValidateOnStart();
        services.AddSingleton<IValidateOptions<CustomersOptions>, CustomersOptionsValidator>();
        services.AddSingleton(new EventTopic(CustomersTopics.Changed));
        services.AddSingleton(new EventTopic(CustomersTopics.Purged));
        services.AddSingleton<CustomersService>();
        return services;
    }

    /// <summary>The feature's gRPC services.</summary>
    public static IEndpointRouteBuilder MapCustomers(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<CustomersService>();
        return endpoints;
    }
}
