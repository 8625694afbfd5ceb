using System.Collections.Frozen;
using Florist.Customers;
using Florist.Kernel;

namespace Florist.Adapters.Sql;

/// <summary>Lists customers from their index.</summary>
internal sealed class CustomersSql(SqlQueries queries) : ICustomerQueries
{
    private const string HasPurchases = "order_count > 0";

    /// <summary>The listing; its columns are those of <see cref="CustomerListing"/>.</summary>
    public static readonly SqlListing<CustomerView> Listing = new()
    {
        Select = "body",
        From = "customer_index",
        Key = "customer_id",
        Read = row => FloristJson.Read<CustomerView>(row.GetString(0)),
        Columns = new Dictionary<string, SqlColumn>
        {
            ["given_name"] = SqlColumn.Text("given_name", isFolded: true),
            ["family_name"] = SqlColumn.Text("family_name", isFolded: true),
            ["email"] = SqlColumn.Text("email", isFolded: true),
            ["mobile"] = SqlColumn.Text("mobile"),
            ["region_code"] = SqlColumn.Text("region_code"),
            ["language_code"] = SqlColumn.Text("language_code"),
            ["time_zone"] = SqlColumn.Text("time_zone"),
            ["create_time"] = new("created_at"),
            ["update_time"] = new("updated_at"),
            ["traits.order_count"] = new("order_count"),
            ["traits.purchase_day_count"] = new("purchase_day_count"),
            ["traits.first_purchase_date"] = SqlColumn.Text("first_purchase_on"),
            ["traits.last_purchase_date"] = SqlColumn.Text("last_purchase_on"),
            ["traits.currency_code"] = SqlColumn.Text("currency"),
            ["traits.spend"] = new("spend_minor", HasPurchases),
            ["traits.average_order_value"] = new("average_minor", HasPurchases),
        }.ToFrozenDictionary(StringComparer.Ordinal),
    };

    public Task<Page<CustomerView>> List(
        CustomerQuery query, PageRequest page, CancellationToken cancellationToken)
    {
        Func<SqlValues, string>? scope = query.ShowDeleted ? null : _ => "deleted = 0";
        return queries.Page(Listing, query.Filter, query.Order, page, scope, cancellationToken);
    }
}
