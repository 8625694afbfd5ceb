using System.Collections.Immutable;
using Florist.Kernel;
using Microsoft.Data.Sqlite;

namespace Florist.Adapters.Sql;

/// <summary>The outbox rows.</summary>
internal sealed class SqliteOutboxTable(SqliteDatabase database, SqliteStateStore store) : IOutboxTable
{
    private const string SelectDue = """
        SELECT key, topic, body, not_before, expires_at, attempts FROM outbox
        WHERE parked = 0 AND class = $1 AND not_before <= $2
        ORDER BY not_before, rowid LIMIT $3
        """;

    private const string SelectNext = "SELECT MIN(not_before) FROM outbox WHERE parked = 0 AND class = $1";

    private const string DeleteOne = "DELETE FROM outbox WHERE key = $1";

    private const string UpdatePutOff =
        "UPDATE outbox SET attempts = $1, not_before = $2, reason = $3 WHERE key = $4";

    private const string UpdatePark = "UPDATE outbox SET attempts = $1, reason = $2, parked = 1 WHERE key = $3";

    public event Action? Inserted
    {
        add => store.MessagesInserted += value;
        remove => store.MessagesInserted -= value;
    }

    public Task<ImmutableArray<OutboxRow>> Due(
        OutboxClass @class, DateTimeOffset now, int max, CancellationToken cancellationToken) =>
        database.Readers.Read(
            session =>
            {
                ImmutableArray<OutboxRow>.Builder rows = ImmutableArray.CreateBuilder<OutboxRow>();
                using SqliteDataReader reader = session.Query(SelectDue, @class, now, max);
                while (reader.Read())
                {
                    rows.Add(Read(reader, @class));
                }

                return rows.ToImmutable();
            },
            cancellationToken);

    public Task<DateTimeOffset?> NextDue(CancellationToken cancellationToken) =>
        database.Readers.Read(
            session => Enum.GetValues<OutboxClass>()
                .Select(lane => session.Number(SelectNext, lane))
                .Min() is { } next
                ? DateTimeOffset.FromUnixTimeMilliseconds(next)
                : (DateTimeOffset?)null,
            cancellationToken);

    public Task Delete(string key) => database.Writer.Run(0, session => session.Execute(DeleteOne, key));

    public Task PutOff(string key, int attempts, DateTimeOffset notBefore, string reason) => database.Writer.Run(
        0, session => session.Execute(UpdatePutOff, attempts, SqliteStateStore.RoundedUp(notBefore), reason, key));

    public Task Park(string key, int attempts, string reason) => database.Writer.Run(
        0, session => session.Execute(UpdatePark, attempts, reason, key));

    private static OutboxRow Read(SqliteDataReader reader, OutboxClass @class) => new(
        new OutboxMessage
        {
            Key = reader.GetString(0),
            Topic = reader.GetString(1),
            Body = reader.GetString(2),
            Class = @class,
            NotBefore = DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(3)),
            ExpiresAt = reader.IsDBNull(4) ? null : DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(4)),
        },
        reader.GetInt32(5));
}
