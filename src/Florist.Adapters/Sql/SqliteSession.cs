using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Florist.Adapters.Sql;

/// <summary>
/// One connection with its prepared statements, used by one thread at a time. Statements name their values
/// <c>$1</c>, <c>$2</c>, … in order, which SQLite and PostgreSQL both read.
/// </summary>
internal sealed class SqliteSession(SqliteConnection connection) : IDisposable
{
    // Filters make statements of many shapes; when there are too many, all are forgotten rather than kept for ever.
    private const int StatementsMax = 512;

    private readonly Dictionary<string, SqliteCommand> prepared = new(StringComparer.Ordinal);

    /// <summary>The connection beneath.</summary>
    public SqliteConnection Connection => connection;

    /// <summary>True while a transaction is open; SQLite ends one itself after some errors.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(connection.Handle) == 0;

    /// <summary>Runs a statement.</summary>
    /// <returns>Rows it changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<object?> values) => Prepared(sql, values).ExecuteNonQuery();

    /// <summary>Runs a query; the reader must be disposed before the same query runs again.</summary>
    public SqliteDataReader Query(string sql, params ReadOnlySpan<object?> values) =>
        Prepared(sql, values).ExecuteReader();

    /// <summary>
    /// The whole number in the first column of the first row; null when there is no row or no number.
    /// </summary>
    public long? Number(string sql, params ReadOnlySpan<object?> values)
    {
        using SqliteDataReader reader = Query(sql, values);
        return reader.Read() && !reader.IsDBNull(0) ? reader.GetInt64(0) : null;
    }

    /// <summary>Stops the statement that runs at present; called from another thread.</summary>
    public void Interrupt() => raw.sqlite3_interrupt(connection.Handle);

    public void Dispose()
    {
        Forget();
        connection.Dispose();
    }

    private SqliteCommand Prepared(string sql, ReadOnlySpan<object?> values)
    {
        if (!prepared.TryGetValue(sql, out SqliteCommand? command))
        {
            if (prepared.Count >= StatementsMax)
            {
                Forget();
            }

            command = Prepare(sql, values.Length);
            prepared.Add(sql, command);
        }

        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = SqlValue.Stored(values[i]) ?? DBNull.Value;
        }

        return command;
    }

    private SqliteCommand Prepare(string sql, int values)
    {
        SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        for (int i = 1; i <= values; i++)
        {
            command.Parameters.Add(
                new SqliteParameter { ParameterName = string.Create(CultureInfo.InvariantCulture, $"${i}") });
        }

        return command;
    }

    private void Forget()
    {
        foreach (SqliteCommand command in prepared.Values)
        {
            command.Dispose();
        }

        prepared.Clear();
    }
}
