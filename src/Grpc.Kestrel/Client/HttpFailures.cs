using System.Globalization;
using System.Net;
using Grpc.Core;

namespace Grpc.Kestrel.Client;

/// <summary>The status of a call that HTTP ended without one.</summary>
internal static class HttpFailures
{
    public static Status OfHttpStatus(HttpStatusCode code) => new(
        code switch
        {
            HttpStatusCode.BadRequest => StatusCode.Internal,
            HttpStatusCode.Unauthorized => StatusCode.Unauthenticated,
            HttpStatusCode.Forbidden => StatusCode.PermissionDenied,
            HttpStatusCode.NotFound => StatusCode.Unimplemented,
            HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable
                or HttpStatusCode.GatewayTimeout => StatusCode.Unavailable,
            _ => StatusCode.Unknown,
        },
        string.Create(CultureInfo.InvariantCulture, $"Bad gRPC response. HTTP status code: {(int)code}"));

    /// <summary>Finds the cause in an exception: a reset of the stream, or a connection that failed.</summary>
    public static Status OfException(Exception error)
    {
        for (Exception? e = error; e is not null; e = e.InnerException)
        {
            if (e is HttpProtocolException protocol)
            {
                return new Status(OfReset(protocol.ErrorCode), $"The stream was reset: {e.Message}", error);
            }
        }

        // HttpClient cancels what it sends when the connection fails under it. Cancellations of our own are not seen
        // here: they have ended the call before.
        bool isConnection = error is HttpRequestException or IOException or OperationCanceledException;
        return new Status(
            isConnection ? StatusCode.Unavailable : StatusCode.Internal,
            $"Error in a gRPC call. {error.Message}",
            error);
    }

    /// <summary>The status for an HTTP/2 error code (RFC 9113, section 7).</summary>
    public static StatusCode OfReset(long errorCode) => errorCode switch
    {
        0x7 => StatusCode.Unavailable,
        0x8 => StatusCode.Cancelled,
        0xB => StatusCode.ResourceExhausted,
        0xC => StatusCode.PermissionDenied,
        _ => StatusCode.Internal,
    };
}
