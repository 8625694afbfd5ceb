using System.Collections.Immutable;
using Florist.Kernel;

namespace Florist.Customers;

/// <summary>
/// What customers can be filtered and ordered by: the fields that the contract of ListCustomers names.
/// </summary>
public static class CustomerListing
{
    /// <summary>The filterable fields.</summary>
    public static FilterSchema Filters { get; } = new(
        FilterField.Text("given_name"),
        FilterField.Text("family_name"),
        FilterField.Text("email"),
        FilterField.Text("mobile"),
        FilterField.Text("region_code"),
        FilterField.Text("language_code"),
        FilterField.Text("time_zone"),
        FilterField.Timestamp("create_time"),
        FilterField.Timestamp("update_time"),
        FilterField.Integer("traits.order_count"),
        FilterField.Integer("traits.purchase_day_count"),
        FilterField.Date("traits.first_purchase_date"),
        FilterField.Date("traits.last_purchase_date"),
        FilterField.Text("traits.currency_code"),
        FilterField.Money("traits.spend"),
        FilterField.Money("traits.average_order_value"));

    /// <summary>The fields to order by.</summary>
    public static OrderBySchema Orders { get; } = new(
        "given_name",
        "family_name",
        "email",
        "create_time",
        "update_time",
        "traits.order_count",
        "traits.purchase_day_count",
        "traits.first_purchase_date",
        "traits.last_purchase_date",
        "traits.spend",
        "traits.average_order_value");
}

/// <summary>Which customers to list, and in which order.</summary>
/// <param name="Filter">A filter of <see cref="CustomerListing.Filters"/>.</param>
/// <param name="Order">Terms of <see cref="CustomerListing.Orders"/>; behind them all stands the id.</param>
/// <param name="ShowDeleted">Deleted customers too.</param>
public sealed record CustomerQuery(FilterExpression Filter, ImmutableArray<OrderTerm> Order, bool ShowDeleted);

/// <summary>Finds customers across grains, in the index that their commits write: it never lags.</summary>
public interface ICustomerQueries
{
    /// <summary>A page of customers. Their recipients are left out.</summary>
    /// <param name="query">Which, in what order.</param>
    /// <param name="page">How many, and behind which; a position is only good for the query that gave it.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    Task<Page<CustomerView>> List(CustomerQuery query, PageRequest page, CancellationToken cancellationToken);
}
