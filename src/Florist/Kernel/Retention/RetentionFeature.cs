using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Florist.Kernel;

/// <summary>Adds what takes the old away.</summary>
public static class RetentionFeature
{
    /// <summary>
    /// Adds the daily pass over everything of which a feature has said how long it is kept. To be added after the
    /// engine, which wakes it.
    /// </summary>
    public static IServiceCollection AddRetention(this IServiceCollection services)
    {
        services.AddOptions<RetentionOptions>().BindConfiguration(RetentionOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RetentionOptions>, RetentionOptionsValidator>();
        services.AddSingleton<IValidateOptions<RetentionOptions>, RetentionOptionsConsistency>();
        services.AddSingleton<IRetentionSource, ChildRowRetention>();
        services.AddSingleton<IRowKeeping, AnswerKeeping>();
        services.AddHostedService<RetentionStart>();
        return services;
    }
}
