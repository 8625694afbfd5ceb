using System.Globalization;
using Florist.Kernel;
using Microsoft.Data.Sqlite;
using Orleans.Storage;

namespace Florist.Adapters.Sql;

/// <summary>Grain states in SQLite: one commit writes state, wake-up, messages and rows.</summary>
internal sealed class SqliteStateStore(SqliteDatabase database) : IStateStore
{
    private const string Insert = """
        INSERT INTO grain_state (grain_key, state_name, version, body) VALUES ($1, $2, 1, $3)
        ON CONFLICT (grain_key, state_name) DO NOTHING
        """;

    private const string Update = """
        UPDATE grain_state SET version = version + 1, body = $1
        WHERE grain_key = $2 AND state_name = $3 AND version = $4
        """;

    private const string Select = "SELECT version, body FROM grain_state WHERE grain_key = $1 AND state_name = $2";

    // A row that says the same is left as it is: most commands move nothing that is due.
    private const string PutWake = """
        INSERT INTO wake (grain_key, shard, class, due_at, not_before) VALUES ($1, $2, $3, $4, $4)
        ON CONFLICT (grain_key) DO UPDATE SET
            class = excluded.class, due_at = excluded.due_at, not_before = excluded.not_before, attempts = 0, parked = 0
        WHERE wake.due_at <> excluded.due_at OR wake.class <> excluded.class
            OR wake.not_before <> excluded.not_before OR wake.attempts <> 0 OR wake.parked <> 0
        """;

    private const string DeleteWake = "DELETE FROM wake WHERE grain_key = $1";

    private const string PutMessage = """
        INSERT INTO outbox (key, topic, body, class, not_before, expires_at, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (key) DO NOTHING
        """;

    private const string DeleteRows = "DELETE FROM grain_row WHERE owner = $1";

    public Task<StoredState?> Read(string grainKey, string stateName, CancellationToken cancellationToken) =>
        database.Readers.Read(session => Read(session, grainKey, stateName), cancellationToken);

    public Task<long> Commit(StateWrite write)
    {
        // Checked here, on the caller's turn, so that a mistake cannot fail the batch that it would be in.
        RowShape[] shapes = new RowShape[write.Rows.Length];
        for (int i = 0; i < shapes.Length; i++)
        {
            shapes[i] = database.Schema.Shape(write.Rows[i]);
        }

        return database.Writer.Run(write.Bytes, session => Apply(session, write, shapes));
    }

    private static StoredState? Read(SqliteSession session, string grainKey, string stateName)
    {
        using SqliteDataReader reader = session.Query(Select, grainKey, stateName);
        return reader.Read()
            ? new StoredState(reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetFieldValue<byte[]>(1))
            : null;
    }

    /// <summary>The statements of a write, within a transaction of the caller's.</summary>
    /// <param name="session">The connection that writes.</param>
    /// <param name="write">The write.</param>
    /// <param name="shapes">The shapes of its rows, in their order.</param>
    /// <returns>The new version.</returns>
    internal static long Apply(SqliteSession session, StateWrite write, RowShape[] shapes)
    {
        long version = PutState(session, write);
        CrashPoint.Hit(CrashPoint.StorageState);
        if (write.HasEffects)
        {
            PutWakeUp(session, write);
            CrashPoint.Hit(CrashPoint.StorageWake);
            if (write.Body is null)
            {
                session.Execute(DeleteRows, write.GrainKey);
            }
        }

        foreach (OutboxMessage message in write.Messages)
        {
            session.Execute(
                PutMessage,
                message.Key,
                message.Topic,
                message.Body,
                message.Class,
                message.NotBefore is { } notBefore ? SqlValue.RoundedUp(notBefore) : write.Now,
                message.ExpiresAt,
                write.Now);
            CrashPoint.Hit(CrashPoint.StorageOutbox);
        }

        for (int i = 0; i < shapes.Length; i++)
        {
            PutRow(session, write.GrainKey, write.Rows[i], shapes[i]);
            CrashPoint.Hit(CrashPoint.StorageRows);
        }

        return version;
    }

    private static long PutState(SqliteSession session, StateWrite write)
    {
        int changed = write.Expected is null
            ? session.Execute(Insert, write.GrainKey, write.StateName, write.Body)
            : session.Execute(Update, write.Body, write.GrainKey, write.StateName, write.Expected);
        if (changed == 1)
        {
            return (write.Expected ?? 0) + 1;
        }

        StoredState? stored = Read(session, write.GrainKey, write.StateName);
        throw new InconsistentStateException(
            $"the state '{write.StateName}' of {write.GrainKey} was written by somebody else",
            stored?.Version.ToString(CultureInfo.InvariantCulture),
            write.Expected?.ToString(CultureInfo.InvariantCulture));
    }

    private static void PutWakeUp(SqliteSession session, StateWrite write)
    {
        if (write.NextDue is { } due)
        {
            int shard = SqlValue.ShardOf(write.GrainKey);
            session.Execute(PutWake, write.GrainKey, shard, write.WakeClass, SqlValue.RoundedUp(due));
        }
        else
        {
            session.Execute(DeleteWake, write.GrainKey);
        }
    }

    private static void PutRow(SqliteSession session, string owner, RowChange row, RowShape shape)
    {
        object?[] values = new object?[shape.Columns.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = shape.Value(owner, row, i);
        }

        session.Execute(shape.One, values);
    }
}
