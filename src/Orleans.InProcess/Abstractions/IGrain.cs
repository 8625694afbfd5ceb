using Orleans.Runtime;

namespace Orleans.Runtime
{
    /// <summary>
    /// Marks everything that has a grain id and can be sent calls: grain classes and references to grains.
    /// </summary>
    public interface IAddressable;
}

namespace Orleans
{
    /// <summary>Marks grain interfaces and references to grains.</summary>
    public interface IGrain : IAddressable;

    /// <summary>
    /// Marks grain interfaces whose grains have text keys. Methods return Task, ValueTask, either with a result, or
    /// IAsyncEnumerable; the last parameter may be a CancellationToken.
    /// </summary>
    public interface IGrainWithStringKey : IGrain;

    /// <summary>What the runtime needs of a grain class. Deriving from <see cref="Grain"/> is the usual way.</summary>
    public interface IGrainBase
    {
        /// <summary>The activation this object belongs to.</summary>
        IGrainContext GrainContext { get; }

        /// <summary>
        /// Runs once before the first call, when state is already loaded. A failure reaches every waiting caller.
        /// </summary>
        /// <param name="token">Cancelled when the activation takes too long.</param>
        /// <returns>Completes when the grain is ready for calls.</returns>
        Task OnActivateAsync(CancellationToken token) => Task.CompletedTask;

        /// <summary>Runs after the last call. Best effort: it never runs when the process crashes.</summary>
        /// <param name="reason">Why the activation ends.</param>
        /// <param name="token">Cancelled when the deactivation takes too long.</param>
        /// <returns>Completes when the grain may be dropped.</returns>
        Task OnDeactivateAsync(DeactivationReason reason, CancellationToken token) => Task.CompletedTask;
    }
}
