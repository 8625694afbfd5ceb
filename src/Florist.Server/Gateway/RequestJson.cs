using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Florist.Kernel;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Florist.Server.Gateway;

/// <summary>
/// Makes the request message of an RPC from the parts of an HTTP request: path, query and body, in the JSON mapping of
/// protobuf. Everything is put into one JSON object, so that one parser decides what is well-formed.
/// </summary>
internal static class RequestJson
{
    /// <summary>How deep objects and arrays of a body may nest.</summary>
    public const int NestingMax = 32;

    private const string InvalidJson = "INVALID_JSON";

    private static readonly JsonParser Parser = new(
        JsonParser.Settings.Default.WithRecursionLimit(NestingMax).WithIgnoreUnknownFields(false));

    private static readonly JsonDocumentOptions Strict = new()
    {
        MaxDepth = NestingMax,
        AllowDuplicateProperties = false,
    };

    /// <summary>The request that a path, a query and a body make.</summary>
    /// <param name="match">The route, and what the path captured.</param>
    /// <param name="query">The query's parameters: fields by dotted path; a repeated field several times.</param>
    /// <param name="body">The body; empty when there is none.</param>
    public static Outcome<IMessage> Assemble(
        RouteMatch match, IEnumerable<(string Name, string Value)> query, ReadOnlyMemory<byte> body)
    {
        MessageDescriptor request = match.Route.Method.InputType;
        if (ReadBody(match.Route.BodyField, request, body).Failed(out Fault? wrongBody, out JsonObject? root))
        {
            return wrongBody;
        }

        FieldChecks checks = new();
        foreach ((string name, string value) in query)
        {
            if (match.Route.BodyField == HttpRoute.WholeRequest)
            {
                checks.Add(name, "UNKNOWN_PARAMETER", "this method takes its fields in the body, not in the query");
            }
            else
            {
                QueryField.Set(root, request, name, value, match.Route.BodyField, checks);
            }
        }

        foreach ((string field, string value) in match.Captured)
        {
            SetFromPath(root, request, field, value, checks);
        }

        return checks.Fault is { } fault ? fault : Parse(root, request);
    }

    /// <summary>A message from a JSON body that is the whole of it.</summary>
    public static Outcome<IMessage> Read(MessageDescriptor type, ReadOnlyMemory<byte> body) =>
        ReadBody(HttpRoute.WholeRequest, type, body).Failed(out Fault? fault, out JsonObject? root)
            ? fault
            : Parse(root, type);

    private static Outcome<JsonObject> ReadBody(string bodyField, MessageDescriptor request, ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
        {
            return new JsonObject();
        }

        if (bodyField.Length == 0)
        {
            return Fault.Invalid("body", "UNEXPECTED_BODY", "this method takes no body");
        }

        JsonNode? node;
        try
        {
            node = JsonNode.Parse(body.Span, documentOptions: Strict);
        }
        catch (JsonException wrong)
        {
            return Fault.Invalid(
                bodyField == HttpRoute.WholeRequest ? "body" : bodyField,
                InvalidJson,
                $"is not JSON as it should be: line {wrong.LineNumber + 1}, byte {wrong.BytePositionInLine + 1}");
        }

        if (bodyField == HttpRoute.WholeRequest)
        {
            return node is JsonObject whole ? whole : Fault.Invalid("body", InvalidJson, "must be a JSON object");
        }

        return new JsonObject { [request.FindFieldByName(bodyField).JsonName] = node };
    }

    private static Outcome<IMessage> Parse(JsonObject root, MessageDescriptor type)
    {
        try
        {
            return new Outcome<IMessage>(Parser.Parse(root.ToJsonString(), type), null);
        }
        catch (InvalidProtocolBufferException)
        {
            ImmutableArray<FieldFault> faults = WrongFields.Find(Parser, root, type);
            return faults.IsEmpty
                ? Fault.Invalid("body", InvalidJson, "does not fit the message " + type.FullName)
                : Fault.Invalid(faults);
        }
    }

    private static void SetFromPath(
        JsonObject root, MessageDescriptor request, string field, string value, FieldChecks checks)
    {
        JsonObject owner = root;
        MessageDescriptor type = request;
        string[] parts = field.Split('.');
        foreach (string part in parts[..^1])
        {
            FieldDescriptor step = type.FindFieldByName(part);
            string name = NameIn(owner, step);
            if (owner[name] is null)
            {
                owner[name] = new JsonObject();
            }

            if (owner[name] is not JsonObject inner)
            {
                checks.Add(part, InvalidJson, "must be a JSON object");
                return;
            }

            (owner, type) = (inner, step.MessageType);
        }

        string last = NameIn(owner, type.FindFieldByName(parts[^1]));
        if (owner[last] is JsonValue given && given.GetValueKind() == JsonValueKind.String
            && given.GetValue<string>() is { Length: > 0 } text && text != value)
        {
            checks.Add(field, "DIFFERS_FROM_PATH", "is not the one that the path names");
        }

        owner[last] = value;
    }

    /// <summary>The name by which an object holds a field: bodies may use either spelling.</summary>
    internal static string NameIn(JsonObject owner, FieldDescriptor field) =>
        owner.ContainsKey(field.Name) ? field.Name : field.JsonName;
}
