using System.Globalization;
using Npgsql;

namespace Florist.Adapters.Sql;

/// <summary>How connections of each purpose are set up.</summary>
internal static class PostgresConnections
{
    // A session that is half-way through a transaction and silent for so long has a stuck program at its other end.
    private const int IdleInTransactionMsMax = 60_000;

    // Beyond the server's own limit, for a server or network that answers nothing at all.
    private const int SilenceSecondsBeyond = 15;

    /// <summary>
    /// A connection that writes. It only ever looks rows up by their keys, which the planner must not unlearn from the
    /// statistics of a table that was still empty when it made the plan.
    /// </summary>
    public static NpgsqlConnection Writer(PostgresOptions options)
    {
        NpgsqlConnectionStringBuilder text = Text(options, "florist writer");
        text.Pooling = false;
        text.MaxAutoPrepare = 200;
        text.AutoPrepareMinUsages = 1;
        text.Options = Settings(
            text.Options,
            "synchronous_commit=on",
            "plan_cache_mode=force_generic_plan",
            "enable_seqscan=off",
            "enable_hashjoin=off",
            "enable_mergejoin=off",
            "jit=off");
        return new NpgsqlConnection(text.ConnectionString);
    }

    /// <summary>Connections that can only read.</summary>
    public static NpgsqlDataSource Readers(PostgresOptions options)
    {
        NpgsqlConnectionStringBuilder text = Text(options, "florist reader");
        text.MaxPoolSize = options.ReadersMax;
        text.MaxAutoPrepare = 200;
        text.AutoPrepareMinUsages = 2;
        text.NoResetOnClose = true;
        text.Options = Settings(text.Options, "default_transaction_read_only=on", "jit=off");
        return NpgsqlDataSource.Create(text.ConnectionString);
    }

    /// <summary>
    /// A connection for opening the database, which may take as long as it takes, and for holding its lock. The server
    /// notices within seconds when the machine at its other end is gone, so that the lock does not outlive its holder.
    /// </summary>
    public static NpgsqlConnection Owner(PostgresOptions options)
    {
        NpgsqlConnectionStringBuilder text = Text(options, "florist owner");
        text.Pooling = false;
        text.CommandTimeout = 0;
        text.Options = Settings(
            text.Options,
            "statement_timeout=0",
            "client_min_messages=warning",
            "tcp_keepalives_idle=2",
            "tcp_keepalives_interval=1",
            "tcp_keepalives_count=2");
        return new NpgsqlConnection(text.ConnectionString);
    }

    /// <summary>The connection string, taken apart.</summary>
    /// <exception cref="StorageUnreachableException">It cannot be read.</exception>
    public static NpgsqlConnectionStringBuilder Parse(PostgresOptions options)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(options.ConnectionString);
        }
        catch (Exception error) when (error is ArgumentException or FormatException or OverflowException)
        {
            throw new StorageUnreachableException(
                $"{PostgresOptions.ConnectionStringKey} cannot be read: {error.Message}", error);
        }
    }

    private static NpgsqlConnectionStringBuilder Text(PostgresOptions options, string name)
    {
        NpgsqlConnectionStringBuilder text = Parse(options);
        text.ApplicationName = name;
        text.CommandTimeout = (options.StatementMsMax / 1000) + SilenceSecondsBeyond;

        // What a row holds is nobody's business who reads the log.
        text.IncludeErrorDetail = false;
        text.Options = Settings(
            text.Options,
            string.Create(CultureInfo.InvariantCulture, $"statement_timeout={options.StatementMsMax}"),
            string.Create(
                CultureInfo.InvariantCulture, $"idle_in_transaction_session_timeout={IdleInTransactionMsMax}"));
        return text;
    }

    private static string Settings(string? given, params ReadOnlySpan<string> settings)
    {
        string all = given ?? "";
        foreach (string setting in settings)
        {
            all += $" -c {setting}";
        }

        return all.TrimStart();
    }
}
