using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Florist.Adapters.Sql;

/// <summary>
/// Looks through the whole file after its last owner did not close it, beside the ordinary work. What it finds is for
/// operators: a damaged file is restored from a backup, not repaired by a server.
/// </summary>
internal sealed class SqliteCheck : IDisposable
{
    private readonly CancellationTokenSource stopping = new();

    /// <summary>Begins to look.</summary>
    public SqliteCheck(string path, ILogger log)
    {
        // A thread of its own, because a large file takes minutes.
        Outcome = Task.Factory.StartNew(
            () => Look(path, log), stopping.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>True for a sound file; false for a damaged one, or one that could not be looked through.</summary>
    public Task<bool> Outcome { get; }

    public void Dispose()
    {
        stopping.Cancel();
        ((IAsyncResult)Outcome).AsyncWaitHandle.WaitOne();
        stopping.Dispose();
    }

    private bool Look(string path, ILogger log)
    {
        try
        {
            string found = QuickCheck(path);
            bool isSound = found == "ok";
            SqlMeter.Checked(isSound ? "ok" : "damaged");
            if (isSound)
            {
                SqlLog.FileSound(log, path);
            }
            else
            {
                SqlLog.FileDamaged(log, path, found);
            }

            return isSound;
        }
        catch (Exception error) when (stopping.IsCancellationRequested
            && error is SqliteException or OperationCanceledException)
        {
            // Closing: the file is looked through after the next unclean stop.
            return false;
        }
        catch (SqliteException error)
        {
            SqlMeter.Checked("damaged");
            SqlLog.FileUnreadable(log, path, error);
            return false;
        }
    }

    private string QuickCheck(string path)
    {
        using SqliteSession session = new(new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
        }.ConnectionString));
        session.Connection.Open();
        using CancellationTokenRegistration stop = stopping.Token.UnsafeRegister(
            static open => ((SqliteSession?)open)?.Interrupt(), session);
        stopping.Token.ThrowIfCancellationRequested();
        using SqliteDataReader reader = session.Query("PRAGMA quick_check(1)");
        return reader.Read() ? reader.GetString(0) : "no answer";
    }
}
