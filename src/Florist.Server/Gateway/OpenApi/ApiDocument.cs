using System.Text.Json.Nodes;
using Google.Api;
using Google.Protobuf.Reflection;
using Microsoft.OpenApi;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Florist.Server.Gateway.OpenApi;

/// <summary>
/// The OpenAPI 3.1 document of the JSON side, made of the contracts and their comments when it is first asked for.
/// </summary>
internal sealed class ApiDocument
{
    private const string Bearer = "bearer";
    private const string ErrorSchema = "Error";
    private const string Json = "application/json";
    private const string JsonLines = "application/x-ndjson";
    private const int QueryDepthMax = 3;

    private const string About = """
        The JSON side of Florist's API. Every method is the gRPC method of the same name. Integers of 64 bits are
        strings, names of fields are in camelCase, and a stream answers one JSON object a line.
        """;

    private readonly RouteTable routes;
    private readonly ContractComments comments;
    private readonly ResourceNames resources;
    private readonly Examples examples;
    private readonly Lazy<byte[]> json;

    /// <summary>Remembers what the document is made of.</summary>
    public ApiDocument(Contracts contracts, RouteTable routes)
    {
        this.routes = routes;
        comments = new ContractComments();
        resources = new ResourceNames(contracts);
        examples = new Examples(resources);
        json = new Lazy<byte[]>(() => Write(Make()));
    }

    /// <summary>The document as JSON.</summary>
    public byte[] ToJson() => json.Value;

    /// <summary>The document, made anew.</summary>
    public OpenApiDocument Make()
    {
        OpenApiDocument document = new()
        {
            Info = new OpenApiInfo
            {
                Title = "Florist",
                Version = "v1",
                Description = About,
            },
            Servers = [new OpenApiServer { Url = "/" }],
            Paths = [],
            Tags = new HashSet<OpenApiTag>(),
            Components = new OpenApiComponents
            {
                Schemas = new Dictionary<string, IOpenApiSchema> { [ErrorSchema] = Error() },
                SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
                {
                    [Bearer] = new OpenApiSecurityScheme
                    {
                        Type = SecuritySchemeType.Http,
                        Scheme = Bearer,
                        BearerFormat = "JWT",
                        Description = "A token of the shop's identity provider; in development, of the verb token.",
                    },
                },
            },
        };
        document.Security = [new OpenApiSecurityRequirement { [new(Bearer, document)] = [] }];
        Schemas schemas = new(document, comments);
        foreach (IGrouping<ServiceDescriptor, HttpRoute> service in routes.Routes.GroupBy(r => r.Method.Service))
        {
            document.Tags.Add(new OpenApiTag { Name = service.Key.Name, Description = comments[service.Key] });
            foreach (HttpRoute route in service)
            {
                Add(document, route, schemas);
            }
        }

        document.RegisterComponents();
        return document;
    }

    private static byte[] Write(OpenApiDocument document)
    {
        using MemoryStream stream = new();
        using (StreamWriter text = new(stream, leaveOpen: true))
        {
            document.SerializeAs(OpenApiSpecVersion.OpenApi3_1, new OpenApiJsonWriter(text));
        }

        return stream.ToArray();
    }

