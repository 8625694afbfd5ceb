using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Florist.Faults.Checks;

/// <summary>A stored state.</summary>
internal sealed record StateRow(string Grain, string Name, long Version, byte[] Body)
{
    /// <summary>The grain's key, without its type.</summary>
    public string Key => Grain[(Grain.IndexOf('/', StringComparison.Ordinal) + 1)..];
}

/// <summary>A stored child row.</summary>
internal sealed record ChildRow(string Owner, string Kind, string Id, string Body)
{
    public string OwnerKey => Owner[(Owner.IndexOf('/', StringComparison.Ordinal) + 1)..];
}

/// <summary>A stored wake-up.</summary>
internal sealed record StoredWake(string Grain, long DueAt, long NotBefore, long Attempts, bool Parked);

/// <summary>A stored outbox message.</summary>
internal sealed record StoredMessage(string Key, string Topic, long NotBefore, long Attempts, bool Parked, string Reason);

/// <summary>All that a database holds, at one commit.</summary>
internal sealed record Snapshot
{
    private const string FileName = "florist.db";

    public ImmutableArray<StateRow> States { get; init; } = [];

    public ImmutableArray<ChildRow> Children { get; init; } = [];

    public ImmutableDictionary<string, StoredWake> Wakes { get; init; } =
        ImmutableDictionary<string, StoredWake>.Empty;

    public ImmutableArray<StoredMessage> Outbox { get; init; } = [];

    /// <summary>Bodies of the orders' index, by order.</summary>
    public ImmutableDictionary<string, string> Orders { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Bodies of the customers' index, by customer.</summary>
    public ImmutableDictionary<string, string> Customers { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>What the database says about itself; "ok" when it is whole.</summary>
    public string Integrity { get; init; } = "";

    /// <summary>
    /// Reads the file of a server that is dead: from a copy, so that nothing of the evidence is touched.
    /// </summary>
    /// <param name="folder">The server's data folder.</param>
    /// <param name="change">What to do to the copy before; null for nothing.</param>
    public static Snapshot OfFile(string folder, Action<SqliteConnection>? change = null)
    {
        string copy = Directory.CreateTempSubdirectory("florist-snapshot-").FullName;
        try
        {
            foreach (string suffix in new[] { "", "-wal" })
            {
                string from = Path.Combine(folder, FileName + suffix);
                if (File.Exists(from))
                {
                    File.Copy(from, Path.Combine(copy, FileName + suffix));
                }
            }

            return Read(Path.Combine(copy, FileName), change);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    /// <summary>Reads the database of a server that is dead.</summary>
    /// <param name="connectionString">How to reach it on PostgreSQL.</param>
    public static Snapshot OfPostgres(string connectionString)
    {
        using NpgsqlConnection connection = new(connectionString);
        connection.Open();
        return Read(connection, "SELECT 'ok'");
    }

    /// <summary>How many messages a running server on PostgreSQL has still to carry out.</summary>
    public static long OutstandingOnPostgres(string connectionString)
    {
        using NpgsqlConnection connection = new(connectionString);
        connection.Open();
        return Outstanding(connection);
    }

    /// <summary>How many messages a running server has still to carry out, parked ones left out.</summary>
    public static long Outstanding(string folder)
    {
        using SqliteConnection connection =
            new($"Data Source={Path.Combine(folder, FileName)};Mode=ReadOnly;Pooling=False");
        connection.Open();
        return Outstanding(connection);
    }

    private static long Outstanding(DbConnection connection) =>
        Rows(connection, "SELECT COUNT(*) FROM outbox WHERE parked = 0", row => row.GetInt64(0)).Single();

    private static Snapshot Read(string path, Action<SqliteConnection>? change)
    {
        using SqliteConnection connection = new($"Data Source={path};Pooling=False");
        connection.Open();
        change?.Invoke(connection);
        return Read(connection, "PRAGMA integrity_check");
    }

    private static Snapshot Read(DbConnection connection, string integrity) => new()
    {
        Integrity = Rows(connection, integrity, row => row.GetString(0)).Single(),
        States = Rows(
            connection,
            "SELECT grain_key, state_name, version, body FROM grain_state WHERE body IS NOT NULL",
            row => new StateRow(row.GetString(0), row.GetString(1), Whole(row, 2), row.GetFieldValue<byte[]>(3))),
        Children = Rows(
            connection,
            "SELECT owner, kind, id, body FROM grain_row",
            row => new ChildRow(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3))),
        Wakes = Rows(
            connection,
            "SELECT grain_key, due_at, not_before, attempts, parked FROM wake",
            row => new StoredWake(
                row.GetString(0), Whole(row, 1), Whole(row, 2), Whole(row, 3), Whole(row, 4) != 0))
            .ToImmutableDictionary(wake => wake.Grain, StringComparer.Ordinal),
        Outbox = Rows(
            connection,
            "SELECT key, topic, not_before, attempts, parked, COALESCE(reason, '') FROM outbox",
            row => new StoredMessage(
                row.GetString(0), row.GetString(1), Whole(row, 2), Whole(row, 3), Whole(row, 4) != 0,
                row.GetString(5))),
        Orders = Bodies(connection, "SELECT order_id, body FROM order_index"),
        Customers = Bodies(connection, "SELECT customer_id, body FROM customer_index"),
    };

    private static ImmutableDictionary<string, string> Bodies(DbConnection connection, string sql) =>
        Rows(connection, sql, row => (Key: row.GetString(0), Body: row.GetString(1)))
            .ToImmutableDictionary(row => row.Key, row => row.Body, StringComparer.Ordinal);

    // Flags and counts are of different widths on the two databases.
    private static long Whole(DbDataReader row, int column) =>
        Convert.ToInt64(row.GetValue(column), CultureInfo.InvariantCulture);

    private static ImmutableArray<T> Rows<T>(DbConnection connection, string sql, Func<DbDataReader, T> read)
    {
        using DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        using DbDataReader reader = command.ExecuteReader();
        ImmutableArray<T>.Builder rows = ImmutableArray.CreateBuilder<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows.ToImmutable();
    }
}
