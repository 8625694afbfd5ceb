using Florist.Customers;
using Florist.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Florist.Messaging;

/// <summary>Adds messages to a server. Adapters add the transports and the <see cref="IMessageRenderer"/>.</summary>
public static class MessagingFeature
{
    /// <summary>Settings, subscribers and senders of the feature; its grain is found by the host.</summary>
    public static IServiceCollection AddMessaging(this IServiceCollection services)
    {
        services.AddOptions<MessagingOptions>().BindConfiguration(MessagingOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<MessagingOptions>, MessagingOptionsValidator>();
        services.AddSingleton<NewsDesk>();
        services.AddSingleton<IWithdrawals, Withdrawals>();
        services.AddSingleton<ISendSwitch, SendSwitch>();
        services.AddSingleton<IParkedSource, UncertainSends>();
        services.AddSingleton<IRowKeeping, MessageKeeping>();
        services.AddSingleton<IOutboxHandler, OrderConfirmedHandler>();
        services.AddSingleton<IOutboxHandler, OrderCancelledHandler>();
        services.AddSingleton<IOutboxHandler, OrderExpiredHandler>();
        services.AddSingleton<IOutboxHandler, PromiseChangedHandler>();
        services.AddSingleton<IOutboxHandler, SubstitutionProposedHandler>();
        services.AddSingleton<IOutboxHandler, DeliveryChangedHandler>();
        services.AddSingleton<IOutboxHandler, ReminderDueHandler>();
        services.AddSingleton<IOutboxHandler, CustomerPurgedHandler>();
        services.AddSingleton<EmailWay>();
        services.AddSingleton<SmsWay>();
        services.AddSingleton<IOutboxHandler>(provider =>
            ActivatorUtilities.CreateInstance<SendHandler>(provider, provider.GetRequiredService<EmailWay>()));
        services.AddSingleton<IOutboxHandler>(provider =>
            ActivatorUtilities.CreateInstance<SendHandler>(provider, provider.GetRequiredService<SmsWay>()));
        services.AddSingleton<MessagesService>();
        return services;
    }

    /// <summary>The feature's gRPC services.</summary>
    public static IEndpointRouteBuilder MapMessaging(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<MessagesService>();
        return endpoints;
    }
}
