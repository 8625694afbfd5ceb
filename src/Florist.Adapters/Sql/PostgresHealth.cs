using Microsoft.Extensions.Logging;
using Npgsql;

namespace Florist.Adapters.Sql;

/// <summary>
/// Looks for what makes a busy PostgreSQL slow by and by: a transaction that somebody left open, because of which
/// nothing that is deleted can be cleaned away. It warns and measures; ending other people's sessions is for people.
/// </summary>
internal sealed class PostgresHealth : IDisposable
{
    private const string SelectOldest = """
        SELECT pid, coalesce(application_name, ''), coalesce(state, ''),
            (extract(epoch FROM clock_timestamp() - xact_start) * 1000)::bigint
        FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
            AND backend_type = 'client backend'
        ORDER BY xact_start LIMIT 1
        """;

    private const string SelectDead = """
        SELECT coalesce(sum(n_dead_tup), 0)::bigint FROM pg_stat_user_tables
        WHERE schemaname = current_schema() AND relname IN ('wake', 'outbox')
        """;

    private readonly NpgsqlDataSource readers;
    private readonly PostgresOptions options;
    private readonly ILogger log;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task looking;

    public PostgresHealth(NpgsqlDataSource readers, PostgresOptions options, ILogger log)
    {
        this.readers = readers;
        this.options = options;
        this.log = log;
        looking = Task.Run(Look);
    }

    public void Dispose()
    {
        stopping.Cancel();
        ((IAsyncResult)looking).AsyncWaitHandle.WaitOne();
        stopping.Dispose();
    }

    private async Task Look()
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(options.HealthCheckMs), TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                await Once();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Closing.
        }
    }

    private async Task Once()
    {
        try
        {
            await using NpgsqlCommand dead = readers.CreateCommand(SelectDead);
            SqlMeter.DeadRows = await dead.ExecuteScalarAsync(stopping.Token) is long rows ? rows : 0;
            await using NpgsqlCommand oldest = readers.CreateCommand(SelectOldest);
            await using NpgsqlDataReader reader = await oldest.ExecuteReaderAsync(stopping.Token);
            long age = 0;
            if (await reader.ReadAsync(stopping.Token))
            {
                age = reader.GetInt64(3);
                if (age > options.TransactionMsUsual)
                {
                    SqlLog.LongTransaction(log, reader.GetInt32(0), reader.GetString(1), reader.GetString(2), age);
                }
            }

            SqlMeter.OldestTransaction = TimeSpan.FromMilliseconds(age);
        }
        catch (NpgsqlException error)
        {
            // Whoever reads or writes meets the same trouble and says more about it.
            SqlLog.HealthUnknown(log, error);
        }
    }
}
