using Orleans.Runtime;

namespace Orleans;

/// <summary>Identity of grains and of references to them.</summary>
public static class GrainExtensions
{
    /// <summary>The key of a grain.</summary>
    /// <param name="grain">A grain or a reference to one.</param>
    /// <returns>The key.</returns>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public static string GetPrimaryKeyString(this IAddressable grain) => GetGrainId(grain).Key.ToString();

    /// <summary>The id of a grain.</summary>
    /// <param name="grain">A grain or a reference to one.</param>
    /// <returns>Type and key.</returns>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public static GrainId GetGrainId(this IAddressable grain) => grain switch
    {
        GrainReference reference => reference.GrainId,
        IGrainBase owner => owner.GrainContext.GrainId,
        null => throw new ArgumentNullException(nameof(grain)),
        _ => throw new ArgumentException($"{grain.GetType()} is neither a grain nor a reference", nameof(grain)),
    };

    /// <summary>A reference to the same grain through one of its interfaces.</summary>
    /// <typeparam name="TGrainInterface">
    /// The interface; calls fail when the grain's class does not implement it.
    /// </typeparam>
    /// <param name="grain">A grain or a reference to one.</param>
    /// <returns>The reference.</returns>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public static TGrainInterface AsReference<TGrainInterface>(this IAddressable grain)
        where TGrainInterface : IAddressable
    {
        GrainHost host = grain switch
        {
            GrainReference reference => reference.Host,
            IGrainBase owner => ((Activation)owner.GrainContext).Host,
            null => throw new ArgumentNullException(nameof(grain)),
            _ => throw new ArgumentException($"{grain.GetType()} is neither a grain nor a reference", nameof(grain)),
        };
        return host.Grains.GetGrain<TGrainInterface>(GetGrainId(grain));
    }
}
