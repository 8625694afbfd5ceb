using Florist.Customers;
using Florist.Kernel;

namespace Florist.Orders;

/// <summary>Finds orders without opening them.</summary>
public interface IOrderQueries
{
    /// <summary>The fields that a filter may name.</summary>
    static readonly FilterSchema Filterable = new(
        FilterField.Text("customer"),
        FilterField.Text("recipient"),
        FilterField.Enum("state", OrderWords.All<OrderState>()),
        FilterField.Enum("payment_state", OrderWords.All<PaymentState>()),
        FilterField.Date("delivery_date"),
        FilterField.Timestamp("create_time"),
        FilterField.Text("occasion_category"),
        FilterField.Text("currency_code"),
        FilterField.Money("total"),
        FilterField.Boolean("needs_attention"));

    /// <summary>A page of orders, latest placed first.</summary>
    /// <param name="customer">Only this customer's; null for all.</param>
    /// <param name="filter">Only those that match; made by <see cref="Filterable"/>.</param>
    /// <param name="page">Which page.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    Task<Page<OrderRecord>> List(
        CustomerId? customer, FilterExpression filter, PageRequest page, CancellationToken cancellationToken);
}
