using Florist.Adapters.Sql;
using Florist.Kernel;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Florist.Benchmarks.Engine;

/// <summary>
/// <c>engine.writes.sqlite</c>: durable writes a second by many callers over many grains, beside a tight loop that
/// writes the same rows in transactions of 128 with the same durability.
/// </summary>
internal static class SqliteWrites
{
    private const double Goal = 0.7;

    public static async Task Run()
    {
        string folder = Directory.CreateTempSubdirectory("florist-bench-").FullName;
        try
        {
            SqliteOptions options = new() { DataFolder = folder };
            using SqliteDatabase database = new(
                options, new Fatal(), TimeProvider.System, NullLogger.Instance, Migration.All(SqlDialect.Sqlite));
            GrainWrites writes = new(new SqliteStateStore(database));
            await writes.WriteAll();
            using TightLoop loop = new(Path.Combine(folder, "loop.db"));
            (double shared, double tight) = await Measure.Both(
                () => Measure.Rate(GrainWrites.Callers, writes.Write), () => Measure.Rate(1, loop.WriteBatch));
            await writes.Prove();
            Figure.Rate("engine.writes.sqlite", shared, tight * TightLoop.BatchWrites, Goal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Updates of the same rows, prepared, a transaction each 128, nothing else.</summary>
    private sealed class TightLoop : IDisposable
    {
        public const int BatchWrites = 128;

        private readonly SqliteSession session;
        private readonly byte[] body = GrainWrites.Body();
        private long count;

        public TightLoop(string path)
        {
            SqliteConnection connection = new($"Data Source={path};Pooling=False");
            connection.Open();
            session = new SqliteSession(connection);
            session.Execute("PRAGMA journal_mode = WAL");
            session.Execute("PRAGMA synchronous = FULL");
            using SqliteCommand schema = connection.CreateCommand();
            schema.CommandText = Migration.All(SqlDialect.Sqlite)[0].Sql;
            schema.ExecuteNonQuery();
            session.Execute("BEGIN");
            for (int grain = 0; grain < GrainWrites.Grains; grain++)
            {
                session.Execute("INSERT INTO grain_state VALUES ($1, 'state', 1, $2)", GrainWrites.Key(grain), body);
            }

            session.Execute("COMMIT");
        }

        public Task WriteBatch(int caller)
        {
            session.Execute("BEGIN IMMEDIATE");
            for (int i = 0; i < BatchWrites; i++)
            {
                count++;
                session.Execute(
                    "UPDATE grain_state SET version = version + 1, body = $1 WHERE grain_key = $2 AND state_name = $3",
                    body,
                    GrainWrites.Key(GrainWrites.Scattered(count)),
                    "state");
            }

            session.Execute("COMMIT");
            return Task.CompletedTask;
        }

        public void Dispose() => session.Dispose();
    }

    private sealed class Fatal : IFatal
    {
        public void End(string reason, Exception cause) => throw new InvalidOperationException(reason, cause);
    }
}
