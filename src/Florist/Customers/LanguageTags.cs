namespace Florist.Customers;

/// <summary>Language tags of BCP-47, of the parts that written languages need: language, script, region.</summary>
internal static class LanguageTags
{
    /// <summary>
    /// Reads a tag in any case and puts it in the usual one: <c>de</c>, <c>en-GB</c>, <c>zh-Hant-TW</c>.
    /// </summary>
    public static bool TryRead(string value, out string tag)
    {
        tag = "";
        string[] parts = value.Trim().Split('-');
        if (parts[0].Length is not (2 or 3) || !parts[0].All(char.IsAsciiLetter))
        {
            return false;
        }

        string read = parts[0].ToLowerInvariant();
        int next = 1;
        if (next < parts.Length && parts[next].Length == 4 && parts[next].All(char.IsAsciiLetter))
        {
            read += $"-{char.ToUpperInvariant(parts[next][0])}{parts[next][1..].ToLowerInvariant()}";
            next++;
        }

        if (next < parts.Length && IsRegion(parts[next]))
        {
            read += $"-{parts[next].ToUpperInvariant()}";
            next++;
        }

        tag = next == parts.Length ? read : "";
        return next == parts.Length;
    }

    private static bool IsRegion(string part) =>
        (part.Length == 2 && part.All(char.IsAsciiLetter)) || (part.Length == 3 && part.All(char.IsAsciiDigit));
}
