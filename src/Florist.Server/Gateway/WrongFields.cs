using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Florist.Kernel;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Florist.Server.Gateway;

/// <summary>
/// Says which fields of a JSON body do not fit their message. Looked for only after the parser refused the whole, since
/// its own words name no path.
/// </summary>
internal static class WrongFields
{
    private const int FaultsMax = 20;

    /// <summary>The wrong fields, by the paths of the contract; at most twenty.</summary>
    public static ImmutableArray<FieldFault> Find(JsonParser parser, JsonObject root, MessageDescriptor type)
    {
        ImmutableArray<FieldFault>.Builder faults = ImmutableArray.CreateBuilder<FieldFault>();
        Look(parser, root, type, "", faults);
        return faults.ToImmutable();
    }

    private static void Look(
        JsonParser parser,
        JsonObject json,
        MessageDescriptor type,
        string path,
        ImmutableArray<FieldFault>.Builder faults)
    {
        foreach ((string name, JsonNode? value) in json)
        {
            if (faults.Count == FaultsMax)
            {
                return;
            }

            FieldDescriptor? field = type.FindFieldByName(name)
                ?? type.Fields.InDeclarationOrder().FirstOrDefault(candidate => candidate.JsonName == name);
            string here = path + (field?.Name ?? name);
            if (field is null)
            {
                faults.Add(new FieldFault(here, "UNKNOWN_FIELD", "is no field of " + type.FullName));
            }
            else if (!Fits(parser, name, value, type))
            {
                LookInside(parser, field, value, here, faults);
            }
        }
    }

    private static void LookInside(
        JsonParser parser,
        FieldDescriptor field,
        JsonNode? value,
        string path,
        ImmutableArray<FieldFault>.Builder faults)
    {
        int before = faults.Count;
        if (field is { FieldType: FieldType.Message, IsMap: false } && !QueryField.IsText(field.MessageType))
        {
            if (value is JsonObject inner && !field.IsRepeated)
            {
                Look(parser, inner, field.MessageType, path + ".", faults);
            }
            else if (value is JsonArray items && field.IsRepeated)
            {
                for (int i = 0; i < items.Count; i++)
                {
                    if (items[i] is JsonObject item)
                    {
                        Look(parser, item, field.MessageType, $"{path}[{i}].", faults);
                    }
                }
            }
        }

        if (faults.Count == before)
        {
            faults.Add(new FieldFault(path, "INVALID_VALUE", "must be " + Describe(field)));
        }
    }

    private static bool Fits(JsonParser parser, string name, JsonNode? value, MessageDescriptor type)
    {
        try
        {
            parser.Parse(new JsonObject { [name] = value?.DeepClone() }.ToJsonString(), type);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    private static string Describe(FieldDescriptor field)
    {
        string one = field.FieldType switch
        {
            FieldType.Message or FieldType.Group => field.MessageType.FullName switch
            {
                "google.protobuf.Timestamp" => "a time such as 2027-02-14T09:00:00Z",
                "google.protobuf.Duration" => "a duration such as 3.5s",
                "google.protobuf.FieldMask" => "field paths with commas between",
                string other => "an object " + other,
            },
            FieldType.Enum => "one of " + string.Join(
                ", ", field.EnumType.Values.Where(value => value.Number != 0).Take(12).Select(value => value.Name)),
            FieldType.Bool => "true or false",
            FieldType.String => "a string",
            FieldType.Bytes => "base64 in a string",
            FieldType.Float or FieldType.Double => "a number",
            FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => "a whole number of 32 bits",
            FieldType.UInt32 or FieldType.Fixed32 => "a whole number of 32 bits, not negative",
            FieldType.UInt64 or FieldType.Fixed64 => "a whole number of 64 bits, not negative",
            _ => "a whole number of 64 bits",
        };
        return field.IsMap ? "an object" : field.IsRepeated ? "an array, each element " + one : one;
    }
}
