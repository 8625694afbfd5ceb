using Npgsql;

namespace Florist.Adapters.Sql;

/// <summary>What an error means for the batch that met it.</summary>
internal enum PostgresTrouble
{
    /// <summary>A write of the batch is bad; the others are not.</summary>
    Poison,

    /// <summary>A state had another version than a write expected.</summary>
    Conflict,

    /// <summary>The server asks for the same again.</summary>
    Again,

    /// <summary>The server had no time or no room; nothing was written.</summary>
    Busy,

    /// <summary>The connection is gone; whether anything was written is not known.</summary>
    Lost,

    /// <summary>Another process owns the database, or the server's disk cannot be trusted.</summary>
    Fatal,
}

/// <summary>Reads errors of the server.</summary>
internal static class PostgresErrors
{
    /// <summary>What an error of a batch means.</summary>
    public static PostgresTrouble Of(Exception error) => error switch
    {
        PostgresException { SqlState: "FL001" } => PostgresTrouble.Fatal,
        PostgresException { SqlState: "FL002" } => PostgresTrouble.Conflict,

        // Disk full, input or output error, damaged data or index: trying again may lose what was promised before.
        PostgresException { SqlState: "53100" or "58030" or "XX001" or "XX002" } => PostgresTrouble.Fatal,

        // A session that ends does so with FATAL or PANIC, at any moment up to the answer of the commit.
        PostgresException { InvariantSeverity: "FATAL" or "PANIC" } => PostgresTrouble.Lost,
        PostgresException { SqlState: "40001" or "40P01" } => PostgresTrouble.Again,
        PostgresException { SqlState: "57014" or "55P03" or "53000" or "53200" or "53400" } => PostgresTrouble.Busy,

        // A statement against a table that was changed meanwhile is planned anew by the next attempt.
        PostgresException { SqlState: "0A000" or "26000" } => PostgresTrouble.Again,
        PostgresException => PostgresTrouble.Poison,
        NpgsqlException or TimeoutException or IOException or ObjectDisposedException => PostgresTrouble.Lost,

        // What the driver cannot put into a message it refuses before anything is sent.
        InvalidCastException or ArgumentException or FormatException => PostgresTrouble.Poison,
        _ => PostgresTrouble.Fatal,
    };
}
