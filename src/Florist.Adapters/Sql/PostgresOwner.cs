using System.Globalization;
using Florist.Kernel;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Florist.Adapters.Sql;

/// <summary>
/// The exclusive right to a PostgreSQL schema: an advisory lock on a connection of its own, so that it ends with the
/// process, however that ends. Whoever takes it raises the owner's epoch behind a barrier that the batches under way of
/// the last owner have passed, and every later one finds that the epoch is not its own any more.
/// </summary>
internal sealed class PostgresOwner : IDisposable
{
    // "FLOW" and "FLOB": the lock of the owner and the barrier before the epoch, both within the schema.
    private const string OwnerLock = "1179406167, current_schema()::regnamespace::oid::int4";
    private const string Barrier = "1179406146, current_schema()::regnamespace::oid::int4";

    /// <summary>Makes a batch wait for a take-over that has begun, and the take-over for the batch.</summary>
    public const string PassBarrier = $"SELECT pg_advisory_xact_lock_shared({Barrier})";

    /// <summary>
    /// Holds every batch back, for as long as the transaction lasts: what a take-over does, and tests of slow storage.
    /// </summary>
    public const string CloseBarrier = $"SELECT pg_advisory_xact_lock({Barrier})";

    // The server notices a moment later than we do that a process was killed, whose successor may be here already.
    private static readonly TimeSpan KilledWithin = TimeSpan.FromSeconds(2);

    // Who shares the database only waits for its turn to bring the schema up to date.
    private static readonly TimeSpan MigratedWithin = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);

    private readonly NpgsqlConnection connection;
    private readonly CancellationTokenSource stopping = new();
    private Task watching = Task.CompletedTask;
    private bool isLost;

    private PostgresOwner(NpgsqlConnection connection)
    {
        this.connection = connection;
    }

    /// <summary>The connection that holds the lock, for bringing the schema up to date before others open.</summary>
    public NpgsqlConnection Connection => connection;

    /// <summary>
    /// Takes the lock if it is, or becomes, free; null when another process, or this one, holds it.
    /// </summary>
    /// <param name="options">Where the database is.</param>
    /// <param name="patience">How long it may take to become free.</param>
    /// <exception cref="NpgsqlException">The server cannot be reached, or refuses the connection.</exception>
    public static PostgresOwner? TryAcquire(PostgresOptions options, TimeSpan patience)
    {
        NpgsqlConnection connection = PostgresConnections.Owner(options);
        try
        {
            connection.Open();
            string within = ((int)patience.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
            using NpgsqlCommand command = new(
                $"SET lock_timeout = {within}; SELECT pg_advisory_lock({OwnerLock}); SET lock_timeout = 0", connection);
            command.ExecuteNonQuery();
            return new PostgresOwner(connection);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            connection.Dispose();
            return null;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Takes the lock, or says who has it.</summary>
    /// <exception cref="OwnerLockException">Another process holds it.</exception>
    /// <exception cref="StorageUnreachableException">The server cannot be reached, or refuses.</exception>
    public static PostgresOwner Acquire(PostgresOptions options)
    {
        try
        {
            return TryAcquire(options, options.Shared ? MigratedWithin : KilledWithin) ?? throw new OwnerLockException(
                $"the database {Named(options)} is in use by another process ({Holder(options)}); "
                + "one process owns a database. Stop that process or choose another database.");
        }
        catch (NpgsqlException error)
        {
            throw new StorageUnreachableException(
                $"the database {Named(options)} cannot be opened: {error.Message}", error);
        }
    }

    /// <summary>Where the database is, without secrets.</summary>
    public static string Named(PostgresOptions options)
    {
        NpgsqlConnectionStringBuilder text = PostgresConnections.Parse(options);
        string schema = string.IsNullOrEmpty(text.SearchPath) ? "" : $", schema {text.SearchPath}";
        return string.Create(
            CultureInfo.InvariantCulture, $"{text.Database ?? text.Username} at {text.Host}:{text.Port}{schema}");
    }

    /// <summary>Makes this process the owner in the database's own eyes.</summary>
    /// <returns>The new epoch, and who did not say goodbye before; null when the last owner did.</returns>
    public (long Epoch, string? Unclean) TakeOver()
    {
        string holder = string.Create(
            CultureInfo.InvariantCulture, $"pid {Environment.ProcessId} on {Environment.MachineName}");
        using NpgsqlTransaction transaction = connection.BeginTransaction();
        using NpgsqlCommand barrier = new(CloseBarrier, connection, transaction);
        barrier.ExecuteNonQuery();
        using NpgsqlCommand last = new("SELECT stopped = 1, holder FROM owner WHERE id = 1", connection, transaction);
        string? unclean = null;
        using (NpgsqlDataReader reader = last.ExecuteReader())
        {
            unclean = reader.Read() && !reader.GetBoolean(0) ? reader.GetString(1) : null;
        }

        using NpgsqlCommand raise = new(
            "UPDATE owner SET epoch = epoch + 1, holder = $1, stopped = 0 WHERE id = 1 RETURNING epoch",
            connection,
            transaction)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = holder } },
        };
        long epoch = raise.ExecuteScalar() is long raised
            ? raised
            : throw new InvalidOperationException("the owner table has no row");
        transaction.Commit();
        return (epoch, unclean);
    }

    /// <summary>Asks the lock's connection from now on whether it lives; once it does not, the process ends.</summary>
    public void Watch(TimeSpan every, IFatal fatal) => watching = Task.Run(() => Watching(every, fatal));

    /// <summary>Notes that this owner went in order, if it still is the owner.</summary>
    public void SayGoodbye(ILogger log)
    {
        EndWatch();
        if (isLost)
        {
            return;
        }

        try
        {
            using NpgsqlCommand command = new(
                $"UPDATE owner SET stopped = 1; SELECT pg_advisory_unlock({OwnerLock})", connection);
            command.ExecuteNonQuery();
        }
        catch (NpgsqlException error)
        {
            // The next owner will take this one for killed, which costs a line in its log and nothing else.
            SqlLog.NoGoodbye(log, error);
        }
    }

    /// <summary>Gives the lock up.</summary>
    public void Dispose()
    {
        EndWatch();
        connection.Dispose();
        stopping.Dispose();
    }

    private static string Holder(PostgresOptions options)
    {
        try
        {
            using NpgsqlConnection connection = PostgresConnections.Owner(options);
            connection.Open();
            using NpgsqlCommand command = new("SELECT holder FROM owner", connection);
            return command.ExecuteScalar() as string ?? "unknown";
        }
        catch (PostgresException)
        {
            // The other process has the lock and has not made the table yet.
            return "unknown";
        }
    }

    private async Task Watching(TimeSpan every, IFatal fatal)
    {
        using PeriodicTimer timer = new(every, TimeProvider.System);
        using NpgsqlCommand command = new("SELECT 1", connection) { CommandTimeout = (int)AnswerWithin.TotalSeconds };
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                await command.ExecuteNonQueryAsync(CancellationToken.None);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Closing in order.
        }
        catch (Exception error)
        {
            isLost = true;
            fatal.End("the connection that holds the lock on the database is gone; another process may own it", error);
        }
    }

    private void EndWatch()
    {
        stopping.Cancel();
        ((IAsyncResult)watching).AsyncWaitHandle.WaitOne();
    }
}

/// <summary>The database server cannot be reached, or refuses.</summary>
public sealed class StorageUnreachableException(string message, Exception cause) : Exception(message, cause);
