using Grpc.Core;
using Grpc.Kestrel.Web;
using Grpc.Kestrel.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Grpc.Kestrel.Server;

/// <summary>Tells gRPC calls from other requests that reached the path of one.</summary>
internal static class CallAcceptance
{
    private static readonly StringValues ContentType = FieldNames.ContentType;

    /// <summary>Begins the response to a call, or answers what is none with an HTTP error.</summary>
    /// <returns>False when the request has been answered.</returns>
    public static bool Accept(HttpContext http, ILogger log)
    {
        HttpRequest request = http.Request;
        if (!HttpMethods.IsPost(request.Method))
        {
            // A CORS preflight gets here when the application has no CORS middleware that would answer it.
            http.Response.Headers.Allow = HttpMethods.Post;
            Refuse(http, log, StatusCodes.Status405MethodNotAllowed, $"The method '{request.Method}' is not POST.");
            return false;
        }

        if (!ContentTypes.IsGrpcProtobuf(request.ContentType))
        {
            string reason = request.ContentType is null
                ? "Content-Type is missing from the request."
                : $"Content-Type '{request.ContentType}' is not supported.";
            Refuse(http, log, StatusCodes.Status415UnsupportedMediaType, reason);
            return false;
        }

        if (!HttpProtocol.IsHttp2(request.Protocol) && !HttpProtocol.IsHttp3(request.Protocol)
            && http.Features.Get<WebExchange>() is null)
        {
            http.Response.Headers.Upgrade = HttpProtocol.Http2;
            Refuse(
                http,
                log,
                StatusCodes.Status426UpgradeRequired,
                $"Request protocol '{request.Protocol}' is not supported.");
            return false;
        }

        http.Response.Headers.ContentType = ContentType;
        return true;
    }

    private static void Refuse(HttpContext http, ILogger log, int httpStatus, string reason)
    {
        GrpcServerLog.NotGrpc(log, http.Request.Path, httpStatus, reason);
        http.Response.StatusCode = httpStatus;
        CallStatus.Write(http.Response.Headers, new Status(StatusCode.Internal, reason));
    }
}
