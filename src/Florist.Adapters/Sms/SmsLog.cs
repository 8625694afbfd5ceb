using Florist.Messaging;
using Microsoft.Extensions.Logging;

namespace Florist.Adapters.Sms;

internal static partial class SmsLog
{
    [LoggerMessage(5201, LogLevel.Warning, "Text message {MessageKey} is {Kind} ({Problem}, {Code}): {Text}")]
    public static partial void NotAccepted(
        ILogger log, string messageKey, SendKind kind, SendProblem problem, string? code, string text);

    [LoggerMessage(5202, LogLevel.Warning, "Text message {MessageKey} could not be looked up: {Failure}")]
    public static partial void LookupFailed(ILogger log, string messageKey, string failure);

    [LoggerMessage(5203, LogLevel.Information, "Text messages are written to {File}: no provider is configured")]
    public static partial void WritingToFile(ILogger log, string file);

    [LoggerMessage(5204, LogLevel.Warning, "{File} ended in {Bytes} bytes of an unfinished message; they are cut off")]
    public static partial void UnfinishedLine(ILogger log, string file, long bytes);
}
