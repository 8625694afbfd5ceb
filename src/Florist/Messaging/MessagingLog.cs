using Florist.Customers;
using Microsoft.Extensions.Logging;

namespace Florist.Messaging;

/// <summary>Log messages of this feature, ids 1400 to 1499. Never a name, an address or a text.</summary>
internal static partial class MessagingLog
{
    [LoggerMessage(1400, LogLevel.Information, "Message {MessageId} ({Kind}, {Channel}) is {State}: {Reason}")]
    public static partial void Decided(
        ILogger log, string messageId, MessageKind kind, Channel channel, MessageState state, string? reason);

    [LoggerMessage(1401, LogLevel.Information,
        "Message {MessageId} went from {Before} to {After}, turn {Turn}: {Reason}")]
    public static partial void Moved(
        ILogger log, string messageId, MessageState before, MessageState after, int turn, string? reason);

    [LoggerMessage(1402, LogLevel.Warning, "Whether message {MessageId} ({Kind}) has arrived cannot be found out")]
    public static partial void OutcomeUnknown(ILogger log, string messageId, MessageKind kind);

    [LoggerMessage(1403, LogLevel.Information, "Message {MessageId} takes the place of {Refused}, refused: {Reason}")]
    public static partial void TookOtherChannel(ILogger log, string messageId, string refused, string? reason);

    [LoggerMessage(1404, LogLevel.Error, "Message {MessageId} could not be rendered; its template has to be looked at")]
    public static partial void NotRendered(ILogger log, string messageId, Exception error);

    [LoggerMessage(1405, LogLevel.Error,
        "Nothing leaves by {Channel} until its settings are put right: {Code}, seen with message {MessageId}")]
    public static partial void ChannelMisconfigured(ILogger log, Channel channel, string? code, string messageId);

    [LoggerMessage(1406, LogLevel.Warning, "{Topic} {Key} names a customer who does not exist; nobody is written to")]
    public static partial void NobodyToTell(ILogger log, string topic, string key);

    [LoggerMessage(1407, LogLevel.Error, "{Topic} {Key} names an order that does not exist; nobody is written to")]
    public static partial void NoSuchOrder(ILogger log, string topic, string key);

    [LoggerMessage(1408, LogLevel.Information, "Message {MessageId} ({Kind}) is stopped by a withdrawal: {Reason}")]
    public static partial void Stopped(ILogger log, string messageId, MessageKind kind, string? reason);

    [LoggerMessage(1409, LogLevel.Warning,
        "Customer {CustomerId} withdrew while {Count} messages were being handed over whose end nobody has told")]
    public static partial void WithdrawnUnderWay(ILogger log, string customerId, int count);

    [LoggerMessage(1410, LogLevel.Warning, "{Actor} paused {Pause}")]
    public static partial void SendsPaused(ILogger log, string pause, string actor);

    [LoggerMessage(1411, LogLevel.Warning, "{Actor} resumed {Pause}")]
    public static partial void SendsResumed(ILogger log, string pause, string actor);
}
