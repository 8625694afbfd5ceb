using System.Collections.Frozen;
using Florist.Customers;
using Florist.Kernel;
using Florist.Orders;

namespace Florist.Adapters.Sql;

/// <summary>Lists orders from their index.</summary>
internal sealed class OrdersSql(SqlQueries queries) : IOrderQueries
{
    /// <summary>The listing; its columns are those of <see cref="IOrderQueries.Filterable"/>.</summary>
    public static readonly SqlListing<OrderRecord> Listing = new()
    {
        Select = "body",
        From = "order_index",
        Key = "order_id",
        DefaultOrder = [new OrderTerm("create_time", IsDescending: true)],
        Read = row => FloristJson.Read<OrderRecord>(row.GetString(0)),
        Columns = new Dictionary<string, SqlColumn>
        {
            ["customer"] = new("customer"),
            ["recipient"] = SqlColumn.Text("recipient"),
            ["state"] = new("state"),
            ["payment_state"] = new("payment_state"),
            ["delivery_date"] = new("delivery_date"),
            ["create_time"] = new("created_at"),
            ["occasion_category"] = SqlColumn.Text("occasion_category"),
            ["currency_code"] = new("currency_code"),
            ["total"] = new("total_minor"),
            ["needs_attention"] = new("needs_attention"),
        }.ToFrozenDictionary(StringComparer.Ordinal),
    };

    public Task<Page<OrderRecord>> List(
        CustomerId? customer, FilterExpression filter, PageRequest page, CancellationToken cancellationToken)
    {
        Func<SqlValues, string>? scope = null;
        if (customer is { } own)
        {
            scope = values => $"customer = {values.Place(own.Name)}";
        }

        return queries.Page(Listing, filter, [], page, scope, cancellationToken);
    }
}
