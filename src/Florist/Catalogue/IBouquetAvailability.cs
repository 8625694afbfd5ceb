using System.Collections.Immutable;

namespace Florist.Catalogue;

/// <summary>
/// Knows what can be ordered for a day. Implemented by who counts stock; the catalogue itself does not.
/// </summary>
public interface IBouquetAvailability
{
    /// <summary>The bouquets that can be ordered now for a day and a place; an offer, not a promise.</summary>
    /// <param name="day">The civil day of delivery.</param>
    /// <param name="regionCode">CLDR region code of the address.</param>
    /// <param name="postalCode">Its postal code; null when not known.</param>
    /// <param name="cancellationToken">Stops the look-up.</param>
    Task<ImmutableHashSet<BouquetId>> On(
        DateOnly day, string regionCode, string? postalCode, CancellationToken cancellationToken);
}
