using System.Globalization;

namespace Florist.Messaging;

/// <summary>Contrast of colours as WCAG 2 measures it.</summary>
internal static class Contrast
{
    /// <summary>The least that text needs to be readable for most people (level AA).</summary>
    public const double TextMin = 4.5;

    /// <summary>
    /// From 1, no difference, to 21, black on white; 0 when one of them is no colour of the form <c>#rrggbb</c>.
    /// </summary>
    public static double Between(string one, string other)
    {
        if (Luminance(one) is not { } first || Luminance(other) is not { } second)
        {
            return 0;
        }

        return (Math.Max(first, second) + 0.05) / (Math.Min(first, second) + 0.05);
    }

    private static double? Luminance(string colour)
    {
        bool parsed = int.TryParse(
            colour.AsSpan(Math.Min(1, colour.Length)),
            NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture,
            out int rgb);
        return parsed && colour is ['#', _, _, _, _, _, _]
            ? (0.2126 * Linear(rgb >> 16)) + (0.7152 * Linear(rgb >> 8)) + (0.0722 * Linear(rgb))
            : null;
    }

    private static double Linear(int channel)
    {
        double value = (channel & 255) / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
    }
}
