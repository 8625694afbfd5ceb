using System.Data.Common;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Florist.Adapters.Sql;

/// <summary>One numbered step of the database's schema.</summary>
/// <param name="Number">Its place in the order; never reused.</param>
/// <param name="Name">The file name without number and ending.</param>
/// <param name="Sql">The statements, with LF line ends.</param>
internal sealed record Migration(int Number, string Name, string Sql)
{
    private const string SqliteFolder = "Florist.Adapters.Sql.Migrations.";
    private const string PostgresFolder = SqliteFolder + "Postgres.";

    /// <summary>SHA-256 of the statements: what was applied must never be edited, only followed by another.</summary>
    public string Checksum => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));

    /// <summary>All migrations of this program for a database, in order.</summary>
    public static IReadOnlyList<Migration> All(SqlDialect dialect)
    {
        string folder = dialect == SqlDialect.Postgres ? PostgresFolder : SqliteFolder;
        Assembly assembly = typeof(Migration).Assembly;
        List<Migration> found = [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(folder, StringComparison.Ordinal) && char.IsAsciiDigit(name[folder.Length]))
            .Select(name => Read(assembly, folder, name))
            .OrderBy(migration => migration.Number)];
        for (int i = 1; i < found.Count; i++)
        {
            if (found[i].Number == found[i - 1].Number)
            {
                throw new MigrationException(
                    $"migrations '{found[i - 1].Name}' and '{found[i].Name}' have the same number {found[i].Number}");
            }
        }

        return found;
    }

    /// <summary>
    /// Brings the database up to the last of <paramref name="migrations"/>, each in a transaction of its own.
    /// </summary>
    /// <exception cref="MigrationException">
    /// The database was made by other migrations than these, is newer than these, or one of them failed.
    /// </exception>
    public static void Apply(
        DbConnection connection,
        SqlDialect dialect,
        IReadOnlyList<Migration> migrations,
        DateTimeOffset now,
        ILogger log)
    {
        Execute(connection, null, """
            CREATE TABLE IF NOT EXISTS migration (
                number     INTEGER NOT NULL PRIMARY KEY,
                name       TEXT    NOT NULL,
                checksum   TEXT    NOT NULL,
                applied_at BIGINT  NOT NULL
            )
            """);
        Dictionary<int, (string Name, string Checksum)> applied = Applied(connection);
        Check(migrations, applied);
        foreach (Migration migration in migrations.Where(migration => !applied.ContainsKey(migration.Number)))
        {
            migration.Apply(connection, dialect, now);
            SqlLog.Migrated(log, migration.Number, migration.Name);
        }
    }

    private static Migration Read(Assembly assembly, string folder, string resource)
    {
        string file = resource[folder.Length..];
        int split = file.IndexOf('_', StringComparison.Ordinal);
        if (split <= 0 || !int.TryParse(file[..split], NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            throw new MigrationException($"'{file}' is not named like 0001_name.sql");
        }

        using Stream stream = assembly.GetManifestResourceStream(resource)
            ?? throw new MigrationException($"'{file}' cannot be read");
        using StreamReader reader = new(stream, Encoding.UTF8);
        string sql = reader.ReadToEnd().ReplaceLineEndings("\n");
        return new Migration(number, Path.GetFileNameWithoutExtension(file[(split + 1)..]), sql);
    }

    private static void Check(
        IReadOnlyList<Migration> migrations, Dictionary<int, (string Name, string Checksum)> applied)
    {
        int last = applied.Count == 0 ? 0 : applied.Keys.Max();
        Dictionary<int, Migration> known = migrations.ToDictionary(migration => migration.Number);
        foreach ((int number, (string name, string checksum)) in applied)
        {
            if (!known.TryGetValue(number, out Migration? migration))
            {
                throw new MigrationException(
                    $"the database has migration {number} '{name}', which this program does not know: "
                    + "the database is newer than the program");
            }

            if (migration.Checksum != checksum)
            {
                throw new MigrationException(
                    $"migration {number} '{migration.Name}' was changed after it was applied to this database; "
                    + "applied migrations are never edited, add a new one instead");
            }
        }

        if (migrations.FirstOrDefault(m => m.Number < last && !applied.ContainsKey(m.Number)) is { } late)
        {
            throw new MigrationException(
                $"migration {late.Number} '{late.Name}' was inserted before migration {last}, which this database "
                + "already has; a new migration takes the next free number");
        }
    }

    private static Dictionary<int, (string Name, string Checksum)> Applied(DbConnection connection)
    {
        Dictionary<int, (string, string)> applied = [];
        using DbCommand command = connection.CreateCommand();
        command.CommandText = "SELECT number, name, checksum FROM migration ORDER BY number";
        using DbDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            applied.Add(reader.GetInt32(0), (reader.GetString(1), reader.GetString(2)));
        }

        return applied;
    }

    private static void Execute(DbConnection connection, DbTransaction? transaction, string sql)
    {
        using DbCommand command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private void Apply(DbConnection connection, SqlDialect dialect, DateTimeOffset now)
    {
        using DbTransaction transaction = connection.BeginTransaction();
        try
        {
            Execute(connection, transaction, Sql);
        }
        catch (DbException error)
        {
            throw new MigrationException($"migration {Number} '{Name}' failed: {error.Message}", error);
        }

        // SQLite binds parameters by name, PostgreSQL by place.
        using DbCommand record = connection.CreateCommand();
        record.Transaction = transaction;
        record.CommandText =
            "INSERT INTO migration (number, name, checksum, applied_at) VALUES ($1, $2, $3, $4)";
        object[] values = [Number, Name, Checksum, now.ToUnixTimeMilliseconds()];
        for (int i = 0; i < values.Length; i++)
        {
            DbParameter parameter = record.CreateParameter();
            parameter.ParameterName =
                dialect == SqlDialect.Sqlite ? string.Create(CultureInfo.InvariantCulture, $"${i + 1}") : "";
            parameter.Value = values[i];
            record.Parameters.Add(parameter);
        }

        record.ExecuteNonQuery();
        transaction.Commit();
    }
}

/// <summary>The database's schema cannot be brought to what this program needs.</summary>
public sealed class MigrationException(string message, Exception? cause = null) : Exception(message, cause);
