using System.Collections.Immutable;

namespace Florist.Stock;

/// <summary>Reads delivery days without opening them.</summary>
public interface IStockQueries
{
    /// <summary>
    /// The days of a shop that something was planned, counted or claimed of, in order. Their plan is empty unless it is
    /// their own. Holds that have just expired may still count.
    /// </summary>
    /// <param name="shop">The shop.</param>
    /// <param name="from">The first day.</param>
    /// <param name="until">The day after the last; at most 400 days later.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    Task<ImmutableArray<DeliveryDay>> Days(
        string shop, DateOnly from, DateOnly until, CancellationToken cancellationToken);
}
