namespace Florist.Server.Gateway.OpenApi;

/// <summary>The pages that explain the JSON side.</summary>
internal static class OpenApiEndpoints
{
    /// <summary>Maps <c>/openapi.json</c>, and <c>/docs</c>, which shows the same to people.</summary>
    public static void MapOpenApiDocument(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/openapi.json", (ApiDocument document) =>
            Results.Bytes(document.ToJson(), "application/json"));
        endpoints.MapGet("/docs", (DocsPage page) => Results.Content(page.ToHtml(), "text/html; charset=utf-8"));
    }
}
