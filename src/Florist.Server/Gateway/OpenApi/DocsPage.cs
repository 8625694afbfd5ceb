using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.OpenApi;

namespace Florist.Server.Gateway.OpenApi;

/// <summary>
/// The OpenAPI document as one page of HTML that needs nothing else: no script, no font, no other host. Made once.
/// </summary>
internal sealed partial class DocsPage(ApiDocument api)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly Lazy<string> html = new(() => Make(api.Make()));

    /// <summary>The page.</summary>
    public string ToHtml() => html.Value;

    private static string Make(OpenApiDocument document)
    {
        StringBuilder page = new(256 * 1024);
        page.Append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
            .Append("<title>Florist API</title><style>").Append(Style()).Append("</style></head><body>");
        ILookup<string, Entry> byTag = Operations(document).ToLookup(entry => entry.Tag);
        IDictionary<string, IOpenApiSchema> schemas =
            document.Components?.Schemas ?? new Dictionary<string, IOpenApiSchema>();
        AppendContents(page, document, byTag, schemas.Keys);
        page.Append("<main><h1>Florist API</h1>").Append(Text(document.Info.Description));
        foreach (OpenApiTag tag in document.Tags ?? new HashSet<OpenApiTag>())
        {
            page.Append(Heading(2, tag.Name)).Append(Text(tag.Description));
            foreach (Entry entry in byTag[tag.Name ?? ""])
            {
                AppendOperation(page, entry);
            }
        }

        page.Append(Heading(2, "Messages"));
        foreach ((string name, IOpenApiSchema schema) in schemas)
        {
            AppendSchema(page, name, schema);
        }

        return page.Append("</main></body></html>").ToString();
    }

    private static IEnumerable<Entry> Operations(OpenApiDocument document) =>
        from path in document.Paths
        from operation in path.Value.Operations ?? []
        select new Entry(path.Key, operation.Key.Method, operation.Value);

    private static void AppendContents(
        StringBuilder page, OpenApiDocument document, ILookup<string, Entry> byTag, IEnumerable<string> schemas)
    {
        page.Append("<nav aria-label=\"Methods\"><a href=\"/openapi.json\">openapi.json</a>");
        foreach (OpenApiTag tag in document.Tags ?? new HashSet<OpenApiTag>())
        {
            page.Append("<strong>").Append(Encode(tag.Name)).Append("</strong>");
            foreach (Entry entry in byTag[tag.Name ?? ""])
            {
                page.Append(Link(entry.Id, entry.Name));
            }
        }

        page.Append("<strong>Messages</strong>");
        foreach (string schema in schemas.Order(StringComparer.Ordinal))
        {
            page.Append(Link(schema, LastName(schema)));
        }

        page.Append("</nav>");
    }

    private static void AppendOperation(StringBuilder page, Entry entry)
    {
        OpenApiOperation operation = entry.Operation;
        page.Append("<section id=\"").Append(Encode(entry.Id)).Append("\">").Append(Heading(3, entry.Name))
            .Append("<p><span class=\"verb\">").Append(Encode(entry.Verb)).Append("</span>")
            .Append(Code(entry.Path)).Append("</p>").Append(Text(operation.Description));
        if (operation.Parameters is { Count: > 0 } parameters)
        {
            AppendTable(page, ["Parameter", "In", "Type", "Meaning"], parameters.Select(parameter => (string[])
            [
                Code(parameter.Name) + Mark(parameter.Required),
                Encode(parameter.In?.ToString().ToLowerInvariant()),
                TypeOf(parameter.Schema),
                Text(parameter.Description),
            ]));
        }

        if (operation.RequestBody?.Content?.FirstOrDefault() is { Value: { } body } request)
        {
            page.Append("<p>Body, ").Append(Code(request.Key)).Append(": ").Append(TypeOf(body.Schema)).Append("</p>")
                .Append("<pre>").Append(Encode(body.Example?.ToJsonString(Indented))).Append("</pre>");
        }

        if (operation.Responses?["200"].Content?.FirstOrDefault() is { Value: { } answer } response)
        {
            page.Append("<p>Answer, ").Append(Code(response.Key)).Append(": ").Append(TypeOf(answer.Schema))
                .Append("</p>");
        }

        page.Append("</section>");
    }

    private static void AppendSchema(StringBuilder page, string name, IOpenApiSchema schema)
    {
        page.Append("<section id=\"").Append(Encode(name)).Append("\">").Append(Heading(3, name))
            .Append(Text(schema.Description));
        if (schema.Properties is { Count: > 0 } properties)
        {
            AppendTable(page, ["Field", "Type", "Meaning"], properties.Select(property => (string[])
            [
                Code(property.Key) + Mark(schema.Required?.Contains(property.Key) == true),
                TypeOf(property.Value) + Use(property.Value),
                Text(property.Value.Description),
            ]));
        }

        page.Append("</section>");
    }

    private static void AppendTable(StringBuilder page, string[] heads, IEnumerable<string[]> rows)
    {
        page.Append("<table><thead><tr>");
        foreach (string head in heads)
        {
            page.Append("<th>").Append(head).Append("</th>");
        }

        page.Append("</tr></thead><tbody>");
        foreach (string[] row in rows)
        {
            page.Append("<tr><td>").AppendJoin("</td><td>", row).Append("</td></tr>");
        }

        page.Append("</tbody></table>");
    }

    private static string Style()
    {
        Type owner = typeof(DocsPage);
        using Stream css = owner.Assembly.GetManifestResourceStream(owner, "docs.css")
            ?? throw new InvalidOperationException("The page's style was not built in.");
        using StreamReader reader = new(css);
        return reader.ReadToEnd();
    }

    private static string TypeOf(IOpenApiSchema? schema) => schema switch
    {
        null => "",
        OpenApiSchemaReference { Reference.Id: { } id } => Link(id, LastName(id)),
        { AllOf: [{ } only] } => TypeOf(only),
        { Items: { } items } => "array of " + TypeOf(items),
        { AdditionalProperties: { } values } => "map to " + TypeOf(values),
        _ => Encode(schema.Format ?? schema.Type?.ToString().ToLowerInvariant()),
    };

    private static string Use(IOpenApiSchema schema) => schema switch
    {
        { ReadOnly: true } => "<br>only in answers",
        { WriteOnly: true } => "<br>only in requests",
        _ => "",
    };

    private static string Mark(bool isRequired) => isRequired ? " <abbr title=\"required\">*</abbr>" : "";

    private static string Heading(int level, string? text) => $"<h{level}>{Encode(text)}</h{level}>";

    private static string Link(string id, string text) => $"<a href=\"#{Encode(id)}\">{Encode(text)}</a>";

    private static string Code(string? text) => $"<code>{Encode(text)}</code>";

    private static string Text(string? text) =>
        string.IsNullOrEmpty(text)
            ? ""
            : $"<div class=\"text\">{Quoted().Replace(Encode(text), "<code>$1</code>")}</div>";

    private static string LastName(string fullName) => fullName[(fullName.LastIndexOf('.') + 1)..];

    private static string Encode(string? text) => WebUtility.HtmlEncode(text ?? "");

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    private sealed record Entry(string Path, string Verb, OpenApiOperation Operation)
    {
        public string Tag => Operation.Tags?.FirstOrDefault()?.Name ?? "";

        public string Id => Operation.OperationId ?? "";

        public string Name => Id[(Id.IndexOf('_', StringComparison.Ordinal) + 1)..];
    }
}
