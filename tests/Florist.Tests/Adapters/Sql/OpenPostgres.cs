using Florist.Adapters.Sql;
using Florist.Tests.Testing;
using Florist.Tests.Testing.Postgres;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Florist.Tests.Adapters.Sql;

/// <summary>The storage on the test run's PostgreSQL server, in a schema of its own.</summary>
internal sealed class OpenPostgres : TestDatabase
{
    private OpenPostgres(PostgresOptions options, ILogger log)
    {
        Options = options;
        Database = new PostgresDatabase(
            options, Fatal, Time, log, [.. Migration.All(SqlDialect.Postgres), .. ProbeTables.Select(Bytewise)]);
        Stand(Database, new PostgresStateStore(Database));
    }

    public PostgresOptions Options { get; }

    public PostgresDatabase Database { get; }

    public override int Waiting => Database.Waiting;

    /// <summary>Opens a database.</summary>
    /// <param name="text">How to reach it; null for a new one.</param>
    /// <param name="configure">Further settings.</param>
    /// <param name="log">Where it logs.</param>
    public static async Task<OpenPostgres> At(
        string? text = null, Action<PostgresOptions>? configure = null, ILogger? log = null)
    {
        PostgresOptions options = new()
        {
            ConnectionString = text ?? await (await PostgresRun.Cluster()).NewSchema(),
        };
        configure?.Invoke(options);
        return new OpenPostgres(options, log ?? NullLogger.Instance);
    }

    /// <summary>Holds the barrier that every batch has to pass, as a server does that has become slow.</summary>
    public override async Task<Task> Hold(Task until)
    {
        NpgsqlConnection connection = await Connect();
        NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await using NpgsqlCommand close = new(PostgresOwner.CloseBarrier, connection, transaction);
        await close.ExecuteNonQueryAsync();
        return Release();

        async Task Release()
        {
            await until;
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
        }
    }

    /// <summary>A connection of nobody's.</summary>
    public async Task<NpgsqlConnection> Connect()
    {
        NpgsqlConnection connection = new(
            new NpgsqlConnectionStringBuilder(Options.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Runs a statement beside the storage.</summary>
    public async Task<object?> Beside(string statement)
    {
        await using NpgsqlConnection connection = await Connect();
        await using NpgsqlCommand command = new(statement, connection);
        return await command.ExecuteScalarAsync();
    }

    public override void Abandon() => Database.Abandon();

    public override void Dispose() => Database.Dispose();

    private static Migration Bytewise(Migration migration) =>
        migration with { Sql = migration.Sql.Replace("TEXT", "TEXT COLLATE \"C\"", StringComparison.Ordinal) };
}
