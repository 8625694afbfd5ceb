using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Florist.Kernel;

/// <summary>Adds what wakes grains and hands over messages.</summary>
public static class EngineFeature
{
    /// <summary>
    /// Adds the wake service and the outbox pump, which start with the host unless
    /// <see cref="EngineOptions.Background"/>
    /// is off, and the <see cref="IEngineDriver"/>. To be added after storage and grain host: they start in this order.
    /// </summary>
    public static IServiceCollection AddEngine(this IServiceCollection services)
    {
        services.AddOptions<EngineOptions>().BindConfiguration(EngineOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<EngineOptions>, EngineOptionsValidator>();
        services.AddSingleton<IValidateOptions<EngineOptions>, EngineOptionsConsistency>();
        services.AddSingleton<WakeCall>();
        services.AddSingleton<WakeShard>();
        services.AddSingleton(_ => new Jitter(new Random()));
        services.AddTransient<StartWork>();
        services.AddSingleton<WakeService>();
        services.AddSingleton<OutboxPump>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<WakeService>());
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<OutboxPump>());
        services.AddHostedService<WakeShardsStart>();
        services.AddSingleton<IOutboxHandler, RescheduleHandler>();
        services.AddHostedService<RescheduleStart>();
        services.AddSingleton<IEngineDriver, EngineDriver>();
        services.AddSingleton<IParkedSource, ParkedWakes>();
        services.AddSingleton<IParkedSource, ParkedMessages>();
        services.AddHostedService<EngineGauges>();
        return services;
    }
}
