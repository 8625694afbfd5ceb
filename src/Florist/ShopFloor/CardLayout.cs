using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Florist.Orders;

namespace Florist.ShopFloor;

/// <summary>A card as it is printed.</summary>
/// <param name="Lines">The lines; none is wider than <paramref name="Columns"/>.</param>
/// <param name="Columns">Columns of the printer.</param>
/// <param name="IsSmall">Laid out for the small print.</param>
internal sealed record LaidOutCard(ImmutableArray<string> Lines, int Columns, bool IsSmall);

/// <summary>
/// Lays a card out in lines. Pure. Breaks between words, and within a word only where it is wider than a line; the
/// sender's own line breaks stay. A letter and its accents are never taken apart.
/// </summary>
internal static class CardLayout
{
    /// <summary>The lines of a card, in the usual print if it fits, else in the small one.</summary>
    public static LaidOutCard Lay(CardMessage card, ShopFloorOptions options)
    {
        ImmutableArray<string> usual = Lines(card, options.CardColumns);
        return usual.Length <= options.CardLines
            ? new LaidOutCard(usual, options.CardColumns, IsSmall: false)
            : new LaidOutCard(Lines(card, options.CardColumnsSmall), options.CardColumnsSmall, IsSmall: true);
    }

    /// <summary>The columns that a text takes: a wide character of East Asia takes two, an accent none.</summary>
    public static int WidthOf(string text) => text.EnumerateRunes().Sum(Width);

    private static ImmutableArray<string> Lines(CardMessage card, int columns)
    {
        ImmutableArray<string>.Builder lines = ImmutableArray.CreateBuilder<string>();
        if (card.Text.Length > 0)
        {
            foreach (string line in card.Text.Split('\n'))
            {
                Wrap(line, columns, lines);
            }
        }

        if (card.Signature is { } signature)
        {
            if (lines.Count > 0)
            {
                lines.Add("");
            }

            Wrap(signature, columns, lines);
        }

        return lines.ToImmutable();
    }

    private static void Wrap(string text, int columns, ImmutableArray<string>.Builder lines)
    {
        string line = "";
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string longer = line.Length == 0 ? word : $"{line} {word}";
            if (WidthOf(longer) <= columns)
            {
                line = longer;
                continue;
            }

            if (line.Length > 0)
            {
                lines.Add(line);
            }

            line = Cut(word, columns, lines);
        }

        lines.Add(line);
    }

    // Full lines of a word that is wider than one; answers what is left of it.
    private static string Cut(string word, int columns, ImmutableArray<string>.Builder lines)
    {
        string line = "";
        TextElementEnumerator letters = StringInfo.GetTextElementEnumerator(word);
        while (letters.MoveNext())
        {
            string letter = letters.GetTextElement();
            if (WidthOf(line) + WidthOf(letter) > columns)
            {
                lines.Add(line);
                line = "";
            }

            line += letter;
        }

        return line;
    }

    private static int Width(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark => 0,
        _ => IsWide(rune.Value) ? 2 : 1,
    };

    // Hangul, kana, ideographs and full-width forms of the basic plane; cards hold nothing beyond it.
    private static bool IsWide(int value) =>
        value is (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7A3)
            or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60)
            or (>= 0xFFE0 and <= 0xFFE6);
}
