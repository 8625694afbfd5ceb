using System.Text;

namespace Florist.Messaging;

/// <summary>
/// Writes a text in the GSM-7 alphabet as far as it stays the same word: one foreign character would more than halve
/// what fits into a part, and double the price of the message.
/// </summary>
public static class GsmFold
{
    /// <summary>
    /// Replaces typographic marks and accents that GSM-7 lacks by the plain ones. Letters of other scripts stay.
    /// </summary>
    public static string Fold(string text)
    {
        if (SmsText.FirstOutsideGsm7(text) < 0)
        {
            return text;
        }

        StringBuilder folded = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            string letter = rune.ToString();
            folded.Append(SmsText.FirstOutsideGsm7(letter) < 0 ? letter : Plain(letter));
        }

        return folded.ToString();
    }

    private static string Plain(string letter) => letter switch
    {
        "’" or "‘" or "‚" or "′" or "`" or "´" => "'",
        "“" or "”" or "„" or "«" or "»" => "\"",
        "–" or "—" or "‐" or "‑" => "-",
        "…" => "...",
        "\u00A0" or "\u2009" or "\u202F" => " ",
        "×" => "x",
        "Ł" => "L",
        "ł" => "l",
        "Đ" => "D",
        "đ" => "d",
        "ı" => "i",
        "œ" => "oe",
        "Œ" => "OE",
        "ẞ" => "SS",
        _ => Unaccented(letter),
    };

    private static string Unaccented(string letter)
    {
        string parts = letter.Normalize(NormalizationForm.FormD);
        return parts.Length > 1 && char.IsAsciiLetter(parts[0]) ? parts[..1] : letter;
    }
}
