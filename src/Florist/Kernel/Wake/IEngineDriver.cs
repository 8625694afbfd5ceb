namespace Florist.Kernel;

/// <summary>Drives wake-ups and outbox by hand, for a virtual clock and for tests.</summary>
public interface IEngineDriver
{
    /// <summary>
    /// Carries out everything that is due by the product's clock, wake-ups and outbox, including what that makes due,
    /// until nothing is left to do now.
    /// </summary>
    /// <returns>How many wake-ups and messages were carried out.</returns>
    Task<int> RunDue(CancellationToken cancellationToken);

    /// <summary>The earliest instant at which something falls due; null when nothing is scheduled.</summary>
    Task<DateTimeOffset?> NextDue(CancellationToken cancellationToken);
}
