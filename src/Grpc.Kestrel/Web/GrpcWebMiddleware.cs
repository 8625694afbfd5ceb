using Grpc.AspNetCore.Web;
using Grpc.Kestrel.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Grpc.Kestrel.Web;

/// <summary>Translates gRPC-Web requests into gRPC and the answers back.</summary>
internal sealed class GrpcWebMiddleware(RequestDelegate next, GrpcWebOptions options)
{
    public Task Invoke(HttpContext http) =>
        HttpMethods.IsPost(http.Request.Method)
        && WebContentType.Read(http.Request.ContentType) is WebContentType asked
        && IsEnabled(http.GetEndpoint())
            ? Translate(http, asked)
            : next(http);

    private bool IsEnabled(Endpoint? endpoint) => endpoint is not null
        && (endpoint.Metadata.GetMetadata<IGrpcWebEnabledMetadata>()?.GrpcWebEnabled ?? options.DefaultEnabled);

    private async Task Translate(HttpContext http, WebContentType asked)
    {
        WebExchange exchange = new(http, asked);
        try
        {
            await next(http).ConfigureAwait(false);
            await exchange.End().ConfigureAwait(false);
        }
        finally
        {
            await exchange.Leave().ConfigureAwait(false);
        }
    }
}

/// <summary>The content type of a gRPC-Web request.</summary>
/// <param name="IsText">True for the base64 form.</param>
/// <param name="Rest">What follows the type: codec and parameters.</param>
internal readonly record struct WebContentType(bool IsText, string Rest)
{
    public const string Binary = "application/grpc-web";
    public const string Text = "application/grpc-web-text";

    /// <summary>Reads a content type.</summary>
    /// <returns>Null when it is none of gRPC-Web.</returns>
    public static WebContentType? Read(string? contentType)
    {
        if (contentType is null || !contentType.StartsWith(Binary, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        bool isText = contentType.StartsWith(Text, StringComparison.OrdinalIgnoreCase);
        string rest = contentType[(isText ? Text.Length : Binary.Length)..];
        return rest.Length == 0 || rest[0] is '+' or ';' or ' ' ? new WebContentType(isText, rest) : null;
    }

    /// <summary>True when the answer is to be base64: what the client accepts, else the form of the request.</summary>
    public bool AnswersText(IHeaderDictionary fields)
    {
        bool binary = false;
        foreach (string? field in fields.Accept)
        {
            foreach (Range part in field.AsSpan().Split(','))
            {
                switch (Read(field.AsSpan()[part].Trim(' ').ToString()))
                {
                    case { IsText: true }:
                        return true;
                    case { IsText: false }:
                        binary = true;
                        break;
                    default:
                        break;
                }
            }
        }

        return IsText && !binary;
    }

    /// <summary>The content type of the same request in gRPC.</summary>
    public string ToGrpc() => FieldNames.ContentType + Rest;
}
