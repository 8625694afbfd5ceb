using System.Collections.Immutable;
using System.Data.Common;
using Florist.Kernel;

namespace Florist.Adapters.Sql;

/// <summary>The outbox rows.</summary>
internal sealed class OutboxTable(ISqlDatabase database, CommitSignals signals) : IOutboxTable
{
    /// <summary>Deletes a message by its key; a constant because the hottest of all changes.</summary>
    public const string DeleteOne = "DELETE FROM outbox WHERE key = $1";

    private const string SelectDue = """
        SELECT key, topic, body, not_before, expires_at, attempts FROM outbox
        WHERE parked = 0 AND class = $1 AND not_before <= $2
        ORDER BY not_before, rowid LIMIT $3
        """;

    private const string SelectNext = """
        SELECT MIN(next) FROM (
            SELECT MIN(not_before) AS next FROM outbox WHERE parked = 0 AND class = 0
            UNION ALL SELECT MIN(not_before) FROM outbox WHERE parked = 0 AND class = 1
            UNION ALL SELECT MIN(not_before) FROM outbox WHERE parked = 0 AND class = 2
            UNION ALL SELECT MIN(not_before) FROM outbox WHERE parked = 0 AND class = 3) AS lanes
        """;

    private const string UpdatePutOff =
        "UPDATE outbox SET attempts = $1, not_before = $2, reason = $3 WHERE key = $4";

    private const string UpdatePark = "UPDATE outbox SET attempts = $1, reason = $2, parked = 1 WHERE key = $3";

    public event Action? Inserted
    {
        add => signals.MessagesInserted += value;
        remove => signals.MessagesInserted -= value;
    }

    public Task<ImmutableArray<OutboxRow>> Due(
        OutboxClass @class, DateTimeOffset now, int max, CancellationToken cancellationToken) =>
        database.Read(SelectDue, [@class, now, max], row => Row(row, @class), cancellationToken);

    public async Task<DateTimeOffset?> NextDue(CancellationToken cancellationToken) =>
        (await database.Read(SelectNext, [], row => SqlValue.Number(row, 0), cancellationToken))[0] is { } next
            ? SqlValue.Instant(next)
            : null;

    public Task Delete(string key) => database.Change(key, DeleteOne, key);

    public Task PutOff(string key, int attempts, DateTimeOffset notBefore, string reason) =>
        database.Change(key, UpdatePutOff, attempts, SqlValue.RoundedUp(notBefore), reason, key);

    public Task Park(string key, int attempts, string reason) =>
        database.Change(key, UpdatePark, attempts, reason, key);

    private static OutboxRow Row(DbDataReader row, OutboxClass @class) => new(
        new OutboxMessage
        {
            Key = row.GetString(0),
            Topic = row.GetString(1),
            Body = row.GetString(2),
            Class = @class,
            NotBefore = SqlValue.Instant(row.GetInt64(3)),
            ExpiresAt = SqlValue.Number(row, 4) is { } expiresAt ? SqlValue.Instant(expiresAt) : null,
        },
        row.GetInt32(5));
}
