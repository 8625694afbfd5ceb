using System.Collections.Frozen;
using Florist.Kernel;
using Florist.Orders;
using Florist.ShopFloor;
using Florist.Stock;

namespace Florist.Adapters.Sql;

/// <summary>Lists the work of a day from the index of orders and what was printed of their cards.</summary>
internal sealed class ShopFloorSql(SqlQueries queries) : IBenchQueries
{
    private static readonly SqlListing<BenchEntry> Listing = new()
    {
        Select = "body, COALESCE(print, '')",
        From = "order_index LEFT JOIN card_print ON card_of = order_id",
        Key = "order_id",
        DefaultOrder = [new OrderTerm("window_start", IsDescending: false)],
        Read = row => new BenchEntry(
            FloristJson.Read<OrderRecord>(row.GetString(0)),
            row.GetString(1) is { Length: > 0 } print ? FloristJson.Read<PrintedCard>(print) : null),
        Columns = new Dictionary<string, SqlColumn>
        {
            ["state"] = new("state"),
            ["window_start"] = new("window_start"),
            ["occasion_category"] = SqlColumn.Text("occasion_category"),
        }.ToFrozenDictionary(StringComparer.Ordinal),
    };

    public Task<Page<BenchEntry>> List(
        DayKey day, FilterExpression filter, PageRequest page, CancellationToken cancellationToken) =>
        queries.Page(
            Listing,
            filter,
            [],
            page,
            values => $"""
                delivery_date = {values.Place(day.Day)} AND shop = {values.Place(day.Shop)}
                AND state IN ('CONFIRMED', 'PREPARING', 'READY')
                """,
            cancellationToken);
}
