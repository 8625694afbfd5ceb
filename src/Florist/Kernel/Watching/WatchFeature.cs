using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Florist.Kernel;

/// <summary>What features need to let front ends watch things.</summary>
internal static class WatchFeature
{
    /// <summary>Adds the seats of watchers, once however many features ask.</summary>
    public static IServiceCollection AddWatching(this IServiceCollection services)
    {
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<WatchOptions>, WatchOptionsValidator>());
        services.AddOptions<WatchOptions>().BindConfiguration(WatchOptions.Section).ValidateOnStart();
        services.TryAddSingleton(new WatchClock(TimeProvider.System));
        services.TryAddSingleton<Watches>();
        return services;
    }
}
