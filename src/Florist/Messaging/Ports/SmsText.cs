using System.Collections.Frozen;

namespace Florist.Messaging;

/// <summary>The alphabet in which a text message travels.</summary>
public enum SmsEncoding
{
    /// <summary>The GSM 03.38 default alphabet: 7 bits a character, 14 for those of the extension table.</summary>
    Gsm7 = 1,

    /// <summary>UTF-16 units of 16 bits; one character outside GSM-7 turns the whole text into this.</summary>
    Ucs2 = 2,
}

/// <summary>What a text message costs.</summary>
/// <param name="Encoding">The alphabet it needs.</param>
/// <param name="Units">Its length in units of that alphabet: septets or 16-bit units.</param>
/// <param name="Segments">The parts it travels in, each of which is billed; 0 for an empty text.</param>
/// <param name="UnitsLeft">How many units of the last part are free; 0 for an empty text.</param>
public readonly record struct SmsMeasure(SmsEncoding Encoding, int Units, int Segments, int UnitsLeft);

/// <summary>Counts what a text message costs, as the networks do (3GPP 23.038 and 23.040, 8-bit references).</summary>
public static class SmsText
{
    /// <summary>The longest body a provider takes, in UTF-16 units.</summary>
    public const int BodyMax = 1600;

    private const int GsmSingleMax = 160;
    private const int GsmPartMax = 153;
    private const int UcsSingleMax = 70;
    private const int UcsPartMax = 67;

    // The basic character set in the order of the standard, without the escape position 0x1B.
    private const string GsmBasic =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
        "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    // The extension table; each of these is an escape and a second septet.
    private const string GsmExtension = "\f^{}\\[~]|€";

    private static readonly FrozenSet<char> Basic = GsmBasic.ToFrozenSet();
    private static readonly FrozenSet<char> Extension = GsmExtension.ToFrozenSet();

    /// <summary>Measures a text.</summary>
    /// <param name="body">The text.</param>
    /// <returns>Its alphabet, length and number of parts.</returns>
    public static SmsMeasure Measure(string body)
    {
        if (body.Length == 0)
        {
            return new SmsMeasure(SmsEncoding.Gsm7, 0, 0, 0);
        }

        return FirstOutsideGsm7(body) < 0
            ? Measure(body, SmsEncoding.Gsm7, GsmSingleMax, GsmPartMax)
            : Measure(body, SmsEncoding.Ucs2, UcsSingleMax, UcsPartMax);
    }

    /// <summary>
    /// Finds the first character that turns the whole text into UCS-2, for a writer who wants to avoid it.
    /// </summary>
    /// <param name="body">The text.</param>
    /// <returns>Its index, or -1 when there is none.</returns>
    public static int FirstOutsideGsm7(string body)
    {
        for (int index = 0; index < body.Length; index++)
        {
            if (!Basic.Contains(body[index]) && !Extension.Contains(body[index]))
            {
                return index;
            }
        }

        return -1;
    }

    private static SmsMeasure Measure(string body, SmsEncoding encoding, int singleMax, int partMax)
    {
        int units = 0;
        int segments = 1;
        int inPart = 0;
        for (int index = 0; index < body.Length; index++)
        {
            int width = Width(body, index, encoding);
            units += width;
            if (inPart + width > partMax)
            {
                segments++;
                inPart = 0;
            }

            inPart += width;
            index += encoding == SmsEncoding.Ucs2 ? width - 1 : 0;
        }

        return units <= singleMax
            ? new SmsMeasure(encoding, units, 1, singleMax - units)
            : new SmsMeasure(encoding, units, segments, partMax - inPart);
    }

    // A pair (escape and septet, or two surrogates) may not be split over two parts, so it counts as one of width two.
    private static int Width(string body, int index, SmsEncoding encoding)
    {
        bool pair = encoding == SmsEncoding.Gsm7
            ? Extension.Contains(body[index])
            : char.IsHighSurrogate(body[index])
                && index + 1 < body.Length
                && char.IsLowSurrogate(body[index + 1]);
        return pair ? 2 : 1;
    }
}
