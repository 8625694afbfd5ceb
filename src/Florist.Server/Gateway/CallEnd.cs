using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Status = Google.Rpc.Status;

namespace Florist.Server.Gateway;

/// <summary>How a call ended.</summary>
/// <param name="Code">The code.</param>
/// <param name="Status">The status with its details, as <c>google.rpc.Status</c>.</param>
/// <param name="Trailers">The caller's part of the trailers.</param>
internal sealed record CallEnd(
    StatusCode Code, Status Status, IReadOnlyList<KeyValuePair<string, string>> Trailers)
{
    private const string StatusField = "grpc-status";
    private const string MessageField = "grpc-message";
    private const string DetailsField = "grpc-status-details-bin";

    /// <summary>True when the call succeeded.</summary>
    public bool IsOk => Code == StatusCode.OK;

    /// <summary>An end that was never a call: the request was refused before.</summary>
    public static CallEnd Of(Status status) => new((StatusCode)status.Code, status, []);

    /// <summary>Reads the end of a call from its trailers, or from its headers where it has only these.</summary>
    public static CallEnd Read(HttpResponse response, IHeaderDictionary trailers)
    {
        IHeaderDictionary fields = trailers.ContainsKey(StatusField) ? trailers : response.Headers;
        if (!int.TryParse(fields[StatusField], NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            // Something in front of the method has answered in HTTP's own way.
            StatusCode guess = response.StatusCode switch
            {
                StatusCodes.Status401Unauthorized => StatusCode.Unauthenticated,
                StatusCodes.Status403Forbidden => StatusCode.PermissionDenied,
                StatusCodes.Status404NotFound => StatusCode.Unimplemented,
                StatusCodes.Status429TooManyRequests => StatusCode.ResourceExhausted,
                StatusCodes.Status503ServiceUnavailable => StatusCode.Unavailable,
                _ => StatusCode.Internal,
            };
            return Of(new Status { Code = (int)guess, Message = "the call was not answered" });
        }

        List<KeyValuePair<string, string>> own = [];
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in trailers)
        {
            if (!GrpcExchange.IsOfGrpc(name) && values.ToString() is { Length: > 0 } value)
            {
                own.Add(new KeyValuePair<string, string>(name, value));
            }
        }

        return new CallEnd((StatusCode)number, Details(fields, number), own);
    }

    private static Status Details(IHeaderDictionary fields, int code)
    {
        Status plain = new() { Code = code, Message = Uri.UnescapeDataString(fields[MessageField].ToString()) };
        string details = fields[DetailsField].ToString();
        if (details.Length == 0)
        {
            return plain;
        }

        // Binary fields may come without padding, which the decoder wants.
        byte[] bytes = new byte[details.Length];
        string padded = details.PadRight((details.Length + 3) / 4 * 4, '=');
        return Convert.TryFromBase64String(padded, bytes, out int length)
            ? Status.Parser.ParseFrom(bytes.AsSpan(0, length).ToArray())
            : plain;
    }
}
