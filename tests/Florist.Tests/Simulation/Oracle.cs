using System.Collections.Immutable;
using Florist.Adapters.Sql;
using Florist.Kernel;
using Florist.Messaging;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Florist.Tests.Simulation;

/// <summary>
/// Looks at the database from outside of the shop, at what is committed and nothing else. Triggers keep what the tables
/// themselves forget: every state that an order was ever in, and every message that was ever put into the outbox.
/// </summary>
internal sealed class Oracle : IDisposable
{
    private const string Memory = """
        CREATE TABLE seen_order (
            number INTEGER PRIMARY KEY, grain TEXT, version INTEGER, state TEXT, payment TEXT,
            delivery TEXT, attempt INTEGER, leg_open INTEGER, legs INTEGER);
        CREATE TABLE seen_message (number INTEGER PRIMARY KEY, key TEXT, topic TEXT);
        CREATE INDEX seen_message_key ON seen_message (key);
        CREATE TRIGGER order_inserted AFTER INSERT ON grain_state WHEN NEW.state_name = 'order' BEGIN
            INSERT INTO seen_order (grain, version, state, payment, delivery, attempt, leg_open, legs)
            SELECT NEW.grain_key, NEW.version, $columns$;
        END;
        CREATE TRIGGER order_updated AFTER UPDATE ON grain_state WHEN NEW.state_name = 'order' BEGIN
            INSERT INTO seen_order (grain, version, state, payment, delivery, attempt, leg_open, legs)
            SELECT NEW.grain_key, NEW.version, $columns$;
        END;
        CREATE TRIGGER message_inserted AFTER INSERT ON outbox BEGIN
            INSERT INTO seen_message (key, topic) VALUES (NEW.key, NEW.topic);
        END;
        """;

    private const string Columns = """
        json_extract(CAST(NEW.body AS TEXT), '$.state'),
        json_extract(CAST(NEW.body AS TEXT), '$.paymentState'),
        json_extract(CAST(NEW.body AS TEXT), '$.deliveries.deliveries[0].state'),
        json_extract(CAST(NEW.body AS TEXT), '$.deliveries.deliveries[0].attempt'),
        json_extract(CAST(NEW.body AS TEXT), '$.deliveries.deliveries[0].legOpen'),
        json_array_length(CAST(NEW.body AS TEXT), '$.deliveries.deliveries[0].legCouriers')
        """;

    private const string SelectNext = """
        SELECT MIN(next) FROM (
            SELECT MIN(not_before) AS next FROM wake WHERE parked = 0 AND class = 0
            UNION ALL SELECT MIN(not_before) FROM wake WHERE parked = 0 AND class = 1
            UNION ALL SELECT MIN(not_before) FROM wake WHERE parked = 0 AND class = 2
            UNION ALL SELECT MIN(not_before) FROM wake WHERE parked = 0 AND class = 3
            UNION ALL SELECT MIN(not_before) FROM outbox WHERE parked = 0 AND class = 0
            UNION ALL SELECT MIN(not_before) FROM outbox WHERE parked = 0 AND class = 1
            UNION ALL SELECT MIN(not_before) FROM outbox WHERE parked = 0 AND class = 2
            UNION ALL SELECT MIN(not_before) FROM outbox WHERE parked = 0 AND class = 3)
        """;

    private readonly Simulation simulation;
    private readonly SqliteSession session;

    public Oracle(Simulation simulation)
    {
        this.simulation = simulation;
        string path = Path.Combine(simulation.Folder, new SqliteOptions().FileName);
        using (SqliteConnection connection = Open(path, SqliteOpenMode.ReadWriteCreate))
        using (SqliteSession writing = new(connection))
        {
            Prepare(writing, simulation.Now);
        }

        session = new SqliteSession(Open(path, SqliteOpenMode.ReadOnly));
    }

    /// <summary>When something falls due next, by the shop's clock; null when nothing ever does.</summary>
    public DateTimeOffset? NextDue() =>
        session.Number(SelectNext) is { } next ? DateTimeOffset.FromUnixTimeMilliseconds(next) : null;

    /// <summary>All rows of a query.</summary>
    public ImmutableArray<T> List<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        ImmutableArray<T>.Builder rows = ImmutableArray.CreateBuilder<T>();
        using SqliteDataReader reader = session.Query(sql, values);
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows.ToImmutable();
    }

    /// <summary>The number that a query comes to; null for none.</summary>
    public long? Number(string sql, params ReadOnlySpan<object?> values) => session.Number(sql, values);

    /// <summary>I4: nothing is asked of a provider before the message that asks for it is committed.</summary>
    public void MessageWasCommitted(string key)
    {
        if (Number("SELECT COUNT(*) FROM seen_message WHERE key = $1", key) == 0)
        {
            simulation.Broken("I4", $"the provider was asked for {key}, which was never committed");
        }
    }

    /// <summary>I4: a message is handed to a provider only when the intent to do so is committed.</summary>
    public void MessageIsIntended(string key)
    {
        int dot = key.LastIndexOf('.');
        string owner = MessageShelf.Of(key[..dot]).ToString();
        MessageRecord? message = List(
            "SELECT body FROM grain_row WHERE owner = $1 AND kind = $2 AND id = $3",
            reader => FloristJson.Read<MessageRecord>(reader.GetString(0)),
            owner,
            MessageRecord.RowKind,
            key[(dot + 1)..]).FirstOrDefault();

        // Handed over twice at once, the second may find the first to be uncertain or over meanwhile.
        if (message is not null && message.Attempts == 0)
        {
            simulation.Broken("I4", $"{key} is handed to the provider without a committed intent: {message.State}");
        }
    }

    /// <summary>R1: an answer leaves only after the commit that it tells of.</summary>
    public void RevisionWasCommitted(string grain, long revision)
    {
        long? committed = Number(
            "SELECT json_extract(CAST(body AS TEXT), '$.revision') FROM grain_state WHERE grain_key = $1", grain);
        if (!(committed >= revision))
        {
            simulation.Broken("I1", $"{grain} answered with revision {revision}, and {committed} is committed");
        }
    }

    public void Dispose() => session.Dispose();

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        SqliteConnection connection = new(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
        }.ConnectionString);
        connection.Open();
        return connection;
    }

    /// <summary>Secrets that are drawn anew for each installation would make each run another one.</summary>
    private static void Prepare(SqliteSession session, DateTimeOffset now)
    {
        session.Execute("PRAGMA journal_mode = WAL");
        Migration.Apply(
            session.Connection, SqlDialect.Sqlite, Migration.All(SqlDialect.Sqlite), now, NullLogger.Instance);
        foreach (string name in new[] { "ids", "seal" })
        {
            session.Execute("INSERT INTO secret (name, value) VALUES ($1, $2)", name, new byte[32]);
        }

        session.Execute(Memory.Replace("$columns$", Columns, StringComparison.Ordinal));
    }
}
