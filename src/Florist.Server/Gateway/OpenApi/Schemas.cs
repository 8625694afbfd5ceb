using System.Text.Json.Nodes;
using Google.Api;
using Google.Protobuf.Reflection;
using Microsoft.OpenApi;

namespace Florist.Server.Gateway.OpenApi;

/// <summary>Messages and enums as schemas of the JSON mapping, each once, under its full name.</summary>
internal sealed class Schemas(OpenApiDocument document, ContractComments comments)
{
    private const string UuidExample = "0b7d9a3e-6c1f-4a52-9d8e-2f4c6a8b0c1d";

    /// <summary>A reference to a message's schema, which is added when it is new.</summary>
    public IOpenApiSchema Of(MessageDescriptor message)
    {
        if (WellKnown(message) is { } known)
        {
            return known;
        }

        Dictionary<string, IOpenApiSchema> all = All();
        if (!all.ContainsKey(message.FullName))
        {
            // Its place is taken before its fields are looked at, since messages may hold themselves.
            OpenApiSchema schema = new() { Type = JsonSchemaType.Object, Description = Text(comments[message]) };
            all.Add(message.FullName, schema);
            Fill(schema, message);
        }

        return new OpenApiSchemaReference(message.FullName, document);
    }

    /// <summary>The schema of a field, with its comment and what the contract says of its use.</summary>
    public IOpenApiSchema Of(FieldDescriptor field)
    {
        IOpenApiSchema one = field.IsMap ? OfMap(field) : OfValue(field);
        if (field is { IsRepeated: true, IsMap: false })
        {
            one = new OpenApiSchema { Type = JsonSchemaType.Array, Items = one };
        }

        return Described(one, field);
    }

    /// <summary>True when the contract gives a field this behaviour.</summary>
    public static bool Is(FieldDescriptor field, FieldBehavior behavior) =>
        field.GetOptions()?.GetExtension(FieldBehaviorExtensions.FieldBehavior)?.Contains(behavior) == true;

    private static string? Text(string comment) => comment.Length == 0 ? null : comment;

    private static OpenApiSchema Simple(JsonSchemaType type, string? format = null, JsonNode? example = null) =>
        new() { Type = type, Format = format, Examples = example is null ? null : [example] };

    private static OpenApiSchema? WellKnown(MessageDescriptor message) => message.FullName switch
    {
        "google.protobuf.Timestamp" => Simple(JsonSchemaType.String, "date-time", "2027-02-14T09:00:00Z"),
        "google.protobuf.Duration" => Simple(JsonSchemaType.String, "duration", "90s"),
        "google.protobuf.FieldMask" => Simple(JsonSchemaType.String, "field-mask", "givenName,preferences"),
        "google.protobuf.Empty" => new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            AdditionalPropertiesAllowed = false,
        },
        "google.protobuf.StringValue" => Simple(JsonSchemaType.String | JsonSchemaType.Null),
        "google.protobuf.BoolValue" => Simple(JsonSchemaType.Boolean | JsonSchemaType.Null),
        "google.protobuf.Int32Value" => Simple(JsonSchemaType.Integer | JsonSchemaType.Null, "int32"),
        "google.protobuf.DoubleValue" => Simple(JsonSchemaType.Number | JsonSchemaType.Null, "double"),
        _ => null,
    };

    private Dictionary<string, IOpenApiSchema> All()
    {
        document.Components ??= new OpenApiComponents();
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        return (Dictionary<string, IOpenApiSchema>)document.Components.Schemas;
    }

    private void Fill(OpenApiSchema schema, MessageDescriptor message)
    {
        schema.Properties = new Dictionary<string, IOpenApiSchema>();
        schema.Required = new HashSet<string>();
        foreach (FieldDescriptor field in message.Fields.InDeclarationOrder())
        {
            schema.Properties.Add(field.JsonName, Of(field));
            if (Is(field, FieldBehavior.Required))
            {
                schema.Required.Add(field.JsonName);
            }
        }

        foreach (OneofDescriptor choice in message.Oneofs.Where(choice => !choice.IsSynthetic))
        {
            string names = string.Join(", ", choice.Fields.Select(field => field.JsonName));
            schema.Description = $"{schema.Description}\nAt most one of these is set: {names}.".Trim();
        }
    }

    private OpenApiSchema OfMap(FieldDescriptor field) => new()
    {
        Type = JsonSchemaType.Object,
        AdditionalProperties = OfValue(field.MessageType.FindFieldByName("value")),
    };

    private IOpenApiSchema OfValue(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message or FieldType.Group => Of(field.MessageType),
        FieldType.Enum => Of(field.EnumType),
        FieldType.Bool => Simple(JsonSchemaType.Boolean),
        FieldType.Bytes => Simple(JsonSchemaType.String, "byte"),
        FieldType.Float => Simple(JsonSchemaType.Number, "float"),
        FieldType.Double => Simple(JsonSchemaType.Number, "double"),
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => Simple(JsonSchemaType.Integer, "int32"),
        FieldType.UInt32 or FieldType.Fixed32 => Simple(JsonSchemaType.Integer, "uint32"),

        // Programs in JavaScript would lose digits of a number of 64 bits, so JSON has it in a string.
        FieldType.UInt64 or FieldType.Fixed64 => Simple(JsonSchemaType.String, "uint64"),
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => Simple(JsonSchemaType.String, "int64"),
        _ => OfString(field),
    };

    private static OpenApiSchema OfString(FieldDescriptor field) =>
        field.GetOptions()?.GetExtension(FieldInfoExtensions.FieldInfo)?.Format == FieldInfo.Types.Format.Uuid4
            ? Simple(JsonSchemaType.String, "uuid", UuidExample)
            : Simple(JsonSchemaType.String);

    private OpenApiSchemaReference Of(EnumDescriptor type)
    {
        Dictionary<string, IOpenApiSchema> all = All();
        if (!all.ContainsKey(type.FullName))
        {
            IEnumerable<string> values = type.Values
                .Where(value => comments[value].Length > 0)
                .Select(value => $"- {value.Name}: {comments[value]}");
            all.Add(type.FullName, new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Description = Text(string.Join('\n', values.Prepend(comments[type])).Trim()),
                Enum = [.. type.Values.Select(value => (JsonNode)value.Name)],
            });
        }

        return new OpenApiSchemaReference(type.FullName, document);
    }

    private OpenApiSchema Described(IOpenApiSchema schema, FieldDescriptor field)
    {
        string? text = Text(comments[field]);
        bool isReadOnly = Is(field, FieldBehavior.OutputOnly);
        bool isWriteOnly = Is(field, FieldBehavior.InputOnly);
        bool isDeprecated = field.GetOptions()?.Deprecated == true;
        if (Is(field, FieldBehavior.Immutable))
        {
            text = $"{text} Cannot be changed later.".Trim();
        }

        if (schema is OpenApiSchema own)
        {
            own.Description = text;
            own.ReadOnly = isReadOnly;
            own.WriteOnly = isWriteOnly;
            own.Deprecated = isDeprecated;
            return own;
        }

        return new OpenApiSchema
        {
            AllOf = [schema],
            Description = text,
            ReadOnly = isReadOnly,
            WriteOnly = isWriteOnly,
            Deprecated = isDeprecated,
        };
    }
}
