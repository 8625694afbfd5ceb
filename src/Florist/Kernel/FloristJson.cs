using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Florist.Kernel;

/// <summary>
/// The one serialised form of states, commands, answers and events. What was stored in an earlier version of its record
/// is lifted to the present one as it is read, see <see cref="StateVersionAttribute"/>.
/// </summary>
public static class FloristJson
{
    /// <summary>
    /// Reflection resolver on purpose: source generation drops the initialisers that give an old record's missing
    /// property its value. Nulls are left out, so that a property added later costs old rows nothing.
    /// </summary>
    public static readonly JsonSerializerOptions Options = Make();

    /// <summary>The JSON text of a value.</summary>
    public static string Write<T>(T value) => Encoding.UTF8.GetString(WriteBytes(value));

    /// <summary>The UTF-8 JSON of a value.</summary>
    public static byte[] WriteBytes<T>(T value) =>
        StateVersions.Stamped<T>(JsonSerializer.SerializeToUtf8Bytes(value, Options));

    /// <summary>Reads what <see cref="Write{T}"/> wrote.</summary>
    /// <exception cref="JsonException">The text is not the JSON of a <typeparamref name="T"/>.</exception>
    /// <exception cref="NewerStateException">A later version of the program has written it.</exception>
    public static T Read<T>(string json) => Read<T>(Encoding.UTF8.GetBytes(json));

    /// <summary>Reads what <see cref="WriteBytes{T}"/> wrote.</summary>
    /// <exception cref="JsonException">The bytes are not the JSON of a <typeparamref name="T"/>.</exception>
    /// <exception cref="NewerStateException">A later version of the program has written it.</exception>
    public static T Read<T>(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<T>(StateVersions.Current<T>(json), Options)
            ?? throw new JsonException($"null is no {typeof(T).Name}");

    private static JsonSerializerOptions Make()
    {
        JsonSerializerOptions options = new(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            NumberHandling = JsonNumberHandling.Strict,
            PropertyNameCaseInsensitive = false,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        };
        options.Converters.Add(new JsonStringEnumConverter());
        options.Converters.Add(new IdConverterFactory());
        options.MakeReadOnly();
        return options;
    }
}
