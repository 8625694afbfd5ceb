using System.Collections.Immutable;
using Florist.Kernel;

namespace Florist.Customers;

/// <summary>Reads fields of people's profiles and tastes, collecting what is wrong.</summary>
internal static class ProfileReads
{
    private const int WordLengthMax = 40;

    /// <summary>One line of text; empty when absent or refused.</summary>
    public static string PersonName(string field, string value, FieldChecks checks)
    {
        string name = checks.OptionalText(field, value, CustomerLimits.NameLengthMax) ?? "";
        checks.That(!name.Contains('\n') && !name.Contains('\t'), field, "INVALID_TEXT", "is more than one line");
        return name;
    }

    /// <summary>A language tag; empty when absent or refused.</summary>
    public static string Language(string field, string value, FieldChecks checks)
    {
        if (value.Length > 0 && !LanguageTags.TryRead(value, out _))
        {
            checks.Add(field, "LANGUAGE_INVALID", "is not a BCP-47 tag of language, script and region, such as en-GB");
        }

        return LanguageTags.TryRead(value, out string tag) ? tag : "";
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

    private static bool IsWord(string word) =>
        word.Length is > 0 and <= WordLengthMax && char.IsAsciiLetterLower(word[0]) && word[^1] != '-'
        && word.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
