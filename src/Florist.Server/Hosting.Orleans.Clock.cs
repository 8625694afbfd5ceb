using Microsoft.Extensions.DependencyInjection;

namespace Florist.Server;

/// <summary>
/// Which clock the published packages live by. They ask for one by the name of what they use it for, and without an
/// answer take the product's, which a sandbox moves and a test holds.
/// </summary>
internal static class MachineClock
{
    /// <summary>
    /// Has timers, time-outs, membership, reminders and the collection of activations go by the machine's clock,
    /// whatever clock the product is given. To be called before the host is added.
    /// </summary>
    public static void AddMachineClock(this IServiceCollection services) =>
        services.AddKeyedSingleton(KeyedService.AnyKey, TimeProvider.System);
}
