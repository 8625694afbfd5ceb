using System.Collections.Immutable;
using Florist.Kernel;
using Microsoft.Data.Sqlite;

namespace Florist.Adapters.Sql;

/// <summary>
/// Queries over the index tables, for the query ports of features. What a grain committed before the call is seen.
/// </summary>
internal sealed class SqliteQueries(SqliteDatabase database)
{
    /// <summary>All rows of a query; the statement itself limits their number.</summary>
    /// <param name="sql">The query, with <c>$1</c> and so on.</param>
    /// <param name="values">Texts, numbers, instants, days, flags or nulls, in order.</param>
    /// <param name="read">Reads an item from a row.</param>
    /// <param name="cancellationToken">Interrupts the query.</param>
    public Task<ImmutableArray<T>> List<T>(
        string sql, object?[] values, Func<SqliteDataReader, T> read, CancellationToken cancellationToken) =>
        database.Readers.Read(
            session =>
            {
                ImmutableArray<T>.Builder items = ImmutableArray.CreateBuilder<T>();
                using SqliteDataReader reader = session.Query(sql, values);
                while (reader.Read())
                {
                    items.Add(read(reader));
                }

                return items.ToImmutable();
            },
            cancellationToken);

    /// <summary>The first row of a query; null when there is none.</summary>
    public Task<T?> First<T>(
        string sql, object?[] values, Func<SqliteDataReader, T> read, CancellationToken cancellationToken)
        where T : class =>
        database.Readers.Read(
            session =>
            {
                using SqliteDataReader reader = session.Query(sql, values);
                return reader.Read() ? read(reader) : null;
            },
            cancellationToken);

    /// <summary>
    /// The whole number that a query such as a count or a sum comes to; null for no row and for null.
    /// </summary>
    public Task<long?> Number(string sql, object?[] values, CancellationToken cancellationToken) =>
        database.Readers.Read(session => session.Number(sql, values), cancellationToken);

    /// <summary>A page of a listing.</summary>
    /// <param name="listing">The listing.</param>
    /// <param name="filter">What the caller asked for.</param>
    /// <param name="order">In which order; empty for the listing's own.</param>
    /// <param name="page">Where and how long.</param>
    /// <param name="scope">A condition beyond the filter, such as whose rows these are; null for all rows.</param>
    /// <param name="cancellationToken">Interrupts the query.</param>
    public Task<Page<T>> Page<T>(
        SqlListing<T> listing,
        FilterExpression filter,
        ImmutableArray<OrderTerm> order,
        PageRequest page,
        Func<SqlValues, string>? scope,
        CancellationToken cancellationToken)
    {
        SqlOrder keys = listing.Order(order);
        SqlStatement statement = listing.Statement(filter, keys, page, scope);
        return database.Readers.Read(
            session =>
            {
                using SqliteDataReader reader = session.Query(statement.Sql, statement.Values);
                return listing.ReadPage(reader, keys, page.Size);
            },
            cancellationToken);
    }
}
