using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Orleans;

/// <summary>The runtime arrives with the next change; until then only the public surface compiles.</summary>
internal abstract class Activation : IGrainContext
{
    internal static Activation? Current => null;

    public abstract GrainId GrainId { get; }

    public abstract object? GrainInstance { get; }

    public abstract IServiceProvider ActivationServices { get; }

    internal abstract GrainHost Host { get; }

    public abstract void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);

    internal abstract void DelayDeactivation(TimeSpan timeSpan);
}

internal abstract class GrainHost
{
    internal abstract IGrainFactory Grains { get; }
}

internal abstract class GrainReference : IAddressable
{
    internal abstract GrainId GrainId { get; }

    internal abstract GrainHost Host { get; }
}

internal static class GrainTimer
{
    internal static IGrainTimer Start(IGrainContext context, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options) =>
        throw new NotSupportedException($"no timers yet: {context} {callback} {options}");
}

internal abstract class Reminders
{
    internal static Reminders Of(IGrainBase grain) => throw new NotSupportedException($"no reminders yet: {grain}");

    internal abstract Task<IGrainReminder> Register(string name, TimeSpan dueTime, TimeSpan period);

    internal abstract Task Unregister(IGrainReminder reminder);

    internal abstract Task<IGrainReminder?> Get(string name);

    internal abstract Task<List<IGrainReminder>> List();
}

internal static class SiloBuilder
{
    internal static ISiloBuilder For(IServiceCollection services, IConfiguration configuration) =>
        throw new NotSupportedException($"no host yet: {services} {configuration}");
}
