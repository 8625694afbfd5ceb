using Orleans.Runtime;

namespace Orleans;

/// <summary>
/// The class grains derive from. One call runs at a time, and what it awaits resumes in the same turn order; see the
/// attributes in <c>Orleans.Concurrency</c> for the exceptions.
/// </summary>
public abstract class Grain : IGrainBase, IAddressable
{
    private readonly IGrainContext? context;

    /// <summary>Binds the object to the activation that is being created.</summary>
    protected Grain()
    {
        context = Activation.Current;
    }

    /// <summary>The activation this object belongs to.</summary>
    /// <exception cref="InvalidOperationException">The object was not created by the host.</exception>
    public IGrainContext GrainContext => context
        ?? throw new InvalidOperationException($"{GetType().Name} was not created by a grain host");

    /// <summary>Makes references to other grains.</summary>
    protected IGrainFactory GrainFactory => Owner.Host.Grains;

    /// <summary>The services of this activation; scoped ones live as long as it does.</summary>
    protected internal IServiceProvider ServiceProvider => GrainContext.ActivationServices;

    private Activation Owner => (Activation)GrainContext;

    /// <summary>Ends this activation when its running calls are done. Calls that wait go to a new activation.</summary>
    protected void DeactivateOnIdle()
    {
        Owner.Deactivate(
            new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "DeactivateOnIdle was called"));
    }

    /// <summary>Keeps this activation from being collected for idleness.</summary>
    /// <param name="timeSpan">How long from now; zero or less takes an earlier request back.</param>
    protected void DelayDeactivation(TimeSpan timeSpan)
    {
        Owner.DelayDeactivation(timeSpan);
    }

    /// <summary>
    /// Runs once before the first call, when state is already loaded. A failure reaches every waiting caller.
    /// </summary>
    /// <param name="cancellationToken">Cancelled when the activation takes too long.</param>
    /// <returns>Completes when the grain is ready for calls.</returns>
    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Runs after the last call. Best effort: it never runs when the process crashes.</summary>
    /// <param name="reason">Why the activation ends.</param>
    /// <param name="cancellationToken">Cancelled when the deactivation takes too long.</param>
    /// <returns>Completes when the grain may be dropped.</returns>
    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        Task.CompletedTask;
}
