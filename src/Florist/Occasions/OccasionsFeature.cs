using Florist.Kernel;
using Florist.Orders;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Florist.Occasions;

/// <summary>Adds occasions and their reminders to a server.</summary>
public static class OccasionsFeature
{
    /// <summary>Settings and handlers of the feature; its grain is found by the host.</summary>
    public static IServiceCollection AddOccasions(this IServiceCollection services)
    {
        services.AddOptions<OccasionsOptions>().BindConfiguration("Occasions").ValidateOnStart();
        services.AddSingleton<IValidateOptions<OccasionsOptions>, OccasionsOptionsValidator>();
        services.AddSingleton<IValidateOptions<OccasionsOptions>, OccasionsOptionsConsistency>();
        services.AddSingleton(provider => ReminderPolicy.Of(
            provider.GetRequiredService<IOptions<OccasionsOptions>>().Value,
            provider.GetRequiredService<IOptions<OrdersOptions>>().Value,
            provider.GetRequiredService<IDateTimeZoneProvider>()));
        services.TryAddSingleton(DateTimeZoneProviders.Tzdb);
        services.AddSingleton(provider => new ScheduleBasis(
            OccasionsGrain.GrainType, provider.GetRequiredService<ReminderPolicy>().Signature));
        services.AddSingleton(new EventTopic(OccasionsTopics.ReminderDue));
        services.AddSingleton<IOutboxHandler, RecordConfirmedOrder>();
        services.AddSingleton<IOutboxHandler, ForgetCancelledOrder>();
        services.AddSingleton<IOutboxHandler, FollowChangedCustomer>();
        services.AddSingleton<IOutboxHandler, PurgeWithCustomer>();
        services.AddSingleton<OccasionsService>();
        return services;
    }

    /// <summary>The feature's gRPC services.</summary>
    public static IEndpointRouteBuilder MapOccasions(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<OccasionsService>();
        return endpoints;
    }
}
