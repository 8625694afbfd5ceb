using Microsoft.Extensions.Logging;

namespace Florist.Delivery;

internal static partial class DeliveryLog
{
    [LoggerMessage(1300, LogLevel.Information,
        "Stream {SessionId} of {CourierId}/{ProducerId} opened at {CommittedSequence}")]
    public static partial void StreamOpened(
        ILogger log, string sessionId, string courierId, string producerId, long committedSequence);

    [LoggerMessage(1301, LogLevel.Information, "Stream {SessionId} of {CourierId}/{ProducerId} ended: {Reason}")]
    public static partial void StreamEnded(
        ILogger log, string sessionId, string courierId, string producerId, string reason);

    [LoggerMessage(1302, LogLevel.Warning,
        "Stream {SessionId} ends to be resumed: update {Sequence} could not be stored")]
    public static partial void UpdateFailed(ILogger log, string sessionId, long sequence, Exception error);

    [LoggerMessage(1303, LogLevel.Warning, "Stream {SessionId} ends to be resumed: its cursor could not be stored")]
    public static partial void CursorFailed(ILogger log, string sessionId, Exception error);

    [LoggerMessage(1304, LogLevel.Error,
        "{CourierId}/{ProducerId} is quarantined: more than half of its last {Count} updates were rejected")]
    public static partial void Quarantined(ILogger log, string courierId, string producerId, int count);

    [LoggerMessage(1305, LogLevel.Warning,
        "{CourierId} was refused on leg {Leg} of {OrderId}/{DeliveryId}, which is not its own")]
    public static partial void ForeignLeg(ILogger log, string courierId, int leg, string orderId, string deliveryId);

    [LoggerMessage(1307, LogLevel.Warning, "A webhook for {CourierId} was not genuine")]
    public static partial void WebhookForged(ILogger log, string courierId);

    [LoggerMessage(1308, LogLevel.Error, "A webhook of {CourierId} could not be decided; its sender will repeat it")]
    public static partial void WebhookFailed(ILogger log, string courierId, Exception error);

    [LoggerMessage(1306, LogLevel.Warning, "{CourierId} contradicts {OrderId}/{DeliveryId}: {Reason}")]
    public static partial void Contradicted(
        ILogger log, string courierId, string orderId, string deliveryId, string? reason);
}
