using Florist.Delivery.Proofs;
using Florist.Delivery.Streaming;
using Florist.Delivery.Webhooks;
using Florist.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Florist.Delivery;

/// <summary>
/// Adds deliveries to a server. The storage adds <see cref="ICourierQueries"/>, the adapters <see cref="IProofStore"/>;
/// orders implement <see cref="IDeliveryGrain"/>.
/// </summary>
public static class DeliveryFeature
{
    /// <summary>Settings and parts of the feature; its grain is found by the host.</summary>
    public static IServiceCollection AddDelivery(this IServiceCollection services)
    {
        services.AddOptions<DeliveryOptions>().BindConfiguration(DeliveryOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<DeliveryOptions>, DeliveryOptionsValidator>();
        services.AddSingleton(new EventTopic(DeliveryEvents.Changed));
        services.AddSingleton(new EventTopic(DeliveryEvents.CourierQuarantined));
        services.AddSingleton<CourierKeys>();
        services.AddSingleton<IOutboxHandler, AssignmentsHandler>();
        services.AddWatching();
        services.AddSingleton<CourierIntake>();
        services.AddSingleton<CourierStreams>();
        services.AddSingleton<CourierStreamHost>();
        services.TryAddSingleton(new StreamClock(TimeProvider.System));
        services.AddSingleton<CouriersService>();
        services.AddSingleton<ICourierAdapter, UberAdapter>();
        services.AddSingleton<ICourierAdapter, StuartAdapter>();
        services.AddSingleton<ProofLinks>();
        services.AddSingleton<ProofDoor>();
        services.AddSingleton<WebhookIntake>();
        services.AddSingleton<CourierWebhooks>();
        services.AddSingleton<DeliveriesService>();
        return services;
    }

    /// <summary>The feature's gRPC services, and where couriers' own systems call.</summary>
    public static IEndpointRouteBuilder MapDelivery(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<CouriersService>();
        endpoints.MapGrpcService<DeliveriesService>();
        endpoints.MapPost(
            "/webhooks/couriers/{courier}",
            (string courier, HttpContext http, CourierWebhooks webhooks) => webhooks.Receive(courier, http));
        endpoints.MapPut(
            "/proofs/uploads/{token}",
            (string token, HttpRequest request, ProofDoor door, CancellationToken cancellationToken) =>
                door.Put(token, request, cancellationToken));
        endpoints.MapGet(
            "/proofs/{token}",
            (string token, HttpResponse response, ProofDoor door, CancellationToken cancellationToken) =>
                door.Get(token, response, cancellationToken));
        return endpoints;
    }
}
