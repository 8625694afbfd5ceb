using Florist.Kernel;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace Florist.Adapters.Sql;

/// <summary>
/// The only connection that writes, on a thread of its own. It is also the only checkpointer.
/// </summary>
internal sealed class SqliteWriter : ICommitter<SqliteWrite>, IDisposable
{
    private readonly SqliteSession session;
    private readonly long epoch;
    private readonly ILogger log;
    private readonly WalCheckpoints checkpoints;
    private readonly bool settlesInTurn;
    private readonly GroupCommit<SqliteWrite> commits;

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
        this.log = log;
        checkpoints = new WalCheckpoints(session, options, log);
        settlesInTurn = options.WriterTurns is not null;
        BatchLimits limits = new(options.QueueMax, options.BatchWritesMax, options.BatchBytesMax, options.BatchMsMax);
        commits = new GroupCommit<SqliteWrite>("sqlite writer", this, limits, fatal, log, options.WriterTurns);
    }

    /// <summary>Writes waiting at present.</summary>
    public int Waiting => commits.Waiting;

    public int IdleWait => checkpoints.IdleWait;

    /// <summary>Queues a write; the task completes after the COMMIT of its batch, in commit order.</summary>
    /// <param name="bytes">Bytes of its bodies.</param>
    /// <param name="work">
    /// Its statements; runs on the writer's thread, perhaps twice, and must touch nothing else.
    /// </param>
    /// <exception cref="StorageOverloadedException">The queue is full; nothing was changed.</exception>
    /// <exception cref="StorageClosedException">The storage is closing or broken; nothing was changed.</exception>
    public Task<T> Run<T>(int bytes, Func<SqliteSession, T> work)
    {
        SqliteWrite<T> write = new(work, settlesInTurn) { Bytes = bytes };
        commits.Add(write);
        return write.Settled;
    }

    /// <summary>
    /// Ends as a killed process would: what is queued is not written, the log stays as it is. For tests of recovery.
    /// </summary>
    public void Abandon()
    {
        commits.Abandon();
        session.Dispose();
    }

    /// <summary>Finishes what is queued, empties the write-ahead log and ends the thread.</summary>
    public void Dispose()
    {
        commits.Dispose();
        session.Dispose();
    }

    public void WhenIdle() => checkpoints.WhenIdle();

    public void Commit(WriteBatch<SqliteWrite> batch)
    {
        try
        {
            Begin();
        }
        catch (SqliteException error) when (!IsFatal(error))
        {
            // Nothing was written; another process that holds the file, as a shell might, makes this happen.
            batch.Writes[0].Failure = error;
            SqlLog.BeginFailed(log, error);
            return;
        }

        Fill(batch);
        CrashPoint.Hit(CrashPoint.StorageCommit);
        session.Execute("COMMIT");
        CrashPoint.Hit(CrashPoint.StorageCommitted);
        checkpoints.AfterCommit();
    }

    public void Finish()
    {
        session.Execute("UPDATE owner SET stopped = 1");
        checkpoints.AtShutdown();
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
    private void Fill(WriteBatch<SqliteWrite> batch)
    {
        SqliteWrite? next = batch.Writes[0];
        do
        {
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
                Isolate(batch.Writes);
                return;
            }
        }
        while (batch.TryTakeNext(out next));
    }

    /// <summary>
    /// Begins the batch anew with a savepoint for each write, so that only the bad ones are left out.
    /// </summary>
    private void Isolate(List<SqliteWrite> batch)
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

    /// <summary>Errors after which the connection, the file or the disk cannot be trusted to keep promises.</summary>
    private static bool IsFatal(Exception error) => error is SqliteException
    {
        SqliteErrorCode: SQLitePCL.raw.SQLITE_IOERR or SQLitePCL.raw.SQLITE_FULL or SQLitePCL.raw.SQLITE_CORRUPT
            or SQLitePCL.raw.SQLITE_NOTADB or SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_CANTOPEN
            or SQLitePCL.raw.SQLITE_NOMEM or SQLitePCL.raw.SQLITE_PROTOCOL,
    };
}
