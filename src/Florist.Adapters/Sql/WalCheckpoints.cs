using Florist.Kernel;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Florist.Adapters.Sql;

/// <summary>
/// Moves the write-ahead log into the database when that disturbs least: in a pause, or when the log is large. Only the
/// writer's thread does it, because SQLite before 3.51.3 can lose commits when two connections write and checkpoint.
/// </summary>
internal sealed class WalCheckpoints(SqliteSession session, SqliteOptions options, ILogger log)
{
    private const int IdleMs = 200;
    private const int BlockedIdleMs = 2000;

    // Behind a long reader a checkpoint cannot finish; trying again at every commit would only slow the commits.
    private const long GrowthBetweenTries = 8L << 20;

    private readonly FileInfo wal = new(session.Connection.DataSource + "-wal");
    private bool dirty = true;
    private bool blocked;
    private long tryAgainAt = options.WalBytesMax;

    /// <summary>How long the writer waits for work before it calls <see cref="WhenIdle"/>, in milliseconds.</summary>
    public int IdleWait => !dirty ? Timeout.Infinite : blocked ? BlockedIdleMs : IdleMs;

    /// <summary>Notes a commit, and checkpoints when the log has become large.</summary>
    public void AfterCommit()
    {
        dirty = true;
        wal.Refresh();
        long size = wal.Exists ? wal.Length : 0;
        SqlMeter.WalBytes = size;
        if (size <= tryAgainAt)
        {
            return;
        }

        if (Passive())
        {
            tryAgainAt = options.WalBytesMax;
        }
        else
        {
            tryAgainAt = size + GrowthBetweenTries;
            SqlLog.WalGrows(log, size);
        }
    }

    /// <summary>Checkpoints what was committed since the last time.</summary>
    public void WhenIdle()
    {
        blocked = !Passive();
        dirty = blocked;
    }

    /// <summary>Empties the log, so that a copy of the file alone is the whole database.</summary>
    public void AtShutdown() => Run("PRAGMA wal_checkpoint(TRUNCATE)");

    private bool Passive() => Run("PRAGMA wal_checkpoint(PASSIVE)");

    /// <returns>True when the whole log was moved.</returns>
    private bool Run(string sql)
    {
        CrashPoint.Hit(CrashPoint.StorageCheckpoint);
        using SqliteDataReader reader = session.Query(sql);
        bool whole = reader.Read() && reader.GetInt64(0) == 0 && reader.GetInt64(1) == reader.GetInt64(2);
        CrashPoint.Hit(CrashPoint.StorageCheckpointed);
        return whole;
    }
}
