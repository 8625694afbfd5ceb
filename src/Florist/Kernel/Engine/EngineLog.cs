using Microsoft.Extensions.Logging;

namespace Florist.Kernel;

internal static partial class EngineLog
{
    [LoggerMessage(100, LogLevel.Warning, "{GrainId} failed its wake-up, attempt {Attempt}; next try at {NotBefore}")]
    public static partial void WakeFailed(
        ILogger log, string grainId, int attempt, DateTimeOffset notBefore, Exception error);

    [LoggerMessage(101, LogLevel.Error, "{GrainId} failed its wake-up {Attempts} times and is parked")]
    public static partial void WakeParked(ILogger log, string grainId, int attempts, Exception error);

    [LoggerMessage(102, LogLevel.Warning,
        "Message {Key} of {Topic} is not done, attempt {Attempt}: {Reason}; next try at {NotBefore}")]
    public static partial void MessagePutOff(
        ILogger log, string key, string topic, int attempt, string reason, DateTimeOffset notBefore);

    [LoggerMessage(
        103, LogLevel.Warning, "Message {Key} of {Topic} failed, attempt {Attempt}; next try at {NotBefore}")]
    public static partial void MessageFailed(
        ILogger log, string key, string topic, int attempt, DateTimeOffset notBefore, Exception error);

    [LoggerMessage(104, LogLevel.Error, "Message {Key} of {Topic} is parked after {Attempts} attempts: {Reason}")]
    public static partial void MessageParked(
        ILogger log, string key, string topic, int attempts, string reason, Exception? error);

    [LoggerMessage(105, LogLevel.Warning, "Message {Key} of {Topic} expired at {ExpiresAt} before it was handled")]
    public static partial void MessageExpired(ILogger log, string key, string topic, DateTimeOffset expiresAt);

    [LoggerMessage(106, LogLevel.Error, "The {Lanes} table cannot be read; the next poll tries again")]
    public static partial void PollFailed(ILogger log, string lanes, Exception error);

    [LoggerMessage(107, LogLevel.Error, "What became of {Key} of {Lanes} could not be recorded; it stays due")]
    public static partial void NotRecorded(ILogger log, string lanes, string key, Exception error);

    [LoggerMessage(108, LogLevel.Error, "{GrainId} kept the deadline of {DueAt} only {Late} later")]
    public static partial void DeadlineLate(ILogger log, string grainId, DateTimeOffset dueAt, TimeSpan late);

    [LoggerMessage(109, LogLevel.Information, "The wake-ups of all {GrainType} are computed anew, from {Signature}")]
    public static partial void Rescheduling(ILogger log, string grainType, string signature);

    [LoggerMessage(110, LogLevel.Information, "The wake-ups of all {GrainType} are computed from {Signature}")]
    public static partial void Rescheduled(ILogger log, string grainType, string signature);

    [LoggerMessage(111, LogLevel.Error, "The start could not set {Piece} going, attempt {Attempt}")]
    public static partial void StartWorkFailed(ILogger log, string piece, int attempt, Exception error);

    [LoggerMessage(112, LogLevel.Warning, "The start goes on without {Piece}; next try in {Wait}")]
    public static partial void StartWorkPutOff(ILogger log, string piece, TimeSpan wait);

    [LoggerMessage(119, LogLevel.Warning, "What waits and what is parked could not be measured")]
    public static partial void NotMeasured(ILogger log, Exception error);

    [LoggerMessage(118, LogLevel.Information, "A pass of retention has ended; {Removed} things are gone")]
    public static partial void RetentionPassed(ILogger log, long removed);
}
