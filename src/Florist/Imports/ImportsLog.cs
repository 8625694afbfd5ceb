using Microsoft.Extensions.Logging;

namespace Florist.Imports;

internal static partial class ImportsLog
{
    [LoggerMessage(
        1600, LogLevel.Information, "{Principal} imported a batch of {CustomerCount} customers, {FailedCount} failed")]
    public static partial void Imported(ILogger log, string principal, int customerCount, int failedCount);
}
