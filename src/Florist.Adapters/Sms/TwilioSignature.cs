using System.Security.Cryptography;
using System.Text;

namespace Florist.Adapters.Sms;

/// <summary>
/// The signature that Twilio puts on its callbacks: HMAC-SHA1, keyed by the account's token, of the address that Twilio
/// was given and the decoded form. Behind a proxy that address comes from the settings, never from the Host header.
/// </summary>
public static class TwilioSignature
{
    /// <summary>The header that carries it.</summary>
    public const string Header = "X-Twilio-Signature";

    private const string BodyHash = "bodySHA256=";

    /// <summary>Signs a callback.</summary>
    /// <param name="authToken">The account's token.</param>
    /// <param name="url">The whole address with its query, exactly as Twilio has it.</param>
    /// <param name="form">The decoded form; empty for a JSON body.</param>
    /// <returns>The signature in Base64.</returns>
    public static string Sign(string authToken, string url, IEnumerable<KeyValuePair<string, string>> form) =>
        Convert.ToBase64String(Digest(authToken, url, form));

    /// <summary>Checks the signature of a callback with a form.</summary>
    /// <param name="authToken">The account's token.</param>
    /// <param name="url">The whole address with its query, exactly as Twilio has it.</param>
    /// <param name="form">The decoded form, all of it: Twilio adds fields without notice.</param>
    /// <param name="signature">The header's value; null when it is missing.</param>
    /// <returns>
    /// Whether Twilio sent it. The port may be named or left out, for Twilio signs now one, now the other.
    /// </returns>
    public static bool Matches(
        string authToken, string url, IEnumerable<KeyValuePair<string, string>> form, string? signature)
    {
        byte[] given = new byte[HMACSHA1.HashSizeInBytes + 2];
        if (signature is null || !Convert.TryFromBase64String(signature, given, out int length))
        {
            return false;
        }

        KeyValuePair<string, string>[] fields = [.. form];
        bool matches = false;
        foreach (string variant in Variants(url))
        {
            matches |= CryptographicOperations.FixedTimeEquals(
                Digest(authToken, variant, fields), given.AsSpan(0, length));
        }

        return matches;
    }

    /// <summary>Checks the signature of a callback with any other body, such as JSON.</summary>
    /// <param name="authToken">The account's token.</param>
    /// <param name="url">The whole address; its query names the body's SHA-256.</param>
    /// <param name="body">The raw body.</param>
    /// <param name="signature">The header's value; null when it is missing.</param>
    /// <returns>Whether Twilio sent it.</returns>
    public static bool MatchesBody(string authToken, string url, ReadOnlySpan<byte> body, string? signature)
    {
        int query = url.IndexOf('?', StringComparison.Ordinal);
        string? named = query < 0
            ? null
            : url[(query + 1)..].Split('&').FirstOrDefault(p => p.StartsWith(BodyHash, StringComparison.Ordinal));
        if (named is null)
        {
            return false;
        }

        byte[] actual = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(body)));
        byte[] expected = Encoding.UTF8.GetBytes(named[BodyHash.Length..]);
        return CryptographicOperations.FixedTimeEquals(actual, expected) && Matches(authToken, url, [], signature);
    }

    private static byte[] Digest(string authToken, string url, IEnumerable<KeyValuePair<string, string>> form)
    {
        StringBuilder text = new(url);
        IEnumerable<KeyValuePair<string, string>> ordered = form
            .Distinct()
            .OrderBy(field => field.Key, StringComparer.Ordinal)
            .ThenBy(field => field.Value, StringComparer.Ordinal);
        foreach ((string key, string value) in ordered)
        {
            text.Append(key).Append(value);
        }

#pragma warning disable CA5350 // Twilio's algorithm; as a keyed hash SHA-1 has no known weakness.
        return HMACSHA1.HashData(Encoding.UTF8.GetBytes(authToken), Encoding.UTF8.GetBytes(text.ToString()));
#pragma warning restore CA5350
    }

    // On the text and not through Uri, which would write the address in its own way.
    private static IEnumerable<string> Variants(string url)
    {
        yield return url;
        int start = url.IndexOf("://", StringComparison.Ordinal) + 3;
        if (start < 3)
        {
            yield break;
        }

        int end = url.IndexOfAny(['/', '?', '#'], start);
        end = end < 0 ? url.Length : end;
        int colon = url.LastIndexOf(':', end - 1, end - start);
        bool named = colon > url.LastIndexOf(']', end - 1, end - start);
        if (named)
        {
            yield return url.Remove(colon, end - colon);
        }
        else
        {
            yield return url.Insert(end, url.StartsWith("https:", StringComparison.OrdinalIgnoreCase) ? ":443" : ":80");
        }
    }
}