    private static OpenApiSchema Error()
    {
        static OpenApiSchema Of(JsonSchemaType type, string text) => new() { Type = type, Description = text };
        OpenApiSchema detail = Of(JsonSchemaType.Object, "One google.rpc message; @type says which.");
        detail.Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["@type"] = Of(JsonSchemaType.String, "Its type."),
        };
        OpenApiSchema details = Of(
            JsonSchemaType.Array, "ErrorInfo with the reason, always; BadRequest when fields are wrong.");
        details.Items = detail;
        OpenApiSchema error = Of(JsonSchemaType.Object, "What went wrong.");
        error.Required = new HashSet<string> { "code", "status", "message", "details" };
        error.Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["code"] = Of(JsonSchemaType.Integer, "The HTTP status."),
            ["status"] = Of(JsonSchemaType.String, "The gRPC status, as INVALID_ARGUMENT."),
            ["message"] = Of(JsonSchemaType.String, "A sentence for developers. May change: act on the reason."),
            ["details"] = details,
        };
        OpenApiSchema body = Of(JsonSchemaType.Object, "The body of every failed call.");
        body.Required = new HashSet<string> { "error" };
        body.Properties = new Dictionary<string, IOpenApiSchema> { ["error"] = error };
        return body;
    }

    private static string FirstSentence(string text)
    {
        int end = text.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? text.TrimEnd('.') : text[..end];
    }

    private void Add(OpenApiDocument document, HttpRoute route, Schemas schemas)
    {
        string path = route.Path.ToOpenApi(resources.Singular);
        if (!document.Paths.TryGetValue(path, out IOpenApiPathItem? item))
        {
            item = new OpenApiPathItem();
            document.Paths.Add(path, item);
        }

        ((OpenApiPathItem)item).AddOperation(new HttpMethod(route.HttpMethod), Operation(document, route, schemas));
    }

    private OpenApiOperation Operation(OpenApiDocument document, HttpRoute route, Schemas schemas)
    {
        MethodDescriptor method = route.Method;
        string comment = comments[method];
        OpenApiOperation operation = new()
        {
            OperationId = $"{method.Service.Name}_{method.Name}",
            Tags = new HashSet<OpenApiTagReference> { new(method.Service.Name, document) },
            Summary = FirstSentence(comment),
            Description = comment,
            Parameters = [.. PathParameters(route), .. QueryParameters(route, schemas)],
            Responses = new OpenApiResponses
            {
                ["200"] = Response(
                    method.IsServerStreaming ? "One answer a line." : "The answer.",
                    method.IsServerStreaming ? JsonLines : Json,
                    schemas.Of(method.OutputType)),
                ["default"] = Response("The call failed.", Json, new OpenApiSchemaReference(ErrorSchema, document)),
            },
        };
        if (route.BodyField.Length > 0)
        {
            MessageDescriptor body = route.BodyField == HttpRoute.WholeRequest
                ? method.InputType
                : method.InputType.FindFieldByName(route.BodyField).MessageType;
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [Json] = new OpenApiMediaType { Schema = schemas.Of(body), Example = examples.Of(body) },
                },
            };
        }

        return operation;
    }

    private static OpenApiResponse Response(string text, string type, IOpenApiSchema schema) => new()
    {
        Description = text,
        Content = new Dictionary<string, OpenApiMediaType> { [type] = new OpenApiMediaType { Schema = schema } },
    };

    private IEnumerable<IOpenApiParameter> PathParameters(HttpRoute route)
    {
        foreach ((string field, string pattern) in route.Path.Fields)
        {
            string[] parts = pattern.Split('/');
            for (int i = 1; i < parts.Length; i++)
            {
                if (parts[i] == "*")
                {
                    yield return new OpenApiParameter
                    {
                        Name = resources.Singular(parts[i - 1]),
                        In = ParameterLocation.Path,
                        Required = true,
                        Description = $"The id that follows {parts[i - 1]}/ in {field}.",
                        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                    };
                }
            }
        }
    }

    private static IEnumerable<IOpenApiParameter> QueryParameters(HttpRoute route, Schemas schemas)
    {
        if (route.BodyField == HttpRoute.WholeRequest)
        {
            return [];
        }

        HashSet<string> taken = [.. route.Path.Fields.Select(field => field.Field), route.BodyField];
        return Leaves(route.Method.InputType, "", taken, schemas, QueryDepthMax);
    }

    private static IEnumerable<IOpenApiParameter> Leaves(
        MessageDescriptor type, string prefix, HashSet<string> taken, Schemas schemas, int depth)
    {
        foreach (FieldDescriptor field in type.Fields.InDeclarationOrder())
        {
            string name = prefix + field.Name;
            if (taken.Contains(name) || field.IsMap || Schemas.Is(field, FieldBehavior.OutputOnly))
            {
                continue;
            }

            if (field.FieldType == FieldType.Message && !QueryField.IsText(field.MessageType))
            {
                if (depth > 1 && !field.IsRepeated)
                {
                    foreach (IOpenApiParameter leaf in
                        Leaves(field.MessageType, prefix + field.JsonName + ".", taken, schemas, depth - 1))
                    {
                        yield return leaf;
                    }
                }

                continue;
            }

            IOpenApiSchema schema = schemas.Of(field);
            yield return new OpenApiParameter
            {
                Name = prefix + field.JsonName,
                In = ParameterLocation.Query,
                Required = Schemas.Is(field, FieldBehavior.Required) && prefix.Length == 0,
                Description = schema.Description,
                Schema = schema,
            };
        }
    }
}
