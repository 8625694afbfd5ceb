using Microsoft.Extensions.Logging;

namespace Orleans.Runtime;

/// <summary>Log entries of the grain host: ids of grains and names of methods, never arguments.</summary>
internal static partial class GrainLog
{
    [LoggerMessage(9001, LogLevel.Information, "The grain host has started with {Classes} grain classes")]
    internal static partial void Started(ILogger log, int classes);

    [LoggerMessage(9002, LogLevel.Information, "The grain host has stopped; {Left} grains had to be left")]
    internal static partial void Stopped(ILogger log, int left);

    [LoggerMessage(9003, LogLevel.Warning, "{GrainId} could not be activated")]
    internal static partial void ActivationFailed(ILogger log, GrainId grainId, Exception failure);

    [LoggerMessage(9004, LogLevel.Warning, "{GrainId} failed while it was deactivated")]
    internal static partial void DeactivationFailed(ILogger log, GrainId grainId, Exception failure);

    [LoggerMessage(9005, LogLevel.Warning, "No answer from {GrainId} to {Method}: {Text}")]
    internal static partial void CallTimedOut(ILogger log, GrainMethod method, GrainId grainId, string text);

    [LoggerMessage(9006, LogLevel.Warning, "The one-way call {Method} to {GrainId} failed")]
    internal static partial void OneWayFailed(ILogger log, GrainId grainId, GrainMethod method, Exception failure);

    [LoggerMessage(9007, LogLevel.Error, "A timer of {GrainId} failed")]
    internal static partial void TimerFailed(ILogger log, GrainId grainId, Exception failure);

    [LoggerMessage(9008, LogLevel.Warning, "A cancellation callback of {Method} on {GrainId} failed")]
    internal static partial void CancellationFailed(
        ILogger log,
        GrainId grainId,
        GrainMethod method,
        Exception failure);

    [LoggerMessage(9009, LogLevel.Warning, "The stream {Method} of {GrainId} failed to clean up")]
    internal static partial void StreamCleanUpFailed(
        ILogger log,
        GrainId grainId,
        GrainMethod method,
        Exception failure);

    [LoggerMessage(9011, LogLevel.Error, "A call to {GrainId} does not end: its activation is left behind")]
    internal static partial void ActivationUnresponsive(ILogger log, GrainId grainId);

    [LoggerMessage(9012, LogLevel.Warning, "The tick {Reminder} of {GrainId} failed")]
    internal static partial void ReminderFailed(ILogger log, GrainId grainId, string reminder, Exception failure);

    [LoggerMessage(9010, LogLevel.Warning, "{Operation} of state {StateName} of {GrainId} failed in {Storage}")]
    internal static partial void StorageFailed(
        ILogger log,
        string operation,
        string stateName,
        GrainId grainId,
        string storage,
        Exception failure);
}
