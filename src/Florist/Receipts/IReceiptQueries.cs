using Florist.Customers;
using Florist.Kernel;
using Florist.Orders;

namespace Florist.Receipts;

/// <summary>Finds receipts.</summary>
public interface IReceiptQueries
{
    /// <summary>The fields that a filter may name.</summary>
    static readonly FilterSchema Filterable = new(
        FilterField.Text("shop"),
        FilterField.Text("order"),
        FilterField.Text("customer"),
        FilterField.Date("supply_date"),
        FilterField.Timestamp("issue_time"));

    /// <summary>A receipt by its resource name; null for none.</summary>
    Task<Receipt?> Find(string name, CancellationToken cancellationToken);

    /// <summary>The receipt of an order; null before it has one.</summary>
    Task<Receipt?> OfOrder(OrderId order, CancellationToken cancellationToken);

    /// <summary>A page of receipts, latest issued first.</summary>
    /// <param name="customer">Only this customer's; null for all.</param>
    /// <param name="filter">Only those that match; made by <see cref="Filterable"/>.</param>
    /// <param name="page">Which page.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    Task<Page<Receipt>> List(
        CustomerId? customer, FilterExpression filter, PageRequest page, CancellationToken cancellationToken);
}
