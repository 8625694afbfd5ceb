using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using Florist.Kernel;
using Florist.Orders;

namespace Florist.Adapters.Sql;

/// <summary>Adds promises up from their index: one statement a report.</summary>
internal sealed class PromisesSql(SqlQueries queries) : IPromiseQueries
{
    private const int RowsMax = 1000;

    public Task<ImmutableArray<PromiseSummary>> Summarize(PromiseReport asked, CancellationToken cancellationToken)
    {
        // The column is one of ours, never a word of the caller's.
        string group = asked.Grouping switch
        {
            PromiseGrouping.Day => "day",
            PromiseGrouping.Courier => "courier",
            PromiseGrouping.Region => "region_code",
            _ => "CAST('' AS TEXT)",
        };
        List<object> values = [asked.From, asked.Until, RowsMax];
        string courier = Where("courier", asked.Courier, values);
        string region = Where("region_code", asked.RegionCode, values);
        string sql = $"""
            SELECT {group}, currency_code, COUNT(*), CAST(SUM(kept) AS BIGINT), CAST(SUM(breached) AS BIGINT),
                   CAST(SUM(apologised_first) AS BIGINT), CAST(SUM(breached * apologised) AS BIGINT),
                   CAST(SUM(made_good) AS BIGINT), CAST(SUM(granted_minor) AS BIGINT)
            FROM promise_index
            WHERE day >= $1 AND day < $2 AND state <> 'WITHDRAWN'{courier}{region}
            GROUP BY 1, currency_code ORDER BY 1, currency_code LIMIT $3
            """;
        return queries.List(sql, [.. values], Read, cancellationToken);
    }

    private static string Where(string column, string? value, List<object> values)
    {
        if (value is null)
        {
            return "";
        }

        values.Add(value);
        return string.Create(CultureInfo.InvariantCulture, $" AND {column} = ${values.Count}");
    }

    private static PromiseSummary Read(DbDataReader row) => new(
        row.GetString(0),
        Number(row, 2),
        Number(row, 3),
        Number(row, 4),
        Number(row, 5),
        Number(row, 6),
        Number(row, 7),
        new Money(Number(row, 8), row.GetString(1)));

    private static long Number(DbDataReader row, int column) => SqlValue.Number(row, column) ?? 0;
}
