using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Florist.Delivery.Webhooks;

/// <summary>Understands the webhooks of one vocabulary.</summary>
internal interface ICourierAdapter
{
    /// <summary>Which vocabulary.</summary>
    WebhookVocabulary Vocabulary { get; }

    /// <summary>True when whoever knows the secret sent these very bytes.</summary>
    bool IsGenuine(CourierId courier, IHeaderDictionary headers, ReadOnlySpan<byte> body, string secret);

    /// <summary>What a genuine body says.</summary>
    WebhookNews Read(JsonElement body, ReadOnlySpan<byte> bytes);
}

/// <summary>Reads what may be missing, or of another type than documented, from what others send.</summary>
internal static class VendorJson
{
    /// <summary>A text behind a path of names; null when there is none.</summary>
    public static string? Text(this JsonElement body, params ReadOnlySpan<string> path) =>
        Find(body, path) switch
        {
            { ValueKind: JsonValueKind.String } text => text.GetString(),
            { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
            _ => null,
        };

    /// <summary>A number behind a path of names; null when there is none.</summary>
    public static double? Number(this JsonElement body, params ReadOnlySpan<string> path) =>
        Find(body, path) is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out double value)
            ? value
            : null;

    /// <summary>True when there is a true behind a path of names.</summary>
    public static bool IsTrue(this JsonElement body, params ReadOnlySpan<string> path) =>
        Find(body, path) is { ValueKind: JsonValueKind.True };

    /// <summary>An instant behind a path of names; null when there is none.</summary>
    public static DateTimeOffset? Instant(this JsonElement body, params ReadOnlySpan<string> path) =>
        Find(body, path) is { ValueKind: JsonValueKind.String } text
        && text.TryGetDateTimeOffset(out DateTimeOffset instant)
            ? instant
            : null;

    /// <summary>A position of two numbers; null when there is none.</summary>
    public static LocationReport? Position(
        this JsonElement body, string latitude, string longitude, params string[] path) =>
        body.Number([.. path, latitude]) is { } north && body.Number([.. path, longitude]) is { } east
            ? new LocationReport(north, east)
            : null;

    /// <summary>The first word of a name; null for none.</summary>
    public static string? GivenName(string? name) =>
        name?.Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() is { Length: <= 40 } given
        && Kernel.CanonicalText.TryMake(given, out string canonical)
            ? canonical
            : null;

    /// <summary>An id made of the bytes themselves, for those who give none.</summary>
    public static string IdOf(string prefix, ReadOnlySpan<byte> bytes) =>
        prefix + Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16));

    /// <summary>Whether two texts are the same, in a time that does not tell how far they are.</summary>
    public static bool Same(string one, string other) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(one)), SHA256.HashData(Encoding.UTF8.GetBytes(other)));

    private static JsonElement? Find(JsonElement body, ReadOnlySpan<string> path)
    {
        foreach (string name in path)
        {
            if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty(name, out body))
            {
                return null;
            }
        }

        return body;
    }
}
