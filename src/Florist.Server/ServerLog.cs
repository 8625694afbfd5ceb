using Grpc.Core;

namespace Florist.Server;

/// <summary>Log messages of the server, ids 400 to 499.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(400, LogLevel.Error, "{Method} failed and answered {Code}")]
    public static partial void CallFailed(ILogger log, string method, StatusCode code, Exception thrown);

    [LoggerMessage(401, LogLevel.Information, "Serving from {DataFolder}")]
    public static partial void Serving(ILogger log, string dataFolder);

    [LoggerMessage(410, LogLevel.Error, "{Method} by {Principal}, refused with {Status}, is not in the audit trail")]
    public static partial void NotAudited(
        ILogger log, string method, string principal, string status, Exception thrown);

    [LoggerMessage(411, LogLevel.Error, "The keys of the authority {Authority} cannot be had")]
    public static partial void AuthorityUnreachable(ILogger log, Uri? authority, Exception thrown);

    [LoggerMessage(412, LogLevel.Warning, "The certificate of courier {Courier} is past {Until} or not yet valid")]
    public static partial void CertificateOutOfDate(ILogger log, string courier, DateTimeOffset until);
}
