using System.Collections.Concurrent;
using System.Diagnostics;
using Florist.Kernel;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace Florist.Adapters.Sql;

/// <summary>
/// The only connection that writes, on a thread of its own. It commits what is queued as soon as it is free, so that
/// concurrent writes share one fsync and a lone one waits for nobody. It is also the only checkpointer.
/// </summary>
internal sealed class SqliteWriter : IDisposable
{
    private readonly SqliteSession session;
    private readonly long epoch;
    private readonly SqliteOptions options;
    private readonly IFatal fatal;
    private readonly ILogger log;
    private readonly WalCheckpoints checkpoints;
    private readonly BlockingCollection<SqliteWrite> queue;
    private readonly List<SqliteWrite> batch = [];
    private readonly Thread? thread;
    private volatile bool broken;
    private int turnQueued;

    /// <summary>
    /// Starts the thread, which from now on owns the session; or none, where the options say who gives the writer its
    /// turns.
    /// </summary>
    /// <param name="session">The read-write connection, migrated.</param>
    /// <param name="epoch">The owner epoch that every batch finds in the database, or else the process ends.</param>
    /// <param name="options">Limits of batches and of the queue.</param>
    /// <param name="fatal">Ends the process when the storage cannot be trusted any more.</param>
    /// <param name="log">Log.</param>
    public SqliteWriter(SqliteSession session, long epoch, SqliteOptions options, IFatal fatal, ILogger log)
    {
        this.session = session;
        this.epoch = epoch;
        this.options = options;
        this.fatal = fatal;
        this.log = log;
        checkpoints = new WalCheckpoints(session, options, log);
        queue = new BlockingCollection<SqliteWrite>(options.QueueMax);
        if (options.WriterTurns is null)
        {
            thread = new Thread(Loop) { IsBackground = true, Name = "sqlite writer" };
            thread.Start();
        }
    }

    /// <summary>Writes waiting at present.</summary>
    public int Waiting => queue.Count;

    /// <summary>Queues a write; the task completes after the COMMIT of its batch, in commit order.</summary>
    /// <param name="bytes">Bytes of its bodies.</param>
    /// <param name="work">
    /// Its statements; runs on the writer's thread, perhaps twice, and must touch nothing else.
    /// </param>
    /// <exception cref="StorageOverloadedException">The queue is full; nothing was changed.</exception>
    /// <exception cref="StorageClosedException">The storage is closing or broken; nothing was changed.</exception>
    public Task<T> Run<T>(int bytes, Func<SqliteSession, T> work)
    {
        SqliteWrite<T> write = new(work, settlesInTurn: options.WriterTurns is not null) { Bytes = bytes };
        bool queued;
        try
        {
            queued = !broken && queue.TryAdd(write);
        }
        catch (InvalidOperationException)
        {
            // The collection was completed, perhaps between the check and the add.
            throw new StorageClosedException("the storage is closing");
        }

        if (queued)
        {
            QueueTurn();
            return write.Settled;
        }

        throw broken
            ? new StorageClosedException("the storage ended and takes no writes")
            : new StorageOverloadedException($"{options.QueueMax} writes are waiting already");
    }

    /// <summary>
    /// Ends as a killed process would: what is queued is not written, the log stays as it is. For tests of recovery.
    /// </summary>
    public void Abandon()
    {
        broken = true;
        Dispose();
    }

    /// <summary>Finishes what is queued, empties the write-ahead log and ends the thread.</summary>
    public void Dispose()
    {
        queue.CompleteAdding();
        if (thread is null)
        {
            Loop();
        }
        else
        {
            thread.Join();
        }

        session.Dispose();
        queue.Dispose();
    }

    private void QueueTurn()
    {
        if (options.WriterTurns is { } turns && Interlocked.Exchange(ref turnQueued, 1) == 0)
        {
            turns(Turn);
        }
    }

    private void Turn()
    {
        Volatile.Write(ref turnQueued, 0);
        while (!broken && queue.TryTake(out SqliteWrite? first))
        {
            Take(first);
        }
    }

    private void Loop()
    {
        try
        {
            while (!queue.IsCompleted)
            {
                if (queue.TryTake(out SqliteWrite? first, checkpoints.IdleWait))
                {
                    Take(first);
                }
                else if (!broken)
                {
                    checkpoints.WhenIdle();
                }
            }

            if (!broken)
            {
                CrashPoint.Hit(CrashPoint.StorageDrain);
                session.Execute("UPDATE owner SET stopped = 1");
                checkpoints.AtShutdown();
            }
        }
        catch (Exception error)
        {
            Break("the writer failed outside of a batch", error);
        }
    }

