using Microsoft.Extensions.Logging;

namespace Florist.Stock;

/// <summary>Log messages of stock, ids 1800 to 1899.</summary>
internal static partial class StockLog
{
    [LoggerMessage(1800, LogLevel.Warning, "{Day}: what order {OrderId} had was given back: {Reason}")]
    public static partial void Repaired(ILogger log, string day, string orderId, string reason);

    [LoggerMessage(1801, LogLevel.Warning, "{Day}: {By} lets more be promised than there is")]
    public static partial void Overridden(ILogger log, string day, string by);
}
