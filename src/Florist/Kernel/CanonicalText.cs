using System.Text;

namespace Florist.Kernel;

/// <summary>
/// The one form in which texts from callers are kept: trimmed, well-formed, Unicode normal form C (AIP-210).
/// </summary>
public static class CanonicalText
{
    /// <summary>
    /// Makes the canonical form; false for unpaired surrogates and for control characters other than line breaks.
    /// </summary>
    public static bool TryMake(string value, out string text)
    {
        text = "";
        if (!HasPairedSurrogates(value))
        {
            return false;
        }

        foreach (char c in value)
        {
            if (char.IsControl(c) && c is not ('\n' or '\r' or '\t'))
            {
                return false;
            }
        }

        text = value.Trim().ReplaceLineEndings("\n").Normalize(NormalizationForm.FormC);
        return true;
    }

    /// <summary>Length in Unicode code points, the unit of every published limit (AIP-210).</summary>
    public static int Length(string text)
    {
        int count = 0;
        foreach (Rune _ in text.EnumerateRunes())
        {
            count++;
        }

        return count;
    }

    private static bool HasPairedSurrogates(string value)
    {
        for (int i = 0; i < value.Length; i++)
        {
            if (!char.IsSurrogate(value[i]))
            {
                continue;
            }

            if (i + 1 >= value.Length || !char.IsSurrogatePair(value[i], value[i + 1]))
            {
                return false;
            }

            i++;
        }

        return true;
    }
}
