using Florist.Adapters.Sql;
using Florist.Tests.Testing.Postgres;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Florist.Tests.Adapters.Sql;

/// <summary>The two databases differ in their words and not in what they hold.</summary>
public sealed class SqlSchemaTests
{
    // A cluster's silos meet in PostgreSQL alone, in tables whose names are those of Orleans' providers.
    private const string OfCluster = "cluster";

    [Fact]
    public void Every_migration_of_one_database_has_its_sibling_for_the_other() => Assert.Equal(
        Migration.All(SqlDialect.Sqlite).Select(migration => (migration.Number, migration.Name)),
        Migration.All(SqlDialect.Postgres).Where(migration => migration.Name != OfCluster)
            .Select(migration => (migration.Number, migration.Name)));

    [Fact]
    public async Task Both_databases_have_the_same_tables_columns_and_indexes()
    {
        await using NpgsqlConnection server = new(await (await PostgresRun.Cluster()).NewSchema());
        await server.OpenAsync(TestContext.Current.CancellationToken);
        Migration.Apply(
            server,
            SqlDialect.Postgres,
            Migration.All(SqlDialect.Postgres),
            DateTimeOffset.UnixEpoch,
            NullLogger.Instance);
        using SqliteConnection file = new("Data Source=:memory:");
        file.Open();
        Migration.Apply(
            file, SqlDialect.Sqlite, Migration.All(SqlDialect.Sqlite), DateTimeOffset.UnixEpoch, NullLogger.Instance);

        List<string> columnsOfFile = Lines(file, """
            SELECT t.name || '.' || c.name || CASE WHEN c.pk > 0 THEN ' key' WHEN c."notnull" THEN '' ELSE ' null' END
                || CASE WHEN c.type = 'TEXT' THEN ' text' WHEN c.type = 'BLOB' THEN ' bytes' ELSE ' number' END
            FROM sqlite_schema AS t, pragma_table_info(t.name) AS c
            WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%'
            """);
        List<string> columnsOfServer = Lines(server, """
            SELECT c.table_name || '.' || c.column_name || CASE
                    WHEN EXISTS (SELECT FROM information_schema.key_column_usage AS k
                        JOIN information_schema.table_constraints AS p USING (constraint_schema, constraint_name)
                        WHERE p.constraint_type = 'PRIMARY KEY' AND k.table_schema = c.table_schema
                            AND k.table_name = c.table_name AND k.column_name = c.column_name) THEN ' key'
                    WHEN c.is_nullable = 'NO' THEN '' ELSE ' null' END
                || CASE c.data_type WHEN 'text' THEN ' text' WHEN 'bytea' THEN ' bytes' ELSE ' number' END
            FROM information_schema.columns AS c
            WHERE c.table_schema = current_schema() AND c.column_name <> 'rowid' AND c.table_name NOT LIKE 'orleans%'
            """);
        List<string> indexesOfFile = Lines(file, "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL");
        List<string> indexesOfServer = Lines(
            server,
            """
            SELECT indexname FROM pg_indexes
            WHERE schemaname = current_schema() AND indexname NOT LIKE '%_pkey' AND tablename NOT LIKE 'orleans%'
            """);

        Assert.Equal(columnsOfFile, columnsOfServer);
        Assert.Equal(indexesOfFile, indexesOfServer);
    }

    [Fact]
    public async Task Texts_of_the_server_compare_byte_by_byte_whatever_the_locale()
    {
        await using NpgsqlConnection server = new(await (await PostgresRun.Cluster()).NewSchema());
        await server.OpenAsync(TestContext.Current.CancellationToken);
        Migration.Apply(
            server,
            SqlDialect.Postgres,
            Migration.All(SqlDialect.Postgres),
            DateTimeOffset.UnixEpoch,
            NullLogger.Instance);

        List<string> others = Lines(server, """
            SELECT table_name || '.' || column_name FROM information_schema.columns
            WHERE table_schema = current_schema() AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'
                AND table_name <> 'migration' AND table_name NOT LIKE 'orleans%'
            """);

        Assert.Empty(others);
    }

    private static List<string> Lines(System.Data.Common.DbConnection connection, string sql)
    {
        using System.Data.Common.DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        using System.Data.Common.DbDataReader reader = command.ExecuteReader();
        List<string> lines = [];
        while (reader.Read())
        {
            lines.Add(reader.GetString(0));
        }

        lines.Sort(StringComparer.Ordinal);
        return lines;
    }
}
