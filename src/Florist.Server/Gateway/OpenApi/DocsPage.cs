using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.OpenApi;

namespace Florist.Server.Gateway.OpenApi;

/// <summary>
/// The OpenAPI document as one page of HTML that needs nothing else: no script, no font, no other host. Made once.
/// </summary>
internal sealed class DocsPage(ApiDocument api)
{
    private const string Style = """
        :root { color-scheme: light dark; --line: #8884; --soft: #8882; }
        body { font: 16px/1.5 system-ui, sans-serif; margin: 0; display: grid; grid-template-columns: 17rem 1fr; }
        nav { position: sticky; top: 0; height: 100vh; overflow: auto; border-right: 1px solid var(--line); padding: 1rem;
          box-sizing: border-box; }
        nav a { display: block; text-decoration: none; color: inherit; padding: .1rem 0; overflow-wrap: anywhere; }
        nav a:hover { text-decoration: underline; }
        nav strong { display: block; margin-top: 1rem; }
        main { padding: 1rem 2rem; max-width: 60rem; min-width: 0; }
        section { border-top: 1px solid var(--line); margin-top: 1.5rem; padding-top: .5rem; }
        code, pre { font: 14px/1.45 ui-monospace, monospace; }
        pre { background: var(--soft); padding: .75rem; overflow: auto; border-radius: .4rem; }
        .verb { display: inline-block; min-width: 4.2rem; font-weight: 700; }
        table { border-collapse: collapse; width: 100%; }
        th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); }
        .text { white-space: pre-line; }
        @media (max-width: 48rem) { body { display: block; } nav { position: static; height: auto; } main { padding: 1rem; } }
        """;

    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    private readonly Lazy<string> html = new(() => Make(api.Make()));

    /// <summary>The page.</summary>
    public string ToHtml() => html.Value;

    private static string Make(OpenApiDocument document)
    {
        StringBuilder page = new(256 * 1024);
        page.Append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
            .Append("<title>Florist API</title><style>").Append(Style).Append("</style></head><body>");
        List<(string Path, string Verb, OpenApiOperation Operation)> operations =
        [
            .. from path in document.Paths
               from operation in path.Value.Operations ?? []
               select (path.Key, operation.Key.Method, operation.Value),
        ];
        ILookup<string, (string Path, string Verb, OpenApiOperation Operation)> byTag =
            operations.ToLookup(operation => operation.Operation.Tags?.FirstOrDefault()?.Name ?? "");
        page.Append("<nav aria-label=\"Methods\"><a href=\"/openapi.json\">openapi.json</a>");
        foreach (OpenApiTag tag in document.Tags ?? new HashSet<OpenApiTag>())
        {
            page.Append(Invariant, $"<strong>{Encode(tag.Name)}</strong>");
            foreach ((_, _, OpenApiOperation operation) in byTag[tag.Name ?? ""])
            {
                page.Append(Invariant, $"<a href=\"#{Encode(operation.OperationId)}\">{Encode(ShortName(operation))}</a>");
            }
        }

        IDictionary<string, IOpenApiSchema> schemas =
            document.Components?.Schemas ?? new Dictionary<string, IOpenApiSchema>();
        page.Append("<strong>Messages</strong>");
        foreach (string schema in schemas.Keys.Order(StringComparer.Ordinal))
        {
            page.Append(Invariant, $"<a href=\"#{Encode(schema)}\">{Encode(schema[(schema.LastIndexOf('.') + 1)..])}</a>");
        }

        page.Append("</nav><main><h1>Florist API</h1>").Append(Text(document.Info.Description));
        foreach (OpenApiTag tag in document.Tags ?? new HashSet<OpenApiTag>())
        {
            page.Append(Invariant, $"<h2>{Encode(tag.Name)}</h2>").Append(Text(tag.Description));
            foreach ((string path, string verb, OpenApiOperation operation) in byTag[tag.Name ?? ""])
            {
                AppendOperation(page, path, verb, operation);
            }
        }

        page.Append("<h2>Messages</h2>");
        foreach ((string name, IOpenApiSchema schema) in schemas)
        {
            AppendSchema(page, name, schema);
        }

        return page.Append("</main></body></html>").ToString();
    }

