using Orleans.Runtime;

namespace Orleans;

/// <summary>Makes references to grains. Making one neither creates nor activates anything.</summary>
public interface IGrainFactory
{
    /// <summary>A reference to the grain with this key, of the one class that implements the interface.</summary>
    /// <typeparam name="TGrainInterface">The grain interface.</typeparam>
    /// <param name="primaryKey">The key; not empty.</param>
    /// <param name="grainClassNamePrefix">
    /// The beginning of the full class name, when several classes implement it.
    /// </param>
    /// <returns>The reference.</returns>
    /// <exception cref="ArgumentException">No class implements the interface, or several do.</exception>
    TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey;

    /// <summary>A reference to this grain through one of its interfaces.</summary>
    /// <typeparam name="TGrainInterface">
    /// The interface; calls fail when the grain's class does not implement it.
    /// </typeparam>
    /// <param name="grainId">The grain.</param>
    /// <returns>The reference.</returns>
    TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable;

    /// <summary>A reference to this grain that has to be turned into an interface before it can be called.</summary>
    /// <param name="grainId">The grain.</param>
    /// <returns>The reference; see <see cref="GrainExtensions.AsReference{TGrainInterface}"/>.</returns>
    IAddressable GetGrain(GrainId grainId);
}

/// <summary>The way to the grains from outside of them, for example from a service.</summary>
public interface IClusterClient : IGrainFactory
{
    /// <summary>The services of the host.</summary>
    IServiceProvider ServiceProvider { get; }
}
