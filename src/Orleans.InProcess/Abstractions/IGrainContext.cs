namespace Orleans.Runtime;

/// <summary>One activation of a grain: its identity, its object and its services.</summary>
public interface IGrainContext
{
    /// <summary>Which grain this is an activation of.</summary>
    GrainId GrainId { get; }

    /// <summary>The grain object; null until it has been constructed.</summary>
    object? GrainInstance { get; }

    /// <summary>The services of this activation; scoped ones live as long as it does.</summary>
    IServiceProvider ActivationServices { get; }

    /// <summary>Ends this activation when its running calls are done. Calls that wait go to a new activation.</summary>
    /// <param name="deactivationReason">Handed to OnDeactivateAsync.</param>
    /// <param name="cancellationToken">Cancels the token OnDeactivateAsync is given.</param>
    void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);
}
