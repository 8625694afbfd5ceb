using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using Florist.Kernel;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Florist.Adapters.Sql;

/// <summary>
/// The open database file: its owner lock, its schema brought up to date, one writer and some readers. Opening fails
/// at once when another process owns the folder.
/// </summary>
internal sealed class SqliteDatabase : ISqlDatabase, IDisposable
{
    private readonly OwnerLock owner;
    private readonly string path;
    private readonly ILogger log;
    private bool isClosed;

    public SqliteDatabase(
        IOptions<SqliteOptions> options, IFatal fatal, TimeProvider time, ILogger<SqliteDatabase> log)
        : this(options.Value, fatal, time, log, Migration.All(SqlDialect.Sqlite))
    {
    }

    /// <summary>Opens with chosen migrations.</summary>
    public SqliteDatabase(
        SqliteOptions options, IFatal fatal, TimeProvider time, ILogger log, IReadOnlyList<Migration> migrations)
    {
        this.log = log;
        path = options.DatabasePath;
        owner = OwnerLock.Acquire(options.DataFolder);
        bool wasUnclean;
        try
        {
            if (!File.Exists(path) && File.Exists(path + SqliteRestore.Unfinished))
            {
                // An empty database in its place would look as if all had gone well.
                throw new RestoreException($"a restore into {path} was broken off; run it again");
            }

            SqliteSession session = Open(options);
            try
            {
                Migration.Apply(session.Connection, SqlDialect.Sqlite, migrations, time.GetUtcNow(), log);
                CrashPoint.Hit(CrashPoint.StorageOpen);
                (long epoch, wasUnclean) = TakeOver(session);
                Schema = Declared(session);
                IdKey = Secret(session, "ids");
                SealKey = Secret(session, "seal");
                SqlLog.Opened(
                    log, session.Connection.ServerVersion, path, epoch, session.Number("PRAGMA synchronous") ?? -1);
                Writer = new SqliteWriter(session, epoch, options, fatal, log);
            }
            catch
            {
                session.Dispose();
                throw;
            }

            Readers = new SqliteReaders(path, options.ReadersMax);

            // A simulation, which gives the writer its turns, has no threads beside its own.
            Check = wasUnclean && options.WriterTurns is null ? new SqliteCheck(path, log) : null;
        }
        catch
        {
            owner.Dispose();
            throw;
        }
    }

    public SqlDialect Dialect => SqlDialect.Sqlite;

    public byte[] IdKey { get; }

    public byte[] SealKey { get; }

    /// <summary>The tables that features declare by their migrations.</summary>
    public SqlSchema Schema { get; }

    /// <summary>The look through the file after an unclean stop; null after a clean one.</summary>
    public SqliteCheck? Check { get; }

    /// <summary>The one writer.</summary>
    public SqliteWriter Writer { get; }

    /// <summary>The readers.</summary>
    public SqliteReaders Readers { get; }

    public Task<ImmutableArray<T>> Read<T>(
        string sql, object[] values, Func<DbDataReader, T> read, CancellationToken cancellationToken) =>
        Readers.Read(
            session =>
            {
                ImmutableArray<T>.Builder items = ImmutableArray.CreateBuilder<T>();
                using SqliteDataReader reader = session.Query(sql, values);
                while (reader.Read())
                {
                    items.Add(read(reader));
                }

                return items.ToImmutable();
            },
            cancellationToken);

    public Task<int> Change(string subject, string sql, params object[] values) =>
        Writer.Run(0, session => session.Execute(sql, values));

    /// <summary>Lets go of everything as a killed process would. For tests of recovery.</summary>
    public void Abandon() => Close(Writer.Abandon);

    /// <summary>Finishes the queued writes, closes the file and gives up the lock.</summary>
    public void Dispose()
    {
        Close(Writer.Dispose);
        SqlLog.Closed(log, path);
    }

    private void Close(Action closeWriter)
    {
        if (isClosed)
        {
            return;
        }

        // Readers first: the last checkpoint empties the log only when nobody reads from it.
        isClosed = true;
        Check?.Dispose();
        Readers.Dispose();
        closeWriter();
        owner.Dispose();
    }

    private SqliteSession Open(SqliteOptions options)
    {
        SqliteConnection connection = new(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            DefaultTimeout = 10,
        }.ConnectionString);
        connection.Open();
        SqliteSession session = new(connection);
        using (SqliteDataReader mode = session.Query("PRAGMA journal_mode = WAL"))
        {
            mode.Read();
            if (mode.GetString(0) != "wal")
            {
                throw new InvalidOperationException($"{path} cannot use a write-ahead log; is it on a network share?");
            }
        }

        session.Execute(options.SyncEveryCommit ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
        session.Execute("PRAGMA wal_autocheckpoint = 0");
        session.Execute(string.Create(
            CultureInfo.InvariantCulture, $"PRAGMA journal_size_limit = {options.WalBytesMax}"));
        if (!options.SyncEveryCommit)
        {
            SqlLog.NotDurable(log);
        }

        return session;
    }

    private static SqlSchema Declared(SqliteSession session)
    {
        List<SqlTableColumn> columns = [];
        using SqliteDataReader reader = session.Query("""
            SELECT t.name, c.name, c.pk, c.type FROM sqlite_schema AS t, pragma_table_info(t.name) AS c
            WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%'
            """);
        while (reader.Read())
        {
            columns.Add(new SqlTableColumn(
                reader.GetString(0), reader.GetString(1), reader.GetInt64(2) > 0, reader.GetString(3) != "TEXT"));
        }

        return new SqlSchema(columns);
    }

    private static byte[] Secret(SqliteSession session, string name)
    {
        session.Execute(SqlSecrets.Insert, name, SqlSecrets.Fresh());
        using SqliteDataReader reader = session.Query(SqlSecrets.Select, name);
        return reader.Read()
            ? reader.GetFieldValue<byte[]>(0)
            : throw new InvalidOperationException($"the secret '{name}' was not stored");
    }

    private (long Epoch, bool WasUnclean) TakeOver(SqliteSession session)
    {
        bool wasUnclean;
        using (SqliteDataReader last = session.Query("SELECT stopped, holder FROM owner"))
        {
            wasUnclean = last.Read() && last.GetInt64(0) == 0;
            if (wasUnclean)
            {
                SqlLog.Recovered(log, last.GetString(1));
            }
        }

        string holder = string.Create(
            CultureInfo.InvariantCulture, $"pid {Environment.ProcessId} on {Environment.MachineName}");
        session.Execute("UPDATE owner SET epoch = epoch + 1, holder = $1, stopped = 0", holder);
        long epoch = session.Number("SELECT epoch FROM owner")
            ?? throw new InvalidOperationException("the owner table has no row");
        return (epoch, wasUnclean);
    }
}
