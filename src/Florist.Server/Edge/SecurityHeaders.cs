namespace Florist.Server.Edge;

/// <summary>
/// Says to browsers what they may do with answers: not guess types, not frame them, not send addresses on, run nothing,
/// keep nothing. Calls of gRPC are answered to programs and are left as they are.
/// </summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    private const string Docs = "/docs";
    private const string OpenApi = "/openapi.json";
    private const string NothingFramed =
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";


    // The page of the API has its style within it, and nothing else.
    private const string DocsPolicy = NothingFramed + "; style-src 'unsafe-inline'";

    // A year, for this host alone: what its neighbours do is theirs to say.
    private const string AlwaysTls = "max-age=31536000";

    /// <summary>Adds the headers and goes on.</summary>
    public Task Invoke(HttpContext http)
    {
        if (http.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) != true)
        {
            Add(http);
        }

        return next(http);
    }

    private static void Add(HttpContext http)
    {
        PathString path = http.Request.Path;
        IHeaderDictionary headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers.ContentSecurityPolicy = path.StartsWithSegments(Docs, StringComparison.Ordinal)
            ? DocsPolicy
            : NothingFramed;
        if (!path.StartsWithSegments(Docs, StringComparison.Ordinal) && path != OpenApi)
        {
            headers.CacheControl = "no-store";
        }

        if (http.Request.IsHttps)
        {
            headers.StrictTransportSecurity = AlwaysTls;
        }
    }
}
