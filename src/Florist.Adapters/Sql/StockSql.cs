using System.Collections.Immutable;
using System.Globalization;
using Florist.Kernel;
using Florist.Stock;

namespace Florist.Adapters.Sql;

/// <summary>Reads delivery days from their index.</summary>
internal sealed class StockSql(SqlQueries queries) : IStockQueries
{
    private const string DaysOfShop =
        "SELECT body FROM delivery_day_index WHERE shop = $1 AND day >= $2 AND day < $3 ORDER BY day LIMIT 400";

    public Task<ImmutableArray<DeliveryDay>> Days(
        string shop, DateOnly from, DateOnly until, CancellationToken cancellationToken) => queries.List(
        DaysOfShop,
        [shop, Text(from), Text(until)],
        row => FloristJson.Read<DeliveryDay>(row.GetString(0)),
        cancellationToken);

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
