using Microsoft.Extensions.Logging;

namespace Florist.Operations;

/// <summary>Log messages of the operations, ids 500 to 519.</summary>
internal static partial class OperationsLog
{
    [LoggerMessage(500, LogLevel.Information, "{Principal} took a backup of {Bytes} bytes")]
    public static partial void BackedUp(ILogger log, string principal, long bytes);

    [LoggerMessage(501, LogLevel.Warning, "{Principal} did {Verb} to {Count} parked items")]
    public static partial void Handled(ILogger log, string principal, string verb, int count);
}
