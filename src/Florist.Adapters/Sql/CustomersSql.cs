using System.Collections.Frozen;
using System.Collections.Immutable;
using Florist.Customers;
using Florist.Kernel;
using Microsoft.Data.Sqlite;

namespace Florist.Adapters.Sql;

/// <summary>Lists customers from their index.</summary>
internal sealed class CustomersSql(SqliteDatabase database) : ICustomerQueries
{
    private const string HasPurchases = "order_count > 0";

    /// <summary>The columns of all fields that customers can be filtered or ordered by.</summary>
    public static FrozenDictionary<string, SqlColumn> Columns { get; } = new Dictionary<string, SqlColumn>
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
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public Task<Page<CustomerView>> List(CustomerQuery query, PageRequest page, CancellationToken cancellationToken)
    {
        SqlOrder order = new(query.Order, Columns, "customer_id");
        SqlValues values = new();
        List<string> conditions = [FilterSql.Condition(query.Filter, Columns, values)];
        if (!query.ShowDeleted)
        {
            conditions.Add("deleted = 0");
        }

        if (page.After is { } position)
        {
            conditions.Add(order.Behind(position, values));
        }

        string sql = $"""
            SELECT body, {order.Columns} FROM customer_index WHERE {string.Join(" AND ", conditions)}
            ORDER BY {order.Clause} LIMIT {values.Place(page.Size + 1)}
            """;
        return database.Readers.Read(session => Read(session, sql, values, order, page.Size), cancellationToken);
    }

    private static Page<CustomerView> Read(
        SqliteSession session, string sql, SqlValues values, SqlOrder order, int size)
    {
        ImmutableArray<CustomerView>.Builder views = ImmutableArray.CreateBuilder<CustomerView>();
        string? last = null;
        using SqliteDataReader reader = session.Query(sql, values.All);
        while (reader.Read())
        {
            if (views.Count == size)
            {
                return new Page<CustomerView>(views.ToImmutable(), last);
            }

            views.Add(FloristJson.Read<CustomerView>(reader.GetString(0)));
            last = SqlOrder.Position(Enumerable.Range(1, order.Count).Select(reader.GetValue));
        }

        return new Page<CustomerView>(views.ToImmutable(), null);
    }
}
