using Microsoft.Extensions.Logging;

namespace Florist.Audit;

/// <summary>Log messages of the audit trail, ids 480 to 489.</summary>
internal static partial class AuditLog
{
    [LoggerMessage(480, LogLevel.Information, "{Count} entries of the audit trail went, older than {Days} days")]
    public static partial void Removed(ILogger log, int count, int days);

    [LoggerMessage(481, LogLevel.Error, "Old entries of the audit trail could not be removed; tried again in an hour")]
    public static partial void NotRemoved(ILogger log, Exception thrown);
}
