using Microsoft.Extensions.Logging;

namespace Florist.Occasions;

internal static partial class OccasionsLog
{
    [LoggerMessage(1101, LogLevel.Information, "Occasion {OccasionId} added")]
    public static partial void Added(ILogger log, string occasionId);

    [LoggerMessage(1102, LogLevel.Information, "Occasion {OccasionId} changed")]
    public static partial void Changed(ILogger log, string occasionId);

    [LoggerMessage(1103, LogLevel.Information, "Occasion {OccasionId} removed")]
    public static partial void Removed(ILogger log, string occasionId);

    [LoggerMessage(
        1104, LogLevel.Information, "Occasion {OccasionId}: reminder {LeadDays} days before {Date:yyyy-MM-dd}")]
    public static partial void Reminded(ILogger log, string occasionId, DateOnly date, int leadDays);

    [LoggerMessage(
        1105,
        LogLevel.Information,
        "Occasion {OccasionId}: no reminder {LeadDays} days before {Date:yyyy-MM-dd}: {Reason}")]
    public static partial void Skipped(ILogger log, string occasionId, DateOnly date, int leadDays, SkipReason reason);

    [LoggerMessage(1106, LogLevel.Information, "Occasions of customer {CustomerId} purged")]
    public static partial void Purged(ILogger log, string customerId);
}
