using System.Collections.Immutable;
using System.Data.Common;
using Florist.Kernel;

namespace Florist.Adapters.Sql;

/// <summary>
/// Queries over the index tables, for the query ports of features, on either database. What a grain committed before
/// the call is seen.
/// </summary>
internal sealed class SqlQueries(ISqlDatabase database)
{
    /// <summary>All rows of a query; the statement itself limits their number.</summary>
    /// <param name="sql">The query, with <c>$1</c> and so on.</param>
    /// <param name="values">Texts, numbers, instants, days or flags, in order; none is null.</param>
    /// <param name="read">Reads an item from a row.</param>
    /// <param name="cancellationToken">Interrupts the query.</param>
    public Task<ImmutableArray<T>> List<T>(
        string sql, object[] values, Func<DbDataReader, T> read, CancellationToken cancellationToken) =>
        database.Read(sql, values, read, cancellationToken);

    /// <summary>The first row of a query that finds few; null when there is none.</summary>
    public async Task<T?> First<T>(
        string sql, object[] values, Func<DbDataReader, T> read, CancellationToken cancellationToken)
        where T : class =>
        (await database.Read(sql, values, read, cancellationToken)).FirstOrDefault();

    /// <summary>
    /// The whole number that a query such as a count or a sum comes to; null for no row and for null.
    /// </summary>
    public async Task<long?> Number(string sql, object[] values, CancellationToken cancellationToken) =>
        (await database.Read(sql, values, row => SqlValue.Number(row, 0), cancellationToken)).FirstOrDefault();

    /// <summary>A page of a listing.</summary>
    /// <param name="listing">The listing.</param>
    /// <param name="filter">What the caller asked for.</param>
    /// <param name="order">In which order; empty for the listing's own.</param>
    /// <param name="page">Where and how long.</param>
    /// <param name="scope">A condition beyond the filter, such as whose rows these are; null for all rows.</param>
    /// <param name="cancellationToken">Interrupts the query.</param>
    public async Task<Page<T>> Page<T>(
        SqlListing<T> listing,
        FilterExpression filter,
        ImmutableArray<OrderTerm> order,
        PageRequest page,
        Func<SqlValues, string>? scope,
        CancellationToken cancellationToken)
    {
        SqlOrder keys = listing.Order(order);
        SqlStatement statement = listing.Statement(database.Dialect, filter, keys, page, scope);
        int read = 0;
        string? last = null;
        ImmutableArray<T> items = await database.Read(
            statement.Sql,
            statement.Values,
            row =>
            {
                read++;
                last = read == page.Size ? keys.PositionOf(row) : last;
                return listing.Read(row);
            },
            cancellationToken);

        // One row more than the page has was asked for: it only tells whether there is a next page.
        return items.Length > page.Size ? new Page<T>(items.RemoveAt(page.Size), last) : new Page<T>(items, null);
    }
}
