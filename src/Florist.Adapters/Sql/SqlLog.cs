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

    [LoggerMessage(211, LogLevel.Information, "PostgreSQL {Version} opened {Database}: owner epoch {Epoch}")]
    public static partial void OpenedServer(ILogger log, string version, string database, long? epoch);

    [LoggerMessage(212, LogLevel.Error, "{Count} writes were not written")]
    public static partial void NotWritten(ILogger log, int count, Exception error);

    [LoggerMessage(213, LogLevel.Error, "Whether {Count} writes are durable is not known; their grains start anew")]
    public static partial void OutcomeUnknown(ILogger log, int count, Exception error);

    [LoggerMessage(
        214, LogLevel.Warning,
        "Session {Pid} of '{Application}' ({State}) has had a transaction open for {Milliseconds} ms: nothing that is "
        + "deleted meanwhile can be cleaned away")]
    public static partial void LongTransaction(
        ILogger log, int pid, string application, string state, long milliseconds);

    [LoggerMessage(215, LogLevel.Warning, "The state of the database server cannot be read")]
    public static partial void HealthUnknown(ILogger log, Exception error);

    [LoggerMessage(217, LogLevel.Warning, "The database could not be told that its owner went in order")]
    public static partial void NoGoodbye(ILogger log, Exception error);

    [LoggerMessage(216, LogLevel.Error, "A read failed because the database cannot be reached")]
    public static partial void ReadFailed(ILogger log, Exception error);

    [LoggerMessage(218, LogLevel.Information, "The file {Path}, which its last owner did not close, is sound")]
    public static partial void FileSound(ILogger log, string path);

    [LoggerMessage(
        219, LogLevel.Critical, "The file {Path} is damaged ({Found}): restore it from a backup as soon as possible")]
    public static partial void FileDamaged(ILogger log, string path, string found);

    [LoggerMessage(220, LogLevel.Critical, "The file {Path} could not be looked through for damage")]
    public static partial void FileUnreadable(ILogger log, string path, Exception error);

    [LoggerMessage(
        221, LogLevel.Critical, "The disk has {Free} bytes left, fewer than {Min}: nothing new is taken; make room")]
    public static partial void DiskFull(ILogger log, long free, long min);

    [LoggerMessage(222, LogLevel.Error, "The disk has {Free} bytes left, fewer than {Low}: make room")]
    public static partial void DiskLow(ILogger log, long free, long low);

    [LoggerMessage(223, LogLevel.Information, "The disk has room again: {Free} bytes")]
    public static partial void DiskWell(ILogger log, long free);

    [LoggerMessage(224, LogLevel.Warning, "How much room there is in {Folder} cannot be found out")]
    public static partial void RoomUnknown(ILogger log, string folder, Exception error);

    [LoggerMessage(
        225, LogLevel.Warning, "The write-ahead log has {Bytes} bytes, and something keeps it from shrinking")]
    public static partial void WalLarge(ILogger log, long bytes);

    [LoggerMessage(226, LogLevel.Warning, "A read has lasted {Duration} and keeps the write-ahead log from shrinking")]
    public static partial void LongRead(ILogger log, TimeSpan duration);
}
