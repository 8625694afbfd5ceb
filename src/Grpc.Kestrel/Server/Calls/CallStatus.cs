using System.Globalization;
using Grpc.Core;
using Grpc.Kestrel.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Grpc.Kestrel.Server;

/// <summary>Writes a status into header or trailer fields, and makes one of an exception.</summary>
internal static class CallStatus
{
    private static readonly StringValues[] Codes =
    [
        .. Enumerable.Range(0, (int)StatusCode.Unauthenticated + 1)
            .Select(code => new StringValues(code.ToString(CultureInfo.InvariantCulture))),
    ];

    public static void Write(IHeaderDictionary fields, Status status)
    {
        int code = (int)status.StatusCode;
        fields.GrpcStatus = (uint)code < (uint)Codes.Length
            ? Codes[code]
            : code.ToString(CultureInfo.InvariantCulture);
        if (status.StatusCode != StatusCode.OK && status.Detail.Length > 0)
        {
            fields.GrpcMessage = PercentEncoding.Encode(status.Detail);
        }
    }

    /// <summary>The status for an exception that is not an <see cref="RpcException"/>.</summary>
    public static Status Of(Exception error, bool isDetailed)
    {
        const string text = "Exception was thrown by handler.";
        return new Status(StatusCode.Unknown, isDetailed ? text + Describe(error) : text, error);
    }

    private static string Describe(Exception error)
    {
        string all = "";
        for (Exception? e = error; e is not null; e = e.InnerException)
        {
            all += $" {e.GetType().Name}: {e.Message}";
        }

        return all;
    }
}
