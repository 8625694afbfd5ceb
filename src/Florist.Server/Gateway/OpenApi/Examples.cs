using System.Text.Json.Nodes;
using Google.Api;
using Google.Protobuf.Reflection;

namespace Florist.Server.Gateway.OpenApi;

/// <summary>
/// Bodies of requests as a reader would write them: every field that a caller sets, with a plausible value.
/// </summary>
internal sealed class Examples(ResourceNames resources)
{
    private const int DepthMax = 5;

    /// <summary>An example of a message.</summary>
    public JsonObject Of(MessageDescriptor message) => Of(message, DepthMax);

    private static JsonNode? OfText(string type) => type switch
    {
        "google.protobuf.Timestamp" => "2027-02-14T09:00:00Z",
        "google.protobuf.Duration" => "90s",
        "google.protobuf.FieldMask" => "givenName,preferences",
        "google.protobuf.BoolValue" => true,
        "google.protobuf.Int32Value" => 7,
        _ => "text",
    };

    private JsonObject Of(MessageDescriptor message, int depth)
    {
        JsonObject example = [];
        HashSet<OneofDescriptor> chosen = [];
        foreach (FieldDescriptor field in message.Fields.InDeclarationOrder())
        {
            bool isSpare = field.RealContainingOneof is { } choice && !chosen.Add(choice);
            if (isSpare || field.IsMap || Schemas.Is(field, FieldBehavior.OutputOnly)
                || Schemas.Is(field, FieldBehavior.Identifier))
            {
                continue;
            }

            if (Value(message, field, depth) is { } value)
            {
                example[field.JsonName] = field.IsRepeated ? new JsonArray(value) : value;
            }
        }

        return example;
    }

    private JsonNode? Value(MessageDescriptor owner, FieldDescriptor field, int depth) => field.FieldType switch
    {
        FieldType.Message when QueryField.IsText(field.MessageType) => OfText(field.MessageType.FullName),
        FieldType.Message => depth > 1 ? Of(field.MessageType, depth - 1) : null,
        FieldType.Enum => field.EnumType.Values.First(value => value.Number != 0).Name,
        FieldType.Bool => true,
        FieldType.Bytes => "AAEC",
        FieldType.Float or FieldType.Double => 1.5,
        FieldType.String => Text(field),
        FieldType.Int64 or FieldType.UInt64 => field.Name == "units" ? "35" : "1",
        _ => Number(owner, field),
    };

    private static JsonNode Number(MessageDescriptor owner, FieldDescriptor field) => (owner.Name, field.Name) switch
    {
        ("Date", "year") => 2027,
        ("Date", "month") => 2,
        ("Date", "day") => 14,
        (_, "nanos" or "revision") => 0,
        _ => 1,
    };

    private JsonNode Text(FieldDescriptor field)
    {
        if (field.GetOptions()?.GetExtension(ResourceExtensions.ResourceReference) is { } reference
            && resources.SampleOf(reference.Type) is { } name)
        {
            return name;
        }

        if (field.GetOptions()?.GetExtension(FieldInfoExtensions.FieldInfo)?.Format == FieldInfo.Types.Format.Uuid4)
        {
            return "0b7d9a3e-6c1f-4a52-9d8e-2f4c6a8b0c1d";
        }

        return field.Name switch
        {
            "given_name" => "Anna",
            "family_name" => "Berg",
            "email" or "email_address" => "anna@example.com",
            "mobile" or "phone" or "phone_number" or "mobile_number" => "+447700900123",
            "language_code" => "en",
            "region_code" => "GB",
            "currency_code" => "GBP",
            "time_zone" => "Europe/London",
            "postal_code" => "SW1A 1AA",
            "locality" => "London",
            "address_lines" => "1 Rose Lane",
            "etag" => "\"5\"",
            _ => "text",
        };
    }
}
