using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Grpc.Kestrel.Client;

internal static partial class ClientLog
{
    [LoggerMessage(51, LogLevel.Information, "A call of '{Method}' ended with status {StatusCode}")]
    public static partial void Failed(ILogger log, string method, StatusCode statusCode, Exception? error);
}
