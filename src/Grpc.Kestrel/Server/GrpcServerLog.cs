using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Grpc.Kestrel.Server;

internal static partial class GrpcServerLog
{
    [LoggerMessage(1, LogLevel.Error, "Error when executing method '{Method}'")]
    public static partial void HandlerFailed(ILogger log, string method, Exception error);

    [LoggerMessage(2, LogLevel.Information, "Method '{Method}' ends with status {StatusCode}")]
    public static partial void Refused(ILogger log, string method, StatusCode statusCode, Exception? error);

    [LoggerMessage(3, LogLevel.Debug, "The client cancelled a call of '{Method}'")]
    public static partial void Cancelled(ILogger log, string method, Exception error);

    [LoggerMessage(4, LogLevel.Debug, "The deadline of a call of '{Method}' passed after {Timeout}")]
    public static partial void DeadlineExceeded(ILogger log, string method, TimeSpan timeout);

    [LoggerMessage(5, LogLevel.Error, "A call of '{Method}' could not be ended at its deadline")]
    public static partial void ExpiryFailed(ILogger log, string method, Exception error);

    [LoggerMessage(6, LogLevel.Error, "The trailers of '{Method}' cannot be sent")]
    public static partial void TrailersRefused(ILogger log, string method, Exception error);

    [LoggerMessage(7, LogLevel.Error, "A message of '{Method}' was only partly serialized: the stream is reset")]
    public static partial void MessageBroken(ILogger log, string method);

    [LoggerMessage(8, LogLevel.Information, "A request to '{Path}' is refused with HTTP status {HttpStatus}: {Reason}")]
    public static partial void NotGrpc(ILogger log, string path, int httpStatus, string reason);

    [LoggerMessage(9, LogLevel.Information, "There is no method '{Path}'")]
    public static partial void Unimplemented(ILogger log, string path);

    [LoggerMessage(10, LogLevel.Warning, "No gRPC methods were found for {ServiceType}")]
    public static partial void NoMethods(ILogger log, Type serviceType);

    [LoggerMessage(11, LogLevel.Warning, "Reflection cannot describe {ServiceType}: it has no generated base")]
    public static partial void NoDescriptor(ILogger log, Type serviceType);
}
