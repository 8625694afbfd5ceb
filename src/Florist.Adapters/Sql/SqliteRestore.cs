using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Florist.Adapters.Sql;

/// <summary>
/// Puts a backup in the place of a database. The copy is checked and brought up to date beside the place where it will
/// stand, and moved there last; what stood there before is kept in a folder of its own.
/// </summary>
/// <param name="options">Where the database stands.</param>
/// <param name="time">The clock that names the instant of the restore.</param>
/// <param name="log">Log.</param>
public sealed class SqliteRestore(SqliteOptions options, TimeProvider time, ILogger<SqliteRestore> log)
{
    /// <summary>The ending of a copy that has not taken its place.</summary>
    internal const string Unfinished = ".restoring";

    private static readonly string[] Companions = ["", "-wal", "-shm"];

    private string Target => options.DatabasePath;

    private string Copy => Target + Unfinished;

    /// <summary>Restores, with the folder owned meanwhile.</summary>
    /// <param name="from">The backup; it is only read.</param>
    /// <param name="force">True to restore into a folder that holds something already.</param>
    /// <exception cref="OwnerLockException">A process owns the folder.</exception>
    /// <exception cref="RestoreException">The backup or the folder is not fit; nothing was changed.</exception>
    /// <exception cref="MigrationException">The backup is of a newer program; nothing was changed.</exception>
    public RestoreReport Run(string from, bool force)
    {
        CheckSource(from);
        using OwnerLock owner = OwnerLock.Acquire(options.DataFolder);
        CheckFolder(force);
        File.Copy(from, Copy, overwrite: true);
        RestoreReport report;
        try
        {
            report = Prepare(from, File.Exists(Target) ? EpochOf(Target) : 0);
        }
        catch
        {
            File.Delete(Copy);
            throw;
        }

        SqliteCopy.FlushToDisk(Copy);
        report = report with { Kept = SetAside() };
        File.Move(Copy, Target, overwrite: true);
        return report;
    }

    private static void CheckSource(string from)
    {
        if (!File.Exists(from))
        {
            throw new RestoreException($"there is no file {from}");
        }

        FileInfo wal = new(from + "-wal");
        if (wal.Exists && wal.Length > 0)
        {
            throw new RestoreException(
                $"{from} is a database in use, or one whose process was killed, and no backup: beside it lies a "
                + "write-ahead log with commits that the file lacks");
        }
    }

    private void CheckFolder(bool force)
    {
        string[] own = [OwnerLock.FileName, OwnerLock.HolderFileName, Path.GetFileName(Copy)];
        string? found = Directory.EnumerateFileSystemEntries(options.DataFolder)
            .Select(path => Path.GetFileName(path)).FirstOrDefault(name => !own.Contains(name));
        if (found is not null && !force)
        {
            throw new RestoreException(
                $"the folder {Path.GetFullPath(options.DataFolder)} is not empty (it holds '{found}'); choose another "
                + "one, or say --force to replace its database, which is then kept beside");
        }
    }

    private RestoreReport Prepare(string from, long replacedEpoch)
    {
        using SqliteSession session = OpenCopy();
        try
        {
            CheckSound(session, from);
            Migration.Apply(
                session.Connection, SqlDialect.Sqlite, Migration.All(SqlDialect.Sqlite), time.GetUtcNow(), log);
            long epoch = Math.Max(session.Number("SELECT epoch FROM owner") ?? 0, replacedEpoch) + 1;
            session.Execute("BEGIN IMMEDIATE");
            session.Execute("UPDATE owner SET epoch = $1, holder = 'restored from a backup', stopped = 1", epoch);
            session.Execute(
                "INSERT INTO restored (id, at) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET at = excluded.at",
                time.GetUtcNow());
            session.Execute("COMMIT");
            return new RestoreReport
            {
                Epoch = epoch,
                States = session.Number("SELECT count(*) FROM grain_state WHERE body IS NOT NULL") ?? 0,
                WakeUps = session.Number("SELECT count(*) FROM wake") ?? 0,
                Messages = session.Number("SELECT count(*) FROM outbox") ?? 0,
            };
        }
        catch (SqliteException error)
        {
            throw new RestoreException($"{from} is no sound database of this product: {error.Message}", error);
        }
    }

    private SqliteSession OpenCopy()
    {
        SqliteConnection connection = new(new SqliteConnectionStringBuilder
        {
            DataSource = Copy,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
        }.ConnectionString);
        connection.Open();
        return new SqliteSession(connection);
    }

    // The whole check: a backup is restored seldom, and then everything hangs on it.
    private static void CheckSound(SqliteSession session, string from)
    {
        using (SqliteDataReader check = session.Query("PRAGMA integrity_check(1)"))
        {
            if (!check.Read() || check.GetString(0) != "ok")
            {
                throw new RestoreException($"{from} is damaged: {check.GetString(0)}");
            }
        }

        if (session.Number("SELECT count(*) FROM sqlite_schema WHERE name IN ('grain_state', 'owner', 'migration')")
            != 3)
        {
            throw new RestoreException($"{from} is no database of this product");
        }

        // A backup has no log of its own; opened for writing with one, the copy would not be whole without it.
        session.Execute("PRAGMA journal_mode = DELETE");
        session.Execute("PRAGMA synchronous = FULL");
    }

    private static long EpochOf(string path)
    {
        try
        {
            using SqliteConnection connection = new(new SqliteConnectionStringBuilder
            {
                DataSource = path,
                Mode = SqliteOpenMode.ReadOnly,
                Pooling = false,
            }.ConnectionString);
            connection.Open();
            using SqliteSession session = new(connection);
            return session.Number("SELECT epoch FROM owner") ?? 0;
        }
        catch (SqliteException)
        {
            // It is replaced because it is damaged, perhaps; then nobody can still be writing under its epoch either.
            return 0;
        }
    }

    /// <summary>Moves the database that stood here into a folder of its own; null when there was none.</summary>
    private string? SetAside()
    {
        if (!File.Exists(Target))
        {
            return null;
        }

        string kept = Path.Combine(
            options.DataFolder,
            time.GetUtcNow().ToString("'replaced-'yyyyMMdd'-'HHmmssfff", CultureInfo.InvariantCulture));
        Directory.CreateDirectory(kept);

        // The log goes with its file: left behind, it would be replayed into the restored one.
        foreach (string ending in Companions.Where(ending => File.Exists(Target + ending)))
        {
            File.Move(Target + ending, Path.Combine(kept, options.FileName + ending));
        }

        return kept;
    }
}

/// <summary>What a restore did.</summary>
public sealed record RestoreReport
{
    /// <summary>The owner epoch; the next owner's is one more.</summary>
    public required long Epoch { get; init; }

    /// <summary>Grain states in the restored database.</summary>
    public required long States { get; init; }

    /// <summary>Wake-ups in it.</summary>
    public required long WakeUps { get; init; }

    /// <summary>Outbox messages in it.</summary>
    public required long Messages { get; init; }

    /// <summary>The folder that keeps the database that was replaced; null when there was none.</summary>
    public string? Kept { get; init; }
}

/// <summary>A backup cannot be restored as asked; nothing was changed.</summary>
public sealed class RestoreException(string message, Exception? cause = null) : Exception(message, cause);
