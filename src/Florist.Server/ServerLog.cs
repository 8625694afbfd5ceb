using Grpc.Core;

namespace Florist.Server;

/// <summary>Log messages of the server, ids 400 to 499.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(400, LogLevel.Error, "{Method} failed and answered {Code}")]
    public static partial void CallFailed(ILogger log, string method, StatusCode code, Exception thrown);

    [LoggerMessage(401, LogLevel.Information, "Serving from {DataFolder}")]
    public static partial void Serving(ILogger log, string dataFolder);
}
