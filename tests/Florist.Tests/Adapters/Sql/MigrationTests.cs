using Florist.Adapters.Sql;
using Florist.Tests.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Florist.Tests.Adapters.Sql;

public sealed class MigrationTests : IDisposable
{
    private static readonly Migration One = new(1, "one", "CREATE TABLE a (x TEXT); INSERT INTO a VALUES ('1')");
    private static readonly Migration Two = new(2, "two", "ALTER TABLE a ADD COLUMN y TEXT");
    private static readonly Migration Three = new(3, "three", "CREATE INDEX a_y ON a (y)");

    private readonly TempFolder folder = new();
    private readonly SqliteConnection connection;

    public MigrationTests()
    {
        connection = new SqliteConnection($"Data Source={Path.Combine(folder.Path, "m.db")};Pooling=False");
        connection.Open();
    }

    public void Dispose()
    {
        connection.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void They_are_applied_in_order_once_each()
    {
        Apply(One);
        Apply(One, Two, Three);
        Apply(One, Two, Three);

        Assert.Equal(1L, Value("SELECT COUNT(*) FROM a"));
        Assert.Equal("1 one,2 two,3 three", Value(
            "SELECT group_concat(number || ' ' || name, ',') FROM (SELECT * FROM migration ORDER BY number)"));
    }

    [Fact]
    public void One_that_was_changed_after_it_was_applied_is_refused_by_name()
    {
        Apply(One, Two);

        MigrationException refusal = Assert.Throws<MigrationException>(
            () => Apply(One with { Sql = One.Sql + " -- just a comment" }, Two));

        Assert.Contains("migration 1 'one' was changed", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tampered_checksum_is_refused()
    {
        Apply(One);
        Value("UPDATE migration SET checksum = 'x'");

        Assert.Throws<MigrationException>(() => Apply(One));
    }

    [Fact]
    public void A_database_newer_than_the_program_is_refused()
    {
        Apply(One, Two);

        MigrationException refusal = Assert.Throws<MigrationException>(() => Apply(One));

        Assert.Contains("newer than the program", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_inserted_before_an_applied_one_is_refused_and_nothing_is_applied()
    {
        Apply(One, Three with { Sql = "CREATE TABLE c (x TEXT)" });

        Assert.Throws<MigrationException>(() => Apply(One, Two, Three with { Sql = "CREATE TABLE c (x TEXT)" }));

        Assert.Equal(2L, Value("SELECT COUNT(*) FROM migration"));
    }

    [Fact]
    public void One_that_fails_leaves_no_trace_and_those_before_it_stand()
    {
        Migration bad = new(2, "bad", "CREATE TABLE b (x TEXT); INSERT INTO nowhere VALUES (1)");

        MigrationException failure = Assert.Throws<MigrationException>(() => Apply(One, bad));

        Assert.Contains("migration 2 'bad' failed", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0L, Value("SELECT COUNT(*) FROM sqlite_schema WHERE name = 'b'"));
        Assert.Equal(1L, Value("SELECT MAX(number) FROM migration"));
        Apply(One, Two);
    }

    [Fact]
    public void Line_ends_of_the_checkout_do_not_change_a_checksum() =>
        Assert.All(Migration.All(SqlDialect.Sqlite), migration => Assert.DoesNotContain('\r', migration.Sql));

    [Fact]
    public void The_programs_own_are_numbered_without_doubles_and_begin_with_the_engine()
    {
        IReadOnlyList<Migration> all = Migration.All(SqlDialect.Sqlite);

        Assert.Equal((1, "engine"), (all[0].Number, all[0].Name));
        Assert.Equal(all.Count, all.Select(migration => migration.Number).Distinct().Count());
    }

    [Fact]
    public void The_programs_own_make_a_database_from_nothing() => Apply([.. Migration.All(SqlDialect.Sqlite)]);

    private void Apply(params Migration[] migrations) =>
        Migration.Apply(connection, SqlDialect.Sqlite, migrations, DateTimeOffset.UnixEpoch, NullLogger.Instance);

    private object? Value(string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
