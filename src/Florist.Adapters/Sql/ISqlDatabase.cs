using System.Collections.Immutable;
using System.Data.Common;

namespace Florist.Adapters.Sql;

/// <summary>Whose SQL a statement is written in, where the two differ.</summary>
internal enum SqlDialect
{
    Sqlite,
    Postgres,
}

/// <summary>
/// An open database for whoever reads rows or changes one at a time. Statements name their values <c>$1</c>,
/// <c>$2</c>, … in order, which SQLite and PostgreSQL both read; values are texts, numbers, instants, days or flags.
/// </summary>
internal interface ISqlDatabase
{
    /// <summary>Whose SQL it reads.</summary>
    SqlDialect Dialect { get; }

    /// <summary>The secret behind derived identifiers.</summary>
    byte[] IdKey { get; }

    /// <summary>The secret behind sealed texts.</summary>
    byte[] SealKey { get; }

    /// <summary>Reads the rows of a query, in order. What was committed before the call is seen.</summary>
    /// <param name="sql">The query.</param>
    /// <param name="values">Its values; none is null.</param>
    /// <param name="read">Reads an item from a row.</param>
    /// <param name="cancellationToken">Interrupts the query.</param>
    Task<ImmutableArray<T>> Read<T>(
        string sql, object[] values, Func<DbDataReader, T> read, CancellationToken cancellationToken);

    /// <summary>
    /// Changes rows by one statement, in a commit that it may share with others; completes when it is durable.
    /// </summary>
    /// <param name="subject">What the statement is about; changes of one subject are made in order.</param>
    /// <param name="sql">The statement.</param>
    /// <param name="values">Its values; none is null.</param>
    /// <returns>Rows that it changed.</returns>
    Task<int> Change(string subject, string sql, params object[] values);
}
