using Florist.Kernel;
using Florist.Orders;
using Florist.Stock;

namespace Florist.ShopFloor;

/// <summary>Finds the work of a day.</summary>
public interface IBenchQueries
{
    /// <summary>The fields that a filter may name.</summary>
    static readonly FilterSchema Filterable = new(
        FilterField.Enum("state", OrderWords.All<OrderState>()),
        FilterField.Text("window_start"),
        FilterField.Text("occasion_category"));

    /// <summary>
    /// A page of the orders of a day that are confirmed, being bound or ready, those of the earliest window first.
    /// </summary>
    /// <param name="day">Of which shop, and the civil day of delivery.</param>
    /// <param name="filter">Only those that match; made by <see cref="Filterable"/>.</param>
    /// <param name="page">Which page.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    Task<Page<BenchEntry>> List(
        DayKey day, FilterExpression filter, PageRequest page, CancellationToken cancellationToken);
}

/// <summary>An order on the bench.</summary>
/// <param name="Order">The order.</param>
/// <param name="Print">The last print of its card; null when none was printed.</param>
public sealed record BenchEntry(OrderRecord Order, PrintedCard? Print);
