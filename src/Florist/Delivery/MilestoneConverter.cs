using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Florist.Delivery;

/// <summary>
/// Writes a milestone as one short string, <c>Arrive 2 1772798400000</c> with a <c>~</c> behind an inferred one: with
/// three attempts a delivery has up to fifteen of them, and five deliveries share an order's state.
/// </summary>
internal sealed class MilestoneConverter : JsonConverter<Milestone>
{
    public override Milestone Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string text = reader.GetString() ?? "";
        string[] parts = text.Split(' ');
        if (parts.Length == 3
            && Enum.TryParse(parts[0], out MilestoneKind kind)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int attempt)
            && long.TryParse(
                parts[2].TrimEnd('~'),
                NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out long milliseconds))
        {
            return new(
                kind, attempt, DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), parts[2].EndsWith('~'));
        }

        throw new JsonException($"'{text}' is no milestone");
    }

    public override void Write(Utf8JsonWriter writer, Milestone value, JsonSerializerOptions options) =>
        writer.WriteStringValue(string.Create(
            CultureInfo.InvariantCulture,
            $"{value.Kind} {value.Attempt} {value.At.ToUnixTimeMilliseconds()}{(value.Inferred ? "~" : "")}"));
}
