using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Florist.Adapters.Sql;

/// <summary>Makes a copy of a database file, compact and on the disk, for whoever owns the file.</summary>
public static class SqliteCopy
{
    /// <summary>
    /// Copies what is committed. An earlier file of the same name is replaced; only the owner of the process may read
    /// the copy, which holds everything that the database does.
    /// </summary>
    /// <param name="path">The database, owned by this process.</param>
    /// <param name="target">Where the copy goes.</param>
    /// <param name="cancellationToken">Stops the copying and removes what was copied.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="IOException">The copy cannot be written.</exception>
    public static void Make(string path, string target, CancellationToken cancellationToken)
    {
        try
        {
            CreateEmpty(target);
            Fill(path, target, cancellationToken);
            FlushToDisk(target);
        }
        catch (Exception error)
        {
            File.Delete(target);
            cancellationToken.ThrowIfCancellationRequested();
            if (error is SqliteException)
            {
                throw new IOException($"{path} cannot be copied to {target}: {error.Message}", error);
            }

            throw;
        }
    }

    /// <summary>Returns when the file's bytes are on the disk; SQLite does not wait for that with a copy.</summary>
    public static void FlushToDisk(string target)
    {
        using FileStream file = new(target, FileMode.Open, FileAccess.ReadWrite);
        file.Flush(flushToDisk: true);
    }

    // Only the owner of the process can read it.
    private static void CreateEmpty(string target)
    {
        File.Delete(target);
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using FileStream empty = new(target, options);
    }

    private static void Fill(string path, string target, CancellationToken cancellationToken)
    {
        using SqliteConnection connection = new(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
            DefaultTimeout = 0,
        }.ConnectionString);
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "VACUUM INTO $1";
        command.Parameters.AddWithValue("$1", target);
        cancellationToken.ThrowIfCancellationRequested();
        using CancellationTokenRegistration stop = cancellationToken.UnsafeRegister(
            static open => raw.sqlite3_interrupt((sqlite3)(open ?? throw new ArgumentNullException(nameof(open)))),
            connection.Handle);
        command.ExecuteNonQuery();
    }
}
