using System.Collections.Immutable;
using Florist.Kernel;

namespace Florist.Customers;

/// <summary>Reads single fields of the messages of this feature, collecting what is wrong.</summary>
internal static class FieldReads
{
    private const int WordLengthMax = 40;

    /// <summary>One line of text; empty when absent or refused.</summary>
    public static string PersonName(string field, string value, FieldChecks checks)
    {
        string name = checks.OptionalText(field, value, CustomerLimits.NameLengthMax) ?? "";
        checks.That(!name.Contains('\n') && !name.Contains('\t'), field, "INVALID_TEXT", "is more than one line");
        return name;
    }

    public static string? Email(string field, string value, FieldChecks checks)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return null;
        }

        if (CanonicalText.TryMake(value, out string text) && ContactRules.TryEmail(text, out string email))
        {
            return email;
        }

        checks.Add(field, "EMAIL_INVALID", "is not an e-mail address such as name@example.org");
        return null;
    }

    public static string? Phone(string field, string value, FieldChecks checks)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return null;
        }

        if (ContactRules.TryPhone(value, out string phone))
        {
            return phone;
        }

        checks.Add(field, "PHONE_INVALID", "is not a telephone number in E.164, such as +447700900123");
        return null;
    }

    /// <summary>Empty when absent or refused.</summary>
    public static string Language(string field, string value, FieldChecks checks)
    {
        if (value.Length > 0 && !LanguageTags.TryRead(value, out _))
        {
            checks.Add(field, "LANGUAGE_INVALID", "is not a BCP-47 tag of language, script and region, such as en-GB");
        }

        return LanguageTags.TryRead(value, out string tag) ? tag : "";
    }

    /// <summary>Empty when absent or refused.</summary>
    public static string Zone(string field, string value, FieldChecks checks)
    {
        if (value.Length == 0 || Zones.Known(value))
        {
            return value;
        }

        checks.Add(field, "TIME_ZONE_UNKNOWN", "is not an IANA time zone, such as Europe/London");
        return "";
    }

    /// <summary>
    /// Stems, colours, allergies: lower-case words joined by hyphens, each kept once, at most <see
    /// cref="Preferences.EntriesMax"/>.
    /// </summary>
    public static ImmutableArray<string> Words(string field, IReadOnlyList<string> values, FieldChecks checks)
    {
        checks.That(
            values.Count <= Preferences.EntriesMax, field, "TOO_MANY", $"more than {Preferences.EntriesMax} entries");
        ImmutableArray<string>.Builder words = ImmutableArray.CreateBuilder<string>();
        for (int i = 0; i < Math.Min(values.Count, Preferences.EntriesMax); i++)
        {
            string word = values[i].Trim().ToLowerInvariant();
            if (!IsWord(word))
            {
                checks.Add($"{field}[{i}]", "WORD_INVALID", "is not letters, digits and hyphens, such as white-iris");
            }
            else if (!words.Contains(word))
            {
                words.Add(word);
            }
        }

        return words.ToImmutable();
    }

    /// <summary>
    /// An enum of the contract, whose numbers are one above our own because 0 means unset; unset is our first value.
    /// </summary>
    public static TOwn Choice<TOwn>(string field, int number, FieldChecks checks)
        where TOwn : struct, Enum => number == 0 ? default : Required<TOwn>(field, number, checks);

    /// <summary>As <see cref="Choice"/>, but unset is refused.</summary>
    public static TOwn Required<TOwn>(string field, int number, FieldChecks checks)
        where TOwn : struct, Enum
    {
        if (number != 0 && Enum.IsDefined(typeof(TOwn), number - 1))
        {
            return (TOwn)Enum.ToObject(typeof(TOwn), number - 1);
        }

        checks.Add(
            field,
            number == 0 ? "REQUIRED" : "VALUE_UNKNOWN",
            number == 0 ? "is required" : "is not a value that this version knows");
        return default;
    }

    private static bool IsWord(string word) =>
        word.Length is > 0 and <= WordLengthMax && char.IsAsciiLetterLower(word[0]) && word[^1] != '-'
        && word.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
