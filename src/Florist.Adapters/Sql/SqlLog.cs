using Microsoft.Extensions.Logging;

namespace Florist.Adapters.Sql;

internal static partial class SqlLog
{
    [LoggerMessage(200, LogLevel.Information,
        "SQLite {Version} opened {Path}: owner epoch {Epoch}, synchronous={Synchronous}")]
    public static partial void Opened(ILogger log, string version, string path, long epoch, long synchronous);

    [LoggerMessage(201, LogLevel.Warning, "The database was not closed by its last owner ({Holder}); it was recovered")]
    public static partial void Recovered(ILogger log, string holder);

    [LoggerMessage(202, LogLevel.Information, "Migration {Number} {Name} applied")]
    public static partial void Migrated(ILogger log, int number, string name);

    [LoggerMessage(203, LogLevel.Warning, "A transaction could not begin; nothing was written")]
    public static partial void BeginFailed(ILogger log, Exception error);

    [LoggerMessage(204, LogLevel.Warning, "One of {Count} writes of a batch failed; they are written one by one")]
    public static partial void Isolating(ILogger log, int count);

    [LoggerMessage(205, LogLevel.Error, "A write was left out of its batch")]
    public static partial void Poison(ILogger log, Exception error);

    [LoggerMessage(206, LogLevel.Critical, "The storage cannot go on: {What}")]
    public static partial void Broken(ILogger log, string what, Exception error);

    [LoggerMessage(
        207, LogLevel.Warning, "The write-ahead log has {Bytes} bytes and a long reader keeps it from shrinking")]
    public static partial void WalGrows(ILogger log, long bytes);

    [LoggerMessage(
        208, LogLevel.Warning, "The state {StateName} of {GrainId} has {Bytes} bytes; histories belong into rows")]
    public static partial void StateLarge(ILogger log, string stateName, string grainId, int bytes);

    [LoggerMessage(209, LogLevel.Information, "The database {Path} is closed")]
    public static partial void Closed(ILogger log, string path);

    [LoggerMessage(
        210, LogLevel.Warning, "synchronous=NORMAL: commits may be lost with the power; for development only")]
    public static partial void NotDurable(ILogger log);
}
