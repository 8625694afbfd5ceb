using System.Text.Json.Nodes;
using Florist.Kernel;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Florist.Server.Gateway;

/// <summary>Puts a query parameter into the JSON of a request.</summary>
internal static class QueryField
{
    private const string Unknown = "UNKNOWN_PARAMETER";

    /// <summary>
    /// Sets the field that a parameter names, as <c>page_size</c>, <c>pageSize</c> or <c>date.year</c>.
    /// </summary>
    /// <param name="root">The request so far.</param>
    /// <param name="request">Its type.</param>
    /// <param name="name">The parameter.</param>
    /// <param name="value">Its text.</param>
    /// <param name="bodyField">The field that the body holds, which the query cannot reach.</param>
    /// <param name="checks">Where mistakes go.</param>
    public static void Set(
        JsonObject root,
        MessageDescriptor request,
        string name,
        string value,
        string bodyField,
        FieldChecks checks)
    {
        JsonObject owner = root;
        MessageDescriptor type = request;
        string[] parts = name.Split('.');
        for (int i = 0; i < parts.Length; i++)
        {
            if (Find(type, parts[i]) is not { IsMap: false } field || (i == 0 && field.Name == bodyField))
            {
                checks.Add(name, Unknown, "is no parameter of this method");
                return;
            }

            if (i == parts.Length - 1)
            {
                SetLeaf(owner, field, name, value, checks);
                return;
            }

            if (field.IsRepeated || field.FieldType != FieldType.Message || IsText(field.MessageType))
            {
                checks.Add(name, Unknown, $"{field.Name} has no fields of its own");
                return;
            }

            if (owner[field.JsonName] is not JsonObject inner)
            {
                inner = [];
                owner[field.JsonName] = inner;
            }

            (owner, type) = (inner, field.MessageType);
        }
    }

    /// <summary>True for messages that JSON spells as one string or number.</summary>
    public static bool IsText(MessageDescriptor type) =>
        type.File.Package == "google.protobuf" && (type == Timestamp.Descriptor || type == Duration.Descriptor
            || type == FieldMask.Descriptor || type.Name.EndsWith("Value", StringComparison.Ordinal));

    private static FieldDescriptor? Find(MessageDescriptor type, string name) =>
        type.FindFieldByName(name) ?? type.Fields.InDeclarationOrder().FirstOrDefault(field => field.JsonName == name);

    private static void SetLeaf(JsonObject owner, FieldDescriptor field, string name, string value, FieldChecks checks)
    {
        if (field.FieldType == FieldType.Message && !IsText(field.MessageType))
        {
            checks.Add(name, Unknown, "is a message; name its fields, as " + name + ".field");
            return;
        }

        JsonValue? node = Value(field, value);
        if (!field.IsRepeated)
        {
            if (owner.ContainsKey(field.JsonName))
            {
                checks.Add(name, "GIVEN_TWICE", "is given more than once");
            }

            owner[field.JsonName] = node;
        }
        else if (owner[field.JsonName] is JsonArray items)
        {
            items.Add(node);
        }
        else
        {
            owner[field.JsonName] = new JsonArray(node);
        }
    }

    private static JsonValue? Value(FieldDescriptor field, string value)
    {
        if (field.FieldType == FieldType.Bool || (field.FieldType == FieldType.Message
            && field.MessageType == BoolValue.Descriptor))
        {
            return value switch
            {
                "true" => JsonValue.Create(true),
                "false" => JsonValue.Create(false),
                _ => JsonValue.Create(value),
            };
        }

        // Masks are written with the names of the contract or with those of JSON; the parser knows the latter.
        return field.FieldType == FieldType.Message && field.MessageType == FieldMask.Descriptor
            ? JsonValue.Create(CamelCase(value))
            : JsonValue.Create(value);
    }

    private static string CamelCase(string mask)
    {
        Span<char> camel = mask.Length <= 256 ? stackalloc char[mask.Length] : new char[mask.Length];
        int length = 0;
        bool isAfterUnderscore = false;
        foreach (char c in mask)
        {
            if (c == '_')
            {
                isAfterUnderscore = true;
                continue;
            }

            camel[length++] = isAfterUnderscore ? char.ToUpperInvariant(c) : c;
            isAfterUnderscore = false;
        }

        return new string(camel[..length]);
    }
}
