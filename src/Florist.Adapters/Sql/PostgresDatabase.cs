using System.Collections.Immutable;
using System.Data.Common;
using Florist.Kernel;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Florist.Adapters.Sql;

/// <summary>
/// The open database on a server: its owner lock, its schema brought up to date, some writers and some readers.
/// Opening fails at once when another process owns it.
/// </summary>
internal sealed class PostgresDatabase : ISqlDatabase, IDisposable
{
    private const string SelectColumns = """
        SELECT t.relname, c.attname, coalesce(c.attnum = ANY (p.indkey), false),
            c.atttypid IN ('bigint'::regtype, 'integer'::regtype, 'smallint'::regtype)
        FROM pg_class AS t
        JOIN pg_attribute AS c ON c.attrelid = t.oid AND c.attnum > 0 AND NOT c.attisdropped
        LEFT JOIN pg_index AS p ON p.indrelid = t.oid AND p.indisprimary
        WHERE t.relkind = 'r' AND t.relnamespace = current_schema()::regnamespace
        """;

    private readonly PostgresOwner owner;
    private readonly NpgsqlDataSource readers;
    private readonly ImmutableArray<PostgresWriter> writers;
    private readonly PostgresHealth health;
    private readonly string name;
    private readonly bool isShared;
    private readonly ILogger log;
    private bool isClosed;

    public PostgresDatabase(
        IOptions<PostgresOptions> options, IFatal fatal, TimeProvider time, ILogger<PostgresDatabase> log)
        : this(options.Value, fatal, time, log, Migration.All(SqlDialect.Postgres))
    {
    }

    /// <summary>Opens with chosen migrations.</summary>
    public PostgresDatabase(
        PostgresOptions options, IFatal fatal, TimeProvider time, ILogger log, IReadOnlyList<Migration> migrations)
    {
        this.log = log;
        name = PostgresOwner.Named(options);
        owner = PostgresOwner.Acquire(options);
        try
        {
            Migration.Apply(owner.Connection, SqlDialect.Postgres, migrations, time.GetUtcNow(), log);
            long? epoch = options.Shared ? null : TakeOver();
            Schema = Declared();
            IdKey = Secret("ids");
            SealKey = Secret("seal");
            SqlLog.OpenedServer(log, owner.Connection.PostgreSqlVersion.ToString(), name, epoch);
            readers = PostgresConnections.Readers(options);
            writers = [.. Enumerable.Range(1, options.Writers).Select(
                number => new PostgresWriter(number, epoch, options, fatal, log))];
            health = new PostgresHealth(readers, options, log);
            if (options.Shared)
            {
                owner.Dispose();
            }
            else
            {
                owner.Watch(TimeSpan.FromMilliseconds(options.OwnerCheckMs), fatal);
            }

            isShared = options.Shared;
        }
        catch
        {
            owner.Dispose();
            throw;
        }
    }

    public SqlDialect Dialect => SqlDialect.Postgres;

    public byte[] IdKey { get; }

    public byte[] SealKey { get; }

    /// <summary>The tables that features declare by their migrations.</summary>
    public SqlSchema Schema { get; }

    /// <summary>Writes waiting at present.</summary>
    public int Waiting => writers.Sum(writer => writer.Waiting);

    /// <summary>The writer of a subject, always the same, so that it is never in two batches at once.</summary>
    public PostgresWriter WriterOf(string subject) =>
        writers[(int)((uint)string.GetHashCode(subject, StringComparison.Ordinal) % (uint)writers.Length)];

    public async Task<ImmutableArray<T>> Read<T>(
        string sql, object[] values, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        if (isClosed)
        {
            throw new StorageClosedException("the storage is closed");
        }

        try
        {
            return await ReadOnce(sql, values, read, cancellationToken);
        }
        catch (NpgsqlException error) when (PostgresErrors.Of(error) == PostgresTrouble.Lost)
        {
            // All idle connections are likely to be as dead as this one, and to read again does no harm.
            readers.Clear();
        }

        try
        {
            return await ReadOnce(sql, values, read, cancellationToken);
        }
        catch (NpgsqlException error) when (PostgresErrors.Of(error) == PostgresTrouble.Lost)
        {
            SqlLog.ReadFailed(log, error);
            throw new StorageClosedException("the database cannot be reached");
        }
    }

    public async Task<int> Change(string subject, string sql, params object[] values) =>
        (int)await WriterOf(subject).Run(new PostgresChange(subject, sql, values));

    /// <summary>Lets go of everything as a killed process would. For tests of recovery.</summary>
    public void Abandon() => Close(writer => writer.Abandon(), isKilled: true);

    /// <summary>Finishes the queued writes, closes the connections and gives up the lock.</summary>
    public void Dispose() => Close(writer => writer.Dispose(), isKilled: false);

    private void Close(Action<PostgresWriter> closeWriter, bool isKilled)
    {
        if (isClosed)
        {
            return;
        }

        isClosed = true;
        health.Dispose();
        foreach (PostgresWriter writer in writers)
        {
            closeWriter(writer);
        }

        readers.Dispose();
        if (!isShared && !isKilled)
        {
            owner.SayGoodbye(log);
        }

        if (!isShared)
        {
            owner.Dispose();
        }

        SqlLog.Closed(log, name);
    }

    private long TakeOver()
    {
        (long epoch, string? unclean) = owner.TakeOver();
        if (unclean is not null)
        {
            SqlLog.Recovered(log, unclean);
        }

        return epoch;
    }

    private async Task<ImmutableArray<T>> ReadOnce<T>(
        string sql, object[] values, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        ImmutableArray<T>.Builder items = ImmutableArray.CreateBuilder<T>();
        await using NpgsqlCommand command = readers.CreateCommand(sql);
        foreach (object value in values)
        {
            command.Parameters.Add(PostgresStatement.Parameter(value));
        }

        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            items.Add(read(reader));
        }

        return items.ToImmutable();
    }

    private SqlSchema Declared()
    {
        List<SqlTableColumn> columns = [];
        using NpgsqlCommand command = new(SelectColumns, owner.Connection);
        using NpgsqlDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            columns.Add(new SqlTableColumn(
                reader.GetString(0), reader.GetString(1), reader.GetBoolean(2), reader.GetBoolean(3)));
        }

        return new SqlSchema(columns);
    }

    private byte[] Secret(string secret)
    {
        using NpgsqlCommand insert = new(SqlSecrets.Insert, owner.Connection)
        {
            Parameters = { PostgresStatement.Parameter(secret), PostgresStatement.Parameter(SqlSecrets.Fresh()) },
        };
        insert.ExecuteNonQuery();
        using NpgsqlCommand select = new(SqlSecrets.Select, owner.Connection)
        {
            Parameters = { PostgresStatement.Parameter(secret) },
        };
        return select.ExecuteScalar() as byte[]
            ?? throw new InvalidOperationException($"the secret '{secret}' was not stored");
    }
}
