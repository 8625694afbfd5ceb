using System.Collections.Immutable;
using Florist.Kernel;
using Florist.Stock;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Florist.Orders;

/// <summary>
/// Adds orders to a server. The storage adds <see cref="IOrderQueries"/>, the adapters <see cref="IPaymentPort"/>.
/// </summary>
public static class OrdersFeature
{
    /// <summary>Settings and handlers of the feature; its grain is found by the host.</summary>
    public static IServiceCollection AddOrders(this IServiceCollection services)
    {
        services.AddOptions<OrdersOptions>().BindConfiguration("Orders").ValidateOnStart();
        services.AddSingleton<IValidateOptions<OrdersOptions>, OrdersOptionsValidator>();
        services.AddSingleton<IValidateOptions<OrdersOptions>, OrdersOptionsConsistency>();
        services.AddSingleton(new EventTopic(OrdersTopics.Confirmed));
        services.AddSingleton(new EventTopic(OrdersTopics.Cancelled));
        services.AddSingleton(new EventTopic(OrdersTopics.Expired));
        services.AddSingleton(new EventTopic(OrdersTopics.Completed));
        services.AddSingleton(new EventTopic(OrdersTopics.PromiseChanged));
        services.AddSingleton(new EventTopic(OrdersTopics.SubstitutionProposed));
        services.AddSingleton<IOutboxHandler, CompensatePromise>();
        services.AddSingleton<IOutboxHandler, AuthorizePayment>();
        services.AddSingleton<IOutboxHandler, CapturePayment>();
        services.AddSingleton<IOutboxHandler, ReleasePayment>();
        services.AddSingleton<OrderHolds>();
        services.AddSingleton(Defaults);
        services.AddSingleton<IOutboxHandler, ReleasePlaces>();
        services.AddSingleton<IOutboxHandler, CompareDay>();
        services.AddSingleton<IOutboxHandler, RefundPayment>();
        services.AddSingleton<PaymentDesk>();
        services.AddSingleton<PaymentWebhook>();
        services.AddSingleton<IOutboxHandler, RecordPurchase>();
        services.AddSingleton<IOutboxHandler, WithdrawPurchase>();
        services.AddSingleton<IRetentionSource, OrderPhones>();
        services.AddSingleton<TrackingTokens>();
        services.AddWatching();
        services.AddSingleton<OrdersService>();
        return services;
    }

    /// <summary>The feature's gRPC services.</summary>
    public static IEndpointRouteBuilder MapOrders(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<OrdersService>();
        endpoints.MapPost(PaymentWebhook.Path, PaymentWebhook.Receive);
        return endpoints;
    }

    // What shops have in common unless their own settings say otherwise.
    private static ShopDefaults Defaults(IServiceProvider provider)
    {
        OrdersOptions orders = provider.GetRequiredService<IOptions<OrdersOptions>>().Value;
        return new ShopDefaults
        {
            TimeZone = orders.TimeZone,
            CutOffs = orders.CutOffs.ToImmutableSortedDictionary(),
            Day = new SlotWindow(orders.DayStart, orders.DayEnd),
            Regions = [.. orders.Regions],
        };
    }
}
