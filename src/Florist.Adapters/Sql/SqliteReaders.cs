using System.Collections.Concurrent;
using System.Diagnostics;
using Florist.Kernel;
using Microsoft.Data.Sqlite;

namespace Florist.Adapters.Sql;

/// <summary>
/// Connections that can only read, each used by one reader at a time. They never keep the writer waiting.
/// </summary>
internal sealed class SqliteReaders(string path, int max) : IDisposable
{
    private static readonly TimeSpan CloseWaitMax = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim free = new(max, max);
    private readonly ConcurrentBag<SqliteSession> idle = [];
    private readonly ConcurrentDictionary<SqliteSession, long> reading = new();
    private volatile bool isClosed;

    /// <summary>How long the oldest read under way has lasted; zero when there is none.</summary>
    public TimeSpan OldestRead => reading.Values.Select(began => Stopwatch.GetElapsedTime(began))
        .DefaultIfEmpty(TimeSpan.Zero).Max();

    /// <summary>Runs a read on the caller's thread, as soon as a connection is free.</summary>
    /// <exception cref="StorageClosedException">The storage is closed.</exception>
    /// <exception cref="OperationCanceledException">
    /// The token was cancelled; a running statement was interrupted.
    /// </exception>
    public async Task<T> Read<T>(Func<SqliteSession, T> read, CancellationToken cancellationToken)
    {
        await free.WaitAsync(cancellationToken);
        try
        {
            return isClosed
                ? throw new StorageClosedException("the storage is closed")
                : OnConnection(read, cancellationToken);
        }
        finally
        {
            free.Release();
        }
    }

    /// <summary>Closes the connections, after those that read at present; nobody may read any more.</summary>
    public void Dispose()
    {
        isClosed = true;
        int atRest = 0;
        while (atRest < max && free.Wait(CloseWaitMax))
        {
            atRest++;
        }

        while (idle.TryTake(out SqliteSession? session))
        {
            session.Dispose();
        }

        // Whoever waits for a connection shall not wait for ever, but hear that there will be none.
        _ = atRest == 0 ? 0 : free.Release(atRest);
    }

    private T OnConnection<T>(Func<SqliteSession, T> read, CancellationToken cancellationToken)
    {
        if (!idle.TryTake(out SqliteSession? session))
        {
            session = Open();
        }

        reading[session] = Stopwatch.GetTimestamp();
        try
        {
            using CancellationTokenRegistration stop = cancellationToken.UnsafeRegister(
                static open => ((SqliteSession?)open)?.Interrupt(), session);
            return read(session);
        }
        catch (SqliteException error)
            when (error.SqliteErrorCode == SQLitePCL.raw.SQLITE_INTERRUPT && cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("the query was interrupted", error, cancellationToken);
        }
        finally
        {
            reading.TryRemove(session, out _);
            idle.Add(session);
        }
    }

    private SqliteSession Open()
    {
        SqliteConnection connection = new(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
        }.ConnectionString);
        connection.Open();
        SqliteSession session = new(connection);
        session.Execute("PRAGMA query_only = 1");
        return session;
    }
}