    private static void AppendOperation(StringBuilder page, string path, string verb, OpenApiOperation operation)
    {
        page.Append(Invariant, $"<section id=\"{Encode(operation.OperationId)}\"><h3>{Encode(ShortName(operation))}</h3>")
            .Append(Invariant, $"<p><code><span class=\"verb\">{Encode(verb)}</span>{Encode(path)}</code></p>")
            .Append(Text(operation.Description));
        if (operation.Parameters is { Count: > 0 } parameters)
        {
            page.Append("<table><thead><tr><th>Parameter</th><th>In</th><th>Type</th><th>Meaning</th></tr></thead><tbody>");
            foreach (IOpenApiParameter parameter in parameters)
            {
                page.Append(Invariant, $"<tr><td><code>{Encode(parameter.Name)}</code>{(parameter.Required ? " *" : "")}</td>")
                    .Append(Invariant, $"<td>{Encode(parameter.In?.ToString().ToLowerInvariant())}</td>")
                    .Append(Invariant, $"<td>{TypeOf(parameter.Schema)}</td><td>{Text(parameter.Description)}</td></tr>");
            }

            page.Append("</tbody></table>");
        }

        foreach ((string type, OpenApiMediaType body) in operation.RequestBody?.Content
            ?? new Dictionary<string, OpenApiMediaType>())
        {
            page.Append(Invariant, $"<p>Body, <code>{Encode(type)}</code>: {TypeOf(body.Schema)}</p>")
                .Append(Invariant, $"<pre>{Encode(body.Example?.ToJsonString(new() { WriteIndented = true }))}</pre>");
        }

        if (operation.Responses?["200"].Content?.FirstOrDefault() is { Value: { } answer } content)
        {
            page.Append(Invariant, $"<p>Answer, <code>{Encode(content.Key)}</code>: {TypeOf(answer.Schema)}</p>");
        }

        page.Append("</section>");
    }

    private static void AppendSchema(StringBuilder page, string name, IOpenApiSchema schema)
    {
        page.Append(Invariant, $"<section id=\"{Encode(name)}\"><h3>{Encode(name)}</h3>").Append(Text(schema.Description));
        if (schema.Properties is { Count: > 0 } properties)
        {
            page.Append("<table><thead><tr><th>Field</th><th>Type</th><th>Meaning</th></tr></thead><tbody>");
            foreach ((string field, IOpenApiSchema type) in properties)
            {
                string mark = schema.Required?.Contains(field) == true ? " *" : "";
                string kind = type.ReadOnly ? "<br>only in answers" : type.WriteOnly ? "<br>only in requests" : "";
                page.Append(Invariant, $"<tr><td><code>{Encode(field)}</code>{mark}</td>")
                    .Append(Invariant, $"<td>{TypeOf(type)}{kind}</td><td>{Text(type.Description)}</td></tr>");
            }

            page.Append("</tbody></table>");
        }

        page.Append("</section>");
    }

    private static string TypeOf(IOpenApiSchema? schema) => schema switch
    {
        null => "",
        OpenApiSchemaReference { Reference.Id: { } id } =>
            $"<a href=\"#{Encode(id)}\">{Encode(id[(id.LastIndexOf('.') + 1)..])}</a>",
        { AllOf: [{ } only] } => TypeOf(only),
        { Items: { } items } => "array of " + TypeOf(items),
        { AdditionalProperties: { } values } => "map to " + TypeOf(values),
        _ => Encode(schema.Format ?? schema.Type?.ToString().ToLowerInvariant()),
    };

    private static string ShortName(OpenApiOperation operation) =>
        operation.OperationId is { } id ? id[(id.IndexOf('_', StringComparison.Ordinal) + 1)..] : "";

    private static string Text(string? text) =>
        string.IsNullOrEmpty(text) ? "" : $"<div class=\"text\">{Encode(text)}</div>";

    private static string Encode(string? text) => WebUtility.HtmlEncode(text ?? "");
}
