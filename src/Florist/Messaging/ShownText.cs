using System.Globalization;
using System.Text;

namespace Florist.Messaging;

/// <summary>Prepares texts that people chose (names, titles, places) for being shown in messages.</summary>
internal static class ShownText
{
    /// <summary>
    /// The text on one line, without characters that turn the reading direction or hide themselves, and not longer than
    /// so many characters as readers count them.
    /// </summary>
    public static string Line(string? text, int lengthMax)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        StringBuilder line = new();
        bool space = false;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
            {
                space = line.Length > 0;
            }
            else if (!IsInvisible(rune))
            {
                line.Append(space ? " " : "").Append(rune.ToString());
                space = false;
            }
        }

        return Cut(line.ToString(), lengthMax);
    }

    // The joiners hold emoji together and shape letters of some scripts; they cannot turn the direction.
    private static bool IsInvisible(Rune rune) =>
        rune.Value != 0x200D && rune.Value != 0x200C
        && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.PrivateUse;

    private static string Cut(string text, int lengthMax)
    {
        StringInfo letters = new(text);
        return letters.LengthInTextElements <= lengthMax
            ? text
            : letters.SubstringByTextElements(0, lengthMax - 1).TrimEnd() + "…";
    }
}
