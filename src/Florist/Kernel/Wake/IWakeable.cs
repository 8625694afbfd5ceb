using Orleans;

namespace Florist.Kernel;

/// <summary>
/// A grain that is woken when its state's <see cref="IHasEffects.NextDue"/> has come. A wake may come late or twice and
/// carries no meaning of its own: the grain asks its rules what is due at <c>now</c>, does it, and commits.
/// </summary>
public interface IWakeable : IGrainWithStringKey
{
    /// <summary>
    /// Does all that is due at <paramref name="now"/> and commits, which moves or removes the wake row.
    /// </summary>
    Task OnWake(DateTimeOffset now);
}
