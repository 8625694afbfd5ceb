using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using Florist.Kernel;
using Microsoft.Data.Sqlite;

namespace Florist.Adapters.Sql;

/// <summary>The tables that grains may put rows into: those of the migrations, without the engine's own.</summary>
internal sealed class SqliteSchema
{
    private static readonly FrozenSet<string> EngineTables =
        FrozenSet.Create(StringComparer.Ordinal, "grain_state", "wake", "outbox", "secret", "owner", "migration");

    private readonly FrozenDictionary<string, SqliteTable> tables;

    private SqliteSchema(FrozenDictionary<string, SqliteTable> tables)
    {
        this.tables = tables;
    }

    /// <summary>Reads what the migrations declared.</summary>
    public static SqliteSchema Read(SqliteSession session)
    {
        List<string> names = [];
        using (SqliteDataReader reader = session.Query("SELECT name FROM sqlite_schema WHERE type = 'table'"))
        {
            while (reader.Read())
            {
                names.Add(reader.GetString(0));
            }
        }

        return new SqliteSchema(names
            .Where(name => !EngineTables.Contains(name) && !name.StartsWith("sqlite_", StringComparison.Ordinal))
            .ToFrozenDictionary(name => name, name => SqliteTable.Read(session, name), StringComparer.Ordinal));
    }

    /// <summary>The statement of a row change and its values, checked against the declared table.</summary>
    /// <param name="owner">The grain that commits, written into the owner column of child rows.</param>
    /// <param name="change">The row.</param>
    /// <exception cref="ArgumentException">The table is not declared, or the columns are not its columns.</exception>
    public SqlStatement Statement(string owner, RowChange change)
    {
        if (!tables.TryGetValue(change.Table, out SqliteTable? table))
        {
            throw new ArgumentException($"no migration declares a table '{change.Table}' for rows", nameof(change));
        }

        ImmutableArray<RowField> key = change.Table == RowChange.ChildTable
            ? change.Key.Insert(0, new RowField("owner", owner))
            : change.Key;
        return table.Statement(key, change.Values);
    }
}

/// <summary>A statement with its values.</summary>
/// <param name="Sql">Its text, with <c>$1</c> and so on.</param>
/// <param name="Values">Its values, in order.</param>
internal sealed record SqlStatement(string Sql, object?[] Values);

/// <summary>A table of the schema.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Key">Its primary key columns.</param>
/// <param name="Columns">All its columns.</param>
internal sealed record SqliteTable(string Name, FrozenSet<string> Key, FrozenSet<string> Columns)
{
    public static SqliteTable Read(SqliteSession session, string name)
    {
        List<string> columns = [];
        List<string> key = [];
        using SqliteDataReader reader = session.Query("SELECT name, pk FROM pragma_table_info($1)", name);
        while (reader.Read())
        {
            columns.Add(reader.GetString(0));
            if (reader.GetInt64(1) > 0)
            {
                key.Add(reader.GetString(0));
            }
        }

        return new SqliteTable(
            name, key.ToFrozenSet(StringComparer.Ordinal), columns.ToFrozenSet(StringComparer.Ordinal));
    }

    public SqlStatement Statement(ImmutableArray<RowField> key, ImmutableArray<RowField> values)
    {
        if (key.Length != Key.Count || !key.All(field => Key.Contains(field.Column)))
        {
            throw new ArgumentException($"the key of '{Name}' is ({string.Join(", ", Key.Order())})", nameof(key));
        }

        return values.IsDefault ? Delete(key) : Put(key, values);
    }

    private SqlStatement Delete(ImmutableArray<RowField> key) =>
        new($"DELETE FROM {Name} WHERE {Assigned(key, 1, " AND ")}", [.. key.Select(field => (object?)field.Value)]);

    private SqlStatement Put(ImmutableArray<RowField> key, ImmutableArray<RowField> values)
    {
        foreach (RowField field in values)
        {
            if (!Columns.Contains(field.Column) || Key.Contains(field.Column))
            {
                throw new ArgumentException($"'{Name}' has no value column '{field.Column}'", nameof(values));
            }
        }

        ImmutableArray<RowField> all = [.. key, .. values];
        string columns = string.Join(", ", all.Select(field => field.Column));
        string places = string.Join(", ", Enumerable.Range(1, all.Length).Select(Place));
        string update = values.IsEmpty ? "NOTHING" : $"UPDATE SET {Assigned(values, key.Length + 1, ", ")}";
        string conflict = string.Join(", ", key.Select(field => field.Column));
        return new SqlStatement(
            $"INSERT INTO {Name} ({columns}) VALUES ({places}) ON CONFLICT ({conflict}) DO {update}",
            [.. all.Select(field => (object?)field.Value)]);
    }

    private static string Assigned(ImmutableArray<RowField> fields, int first, string separator) =>
        string.Join(separator, fields.Select((field, i) => $"{field.Column} = {Place(first + i)}"));

    private static string Place(int number) => string.Create(CultureInfo.InvariantCulture, $"${number}");
}
