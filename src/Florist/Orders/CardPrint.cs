using System.Globalization;
using System.Text;
using Florist.Kernel;

namespace Florist.Orders;

/// <summary>
/// What the shop's card printer can print. Refused with a reason rather than dropped: a card must say all it was
/// meant to.
/// </summary>
internal static class CardPrint
{
    /// <summary>Collects a fault when the text holds something that cannot be printed.</summary>
    public static void Check(string? text, string field, FieldChecks checks)
    {
        foreach (Rune rune in (text ?? "").EnumerateRunes())
        {
            if (!IsPrintable(rune))
            {
                checks.Add(field, "NOT_PRINTABLE", $"holds U+{rune.Value:X4}, which the card printer cannot print");
                return;
            }
        }
    }

    /// <summary>
    /// Letters, marks, digits, punctuation, spaces, line breaks and currency signs of the basic plane.
    /// </summary>
    public static bool IsPrintable(Rune rune) => rune.IsBmp && (rune.Value == '\n' || Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
        or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.OtherNumber
        or UnicodeCategory.ConnectorPunctuation or UnicodeCategory.DashPunctuation
        or UnicodeCategory.OpenPunctuation or UnicodeCategory.ClosePunctuation
        or UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation
        or UnicodeCategory.OtherPunctuation or UnicodeCategory.MathSymbol or UnicodeCategory.CurrencySymbol
        or UnicodeCategory.SpaceSeparator);
}
