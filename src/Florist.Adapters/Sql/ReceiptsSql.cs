using System.Collections.Frozen;
using System.Data.Common;
using Florist.Customers;
using Florist.Kernel;
using Florist.Orders;
using Florist.Receipts;

namespace Florist.Adapters.Sql;

/// <summary>Finds receipts.</summary>
internal sealed class ReceiptsSql(SqlQueries queries) : IReceiptQueries
{
    private static readonly SqlListing<Receipt> Listing = new()
    {
        Select = "body",
        From = "receipt",
        Key = "receipt_name",
        DefaultOrder = [new OrderTerm("issue_time", IsDescending: true)],
        Read = Read,
        Columns = new Dictionary<string, SqlColumn>
        {
            ["shop"] = new("shop"),
            ["order"] = new("order_name"),
            ["customer"] = new("customer"),
            ["supply_date"] = new("supply_date"),
            ["issue_time"] = new("issued_at"),
        }.ToFrozenDictionary(StringComparer.Ordinal),
    };

    public Task<Receipt?> Find(string name, CancellationToken cancellationToken) => queries.First<Receipt>(
        "SELECT body FROM receipt WHERE receipt_name = $1", [name], Read, cancellationToken);

    public Task<Receipt?> OfOrder(OrderId order, CancellationToken cancellationToken) => queries.First<Receipt>(
        "SELECT body FROM receipt WHERE order_name = $1", [order.Name], Read, cancellationToken);

    public Task<Page<Receipt>> List(
        CustomerId? customer, FilterExpression filter, PageRequest page, CancellationToken cancellationToken)
    {
        Func<SqlValues, string>? scope = null;
        if (customer is { } own)
        {
            scope = values => $"customer = {values.Place(own.Name)}";
        }

        return queries.Page(Listing, filter, [], page, scope, cancellationToken);
    }

    private static Receipt Read(DbDataReader row) => FloristJson.Read<Receipt>(row.GetString(0));
}
