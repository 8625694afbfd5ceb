using Microsoft.Extensions.Logging;

namespace Florist.Customers;

internal static partial class CustomersLog
{
    [LoggerMessage(1000, LogLevel.Information, "Customer {CustomerId} created")]
    public static partial void Created(ILogger log, string customerId);

    [LoggerMessage(1001, LogLevel.Information, "Customer {CustomerId} deleted; its data go at {PurgeAt}")]
    public static partial void Deleted(ILogger log, string customerId, DateTimeOffset? purgeAt);

    [LoggerMessage(1002, LogLevel.Information, "Customer {CustomerId} undeleted")]
    public static partial void Undeleted(ILogger log, string customerId);

    [LoggerMessage(1003, LogLevel.Information, "Customer {CustomerId} purged with {RowCount} rows")]
    public static partial void Purged(ILogger log, string customerId, int rowCount);

    [LoggerMessage(1004, LogLevel.Debug, "Customer {CustomerId} got {AddedCount} imported purchases")]
    public static partial void PurchasesImported(ILogger log, string customerId, int addedCount);
}
