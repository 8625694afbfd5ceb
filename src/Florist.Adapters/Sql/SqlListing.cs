using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Data.Common;
using Florist.Kernel;

namespace Florist.Adapters.Sql;

/// <summary>
/// A listing that is filtered, ordered and read page by page, each page behind the last item of the one before. The
/// columns of its index table are never null (see <see cref="SqlColumn"/>).
/// </summary>
/// <typeparam name="T">An item.</typeparam>
internal sealed record SqlListing<T>
{
    /// <summary>The columns that <see cref="Read"/> reads, as <c>body</c>.</summary>
    public required string Select { get; init; }

    /// <summary>The table, as <c>order_index</c>.</summary>
    public required string From { get; init; }

    /// <summary>The column of every field that may be filtered or ordered by.</summary>
    public required FrozenDictionary<string, SqlColumn> Columns { get; init; }

    /// <summary>A column that differs in all rows: the last word in every order.</summary>
    public required string Key { get; init; }

    /// <summary>The order when none is asked for.</summary>
    public ImmutableArray<OrderTerm> DefaultOrder { get; init; } = [];

    /// <summary>Reads an item from a row.</summary>
    public required Func<DbDataReader, T> Read { get; init; }

    /// <summary>The order of a page.</summary>
    /// <param name="asked">What the caller asked for; empty for the default.</param>
    public SqlOrder Order(ImmutableArray<OrderTerm> asked) =>
        new(asked.IsDefaultOrEmpty ? DefaultOrder : asked, Columns, Key);

    /// <summary>
    /// The statement of a page. It reads one row more than the page has, to learn whether there is a next.
    /// </summary>
    /// <param name="dialect">Whose SQL.</param>
    /// <param name="filter">What the caller asked for.</param>
    /// <param name="order">In which order.</param>
    /// <param name="page">Where and how long.</param>
    /// <param name="scope">A condition beyond the filter, such as whose rows these are; null for all rows.</param>
    public SqlStatement Statement(
        SqlDialect dialect,
        FilterExpression filter,
        SqlOrder order,
        PageRequest page,
        Func<SqlValues, string>? scope)
    {
        SqlValues values = new(dialect);
        List<string> conditions = [];
        if (scope is not null)
        {
            conditions.Add($"({scope(values)})");
        }

        conditions.Add(FilterSql.Condition(filter, Columns, values));
        if (page.After is { } position)
        {
            conditions.Add(order.Behind(position, values));
        }

        string sql = $"""
            SELECT {Select}, {order.Columns} FROM {From} WHERE {string.Join(" AND ", conditions)}
            ORDER BY {order.Clause} LIMIT {values.Place(page.Size + 1)}
            """;
        return new SqlStatement(sql, values.All());
    }
}
