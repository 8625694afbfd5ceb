using Florist.Adapters.Sql;
using Florist.Kernel;
using Microsoft.Data.Sqlite;

namespace Florist.Benchmarks.Engine;

/// <summary>The same statements by hand: a transaction a write, the same durability, prepared, no queue.</summary>
internal sealed class RawCommits : IDisposable
{
    private static readonly byte[] Body = FloristJson.WriteBytes(new BenchState());

    private readonly SqliteSession session;
    private long count;

    public RawCommits(string path)
    {
        SqliteConnection connection = new($"Data Source={path};Pooling=False");
        connection.Open();
        session = new SqliteSession(connection);
        session.Execute("PRAGMA journal_mode = WAL");
        session.Execute("PRAGMA synchronous = FULL");
        session.Execute("PRAGMA wal_autocheckpoint = 0");
        using SqliteCommand schema = connection.CreateCommand();
        schema.CommandText = Migration.All(SqlDialect.Sqlite)[0].Sql;
        schema.ExecuteNonQuery();
    }

    /// <summary>What a command of a grain writes: its state, a wake-up, one message.</summary>
    public static StateWrite Write(int caller, long version) => new()
    {
        GrainKey = $"bench/{caller}",
        StateName = "state",
        Expected = version == 0 ? null : version,
        Body = Body,
        HasEffects = true,
        NextDue = DateTimeOffset.UnixEpoch.AddSeconds(version),
        Messages = [new OutboxMessage { Key = $"{caller}/{version}", Topic = "bench", Body = "{}" }],
        Now = DateTimeOffset.UnixEpoch,
    };

    /// <summary>
    /// Measures after a checkpoint, as the writer makes one in every pause: a log that is written over from its
    /// start needs no new blocks.
    /// </summary>
    public Task<double> Rested(Func<Task<double>> measure)
    {
        session.Execute("PRAGMA wal_checkpoint(PASSIVE)");
        return measure();
    }

    public int Commit()
    {
        count++;
        session.Execute("BEGIN IMMEDIATE");
        session.Execute(
            "INSERT INTO grain_state VALUES ('bench/1', 'state', 1, $1) "
            + "ON CONFLICT DO UPDATE SET version = version + 1, body = $1",
            Body);
        session.Execute(
            "INSERT INTO wake (grain_key, shard, class, due_at, not_before) VALUES ('bench/1', 1, 1, $1, $1) "
            + "ON CONFLICT DO UPDATE SET due_at = $1, not_before = $1",
            count);
        session.Execute(
            "INSERT INTO outbox (key, topic, body, class, not_before, created_at) "
            + "VALUES ($1, 'bench', '{}', 1, 0, 0)",
            $"1/{count}");
        return session.Execute("COMMIT");
    }

    public void Dispose() => session.Dispose();
}
