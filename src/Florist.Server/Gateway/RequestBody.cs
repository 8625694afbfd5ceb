using System.Buffers;
using System.IO.Pipelines;

namespace Florist.Server.Gateway;

/// <summary>Reads the whole body of a request, up to a limit.</summary>
internal static class RequestBody
{
    /// <summary>Whether a body says that it is of a type, whatever its parameters.</summary>
    public static bool IsOfType(HttpRequest request, string type) =>
        request.ContentType is { } given
        && given.StartsWith(type, StringComparison.OrdinalIgnoreCase)
        && (given.Length == type.Length || given[type.Length] is ';' or ' ');

    /// <summary>The body; null when it is longer than <paramref name="sizeMax"/> bytes.</summary>
    public static async ValueTask<byte[]?> Read(HttpContext http, int sizeMax)
    {
        if (http.Request.ContentLength > sizeMax)
        {
            return null;
        }

        PipeReader reader = http.Request.BodyReader;
        while (true)
        {
            ReadResult read = await reader.ReadAsync(http.RequestAborted);
            if (read.Buffer.Length > sizeMax)
            {
                return null;
            }

            if (read.IsCompleted)
            {
                byte[] body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