    private void Take(SqliteWrite first)
    {
        batch.Clear();
        batch.Add(first);
        if (broken)
        {
            first.Failure = new StorageClosedException("the storage ended before this write began");
        }
        else
        {
            Commit(first);
        }

        foreach (SqliteWrite write in batch)
        {
            CrashPoint.Hit(CrashPoint.StorageSettle);
            write.Settle();
        }
    }

    private void Commit(SqliteWrite first)
    {
        long started = Stopwatch.GetTimestamp();
        try
        {
            Begin();
        }
        catch (SqliteException error) when (!IsFatal(error))
        {
            // Nothing was written; another process that holds the file, as a shell might, makes this happen.
            first.Failure = error;
            SqlLog.BeginFailed(log, error);
            return;
        }
        catch (Exception error)
        {
            Break("a transaction cannot begin", error);
            return;
        }

        try
        {
            Fill(first, started);
            CrashPoint.Hit(CrashPoint.StorageCommit);
            session.Execute("COMMIT");
            CrashPoint.Hit(CrashPoint.StorageCommitted);
        }
        catch (Exception error)
        {
            Break("a commit failed", error);
            return;
        }

        SqlMeter.Committed(batch.Count, Stopwatch.GetElapsedTime(started));
        checkpoints.AfterCommit();
    }

    private void Begin()
    {
        CrashPoint.Hit(CrashPoint.StorageBegin);
        session.Execute("BEGIN IMMEDIATE");
        if (session.Number("SELECT epoch FROM owner") is var found && found != epoch)
        {
            throw new InvalidOperationException(
                $"another process took over the database: the owner epoch is {found}, ours is {epoch}");
        }
    }

    /// <summary>Applies the first write and those that wait behind it, up to the limits of a batch.</summary>
    private void Fill(SqliteWrite first, long started)
    {
        int bytes = 0;
        for (SqliteWrite? next = first; next is not null; next = NextOf(started, bytes))
        {
            if (next != first)
            {
                batch.Add(next);
            }

            bytes += next.Bytes;
            try
            {
                next.Apply(session);
            }
            catch (InconsistentStateException conflict)
            {
                next.Failure = conflict;
            }
            catch (Exception error) when (!IsFatal(error))
            {
                Isolate();
                return;
            }
        }
    }

    private SqliteWrite? NextOf(long started, int bytes) =>
        batch.Count < options.BatchWritesMax
        && bytes < options.BatchBytesMax
        && Stopwatch.GetElapsedTime(started).TotalMilliseconds < options.BatchMsMax
        && queue.TryTake(out SqliteWrite? next)
            ? next
            : null;

    /// <summary>
    /// Begins the batch anew with a savepoint for each write, so that only the bad ones are left out.
    /// </summary>
    private void Isolate()
    {
        SqlLog.Isolating(log, batch.Count);
        if (session.InTransaction)
        {
            session.Execute("ROLLBACK");
        }

        Begin();
        foreach (SqliteWrite write in batch)
        {
            write.Failure = null;
            session.Execute("SAVEPOINT one");
            try
            {
                write.Apply(session);
            }
            catch (Exception error) when (!IsFatal(error) && session.InTransaction)
            {
                write.Failure = error;
                session.Execute("ROLLBACK TO one");
                if (error is not InconsistentStateException)
                {
                    SqlLog.Poison(log, error);
                }
            }

            session.Execute("RELEASE one");
        }
    }

    private void Break(string what, Exception error)
    {
        broken = true;
        foreach (SqliteWrite write in batch)
        {
            write.Failure = new StorageOutcomeUnknownException(
                $"{what}; whether this write is durable is not known", error);
        }

        SqlLog.Broken(log, what, error);
        fatal.End(what, error);
    }

    /// <summary>Errors after which the connection, the file or the disk cannot be trusted to keep promises.</summary>
    private static bool IsFatal(Exception error) => error is SqliteException
    {
        SqliteErrorCode: SQLitePCL.raw.SQLITE_IOERR or SQLitePCL.raw.SQLITE_FULL or SQLitePCL.raw.SQLITE_CORRUPT
            or SQLitePCL.raw.SQLITE_NOTADB or SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_CANTOPEN
            or SQLitePCL.raw.SQLITE_NOMEM or SQLitePCL.raw.SQLITE_PROTOCOL,
    };
}
