using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Data.Common;
using Florist.Kernel;

namespace Florist.Adapters.Sql;

/// <summary>The outbox rows.</summary>
internal sealed class OutboxTable(ISqlDatabase database, CommitSignals signals) : IOutboxTable
{
    private const string Columns = "key, topic, body, class, not_before, expires_at, attempts";

    private const string SelectDue = $"""
        SELECT {Columns} FROM outbox
        WHERE parked = 0 AND class = $1 AND topic = $2 AND not_before <= $3
        ORDER BY not_before, rowid LIMIT $4
        """;

    // Steps from topic to topic along the index, without reading the rows between.
    private const string SelectHeads = """
        WITH RECURSIVE head(topic) AS (
            SELECT MIN(topic) FROM outbox WHERE parked = 0 AND class = $1
            UNION ALL
            SELECT (
                SELECT MIN(next.topic) FROM outbox AS next
                WHERE next.parked = 0 AND next.class = $1 AND next.topic > head.topic)
            FROM head WHERE head.topic IS NOT NULL)
        SELECT head.topic, (
            SELECT MIN(first.not_before) FROM outbox AS first
            WHERE first.parked = 0 AND first.class = $1 AND first.topic = head.topic)
        FROM head WHERE head.topic IS NOT NULL
        """;

    private const string SelectParked =
        $"SELECT {Columns}, reason FROM outbox WHERE parked = 1 AND key > $1 ORDER BY key LIMIT $2";

    private const string DeleteOne = "DELETE FROM outbox WHERE key = $1";

    private const string UpdateClaim = """
        UPDATE outbox SET not_before = $1 WHERE key = $2 AND not_before = $3 AND attempts = $4 AND parked = 0
        """;

    private const string UpdateRetry =
        "UPDATE outbox SET parked = 0, attempts = 0, not_before = created_at WHERE key = $1 AND parked = 1";

    private const string UpdatePutOff =
        "UPDATE outbox SET attempts = $1, not_before = $2, reason = $3 WHERE key = $4";

    private const string UpdatePark =
        "UPDATE outbox SET attempts = $1, reason = $2, parked_at = $3, parked = 1 WHERE key = $4";

    private const string UpdateRelease = """
        UPDATE outbox SET not_before = $1 WHERE parked = 0 AND topic = $2 AND reason = $3 AND not_before > $1
        """;

    private const string SelectOneParked = $"SELECT {Columns}, reason FROM outbox WHERE parked = 1 AND key = $1";

    private const string DeleteParked = "DELETE FROM outbox WHERE key = $1 AND parked = 1";

    public event Action? Inserted
    {
        add => signals.MessagesInserted += value;
        remove => signals.MessagesInserted -= value;
    }

    public async Task<ImmutableArray<OutboxRow>> Due(
        OutboxClass @class,
        DateTimeOffset now,
        int max,
        FrozenSet<string> without,
        CancellationToken cancellationToken)
    {
        List<OutboxRow> rows = [];
        foreach (OutboxHead head in await HeadsOf(@class, cancellationToken))
        {
            if (head.NotBefore <= now && !without.Contains(head.Topic))
            {
                rows.AddRange(await database.Read(SelectDue, [@class, head.Topic, now, max], Row, cancellationToken));
            }
        }

        return [.. rows.OrderBy(row => row.Message.NotBefore)];
    }

    public async Task<ImmutableArray<OutboxHead>> Heads(CancellationToken cancellationToken)
    {
        ImmutableArray<OutboxHead> heads = [];
        foreach (OutboxClass @class in Enum.GetValues<OutboxClass>())
        {
            heads = heads.AddRange(await HeadsOf(@class, cancellationToken));
        }

        return heads;
    }

    public async Task<bool> Claim(OutboxRow row, DateTimeOffset until) => await database.Change(
        row.Message.Key,
        UpdateClaim,
        SqlValue.RoundedUp(until),
        row.Message.Key,
        row.Message.NotBefore ?? DateTimeOffset.MinValue,
        row.Attempts) == 1;

    public Task Delete(string key) => database.Change(key, DeleteOne, key);

    public Task PutOff(string key, int attempts, DateTimeOffset notBefore, string reason) =>
        database.Change(key, UpdatePutOff, attempts, SqlValue.RoundedUp(notBefore), reason, key);

    public Task Park(string key, int attempts, string reason, DateTimeOffset at) =>
        database.Change(key, UpdatePark, attempts, reason, at, key);

    public async Task<int> Release(string topic, string reason, DateTimeOffset now)
    {
        int released = await database.Change(topic, UpdateRelease, now, topic, reason);
        if (released > 0)
        {
            signals.MessagesReady();
        }

        return released;
    }

    public Task<ImmutableArray<ParkedMessage>> Parked(string? after, int max, CancellationToken cancellationToken) =>
        database.Read(SelectParked, [after ?? "", max], ParkedRow, cancellationToken);

    public async Task<ParkedMessage?> FindParked(string key, CancellationToken cancellationToken) =>
        (await database.Read(SelectOneParked, [key], ParkedRow, cancellationToken)).FirstOrDefault();

    public async Task<bool> DropParked(string key) => await database.Change(key, DeleteParked, key) == 1;

    public async Task<bool> Retry(string key)
    {
        if (await database.Change(key, UpdateRetry, key) == 0)
        {
            return false;
        }

        signals.MessagesReady();
        return true;
    }

    private static OutboxRow Row(DbDataReader row) => new(
        new OutboxMessage
        {
            Key = row.GetString(0),
            Topic = row.GetString(1),
            Body = row.GetString(2),
            Class = (OutboxClass)row.GetInt32(3),
            NotBefore = SqlValue.Instant(row.GetInt64(4)),
            ExpiresAt = SqlValue.Number(row, 5) is { } expiresAt ? SqlValue.Instant(expiresAt) : null,
        },
        row.GetInt32(6));

    private static ParkedMessage ParkedRow(DbDataReader row)
    {
        OutboxRow parked = Row(row);
        return new ParkedMessage(parked.Message, parked.Attempts, row.IsDBNull(7) ? "" : row.GetString(7));
    }

    private Task<ImmutableArray<OutboxHead>> HeadsOf(OutboxClass @class, CancellationToken cancellationToken) =>
        database.Read(
            SelectHeads,
            [@class],
            row => new OutboxHead(@class, row.GetString(0), SqlValue.Instant(row.GetInt64(1))),
            cancellationToken);
}
