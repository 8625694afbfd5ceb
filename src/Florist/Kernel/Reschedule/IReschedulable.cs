using Orleans;

namespace Florist.Kernel;

/// <summary>
/// A grain whose wake-up follows from civil time, and so from the time-zone data and settings of today. A grain whose
/// wake-up is an instant that somebody was promised is none.
/// </summary>
public interface IReschedulable : IGrainWithStringKey
{
    /// <summary>
    /// Computes anew when to wake, and commits if that is another instant than is stored. Safe to repeat.
    /// </summary>
    /// <param name="wakeAt">The instant that was stored when somebody looked.</param>
    Task Reschedule(DateTimeOffset wakeAt);
}

/// <summary>
/// What the wake-ups of a grain type are computed from. When it is another than at the last start, all of them are
/// computed anew in the background. Declared by the feature that the grains belong to.
/// </summary>
/// <param name="GrainType">As <c>occasions</c>; its grains are <see cref="IReschedulable"/>.</param>
/// <param name="Signature">The version of the time-zone data, and every setting that has a part in it.</param>
public sealed record ScheduleBasis(string GrainType, string Signature);
