using System.Text;

namespace Florist.Adapters.Email;

/// <summary>
/// RFC 2047 encoded-words in UTF-8. Text is split between code points, never within one, and each word stands alone; a
/// reader drops the space between two of them.
/// </summary>
internal static class EncodedWord
{
    private const int WordMax = 75;
    private const int Frame = 12; // "=?utf-8?Q?" and "?="

    /// <summary>Encodes a text, as Q or B, whichever is shorter.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="firstMax">The room for the first word, which shares its line with the header's name.</param>
    public static IReadOnlyList<string> Encode(string text, int firstMax)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        bool q = bytes.Sum(QWidth) <= (bytes.Length + 2) / 3 * 4;
        List<string> words = [];
        List<byte> pending = [];
        Span<byte> buffer = stackalloc byte[4];
        foreach (Rune rune in text.EnumerateRunes())
        {
            ReadOnlySpan<byte> next = buffer[..rune.EncodeToUtf8(buffer)];
            int room = (words.Count == 0 ? Math.Min(firstMax, WordMax) : WordMax) - Frame;
            if (pending.Count > 0 && Width(pending, next, q) > room)
            {
                words.Add(Word(pending, q));
                pending.Clear();
            }

            pending.AddRange(next);
        }

        words.Add(Word(pending, q));
        return words;
    }

    private static int Width(List<byte> pending, ReadOnlySpan<byte> next, bool q)
    {
        if (!q)
        {
            return (pending.Count + next.Length + 2) / 3 * 4;
        }

        int width = pending.Sum(QWidth);
        foreach (byte value in next)
        {
            width += QWidth(value);
        }

        return width;
    }

    private static string Word(List<byte> bytes, bool q)
    {
        if (!q)
        {
            return $"=?utf-8?B?{Convert.ToBase64String([.. bytes])}?=";
        }

        StringBuilder word = new("=?utf-8?Q?", WordMax);
        foreach (byte value in bytes)
        {
            _ = QWidth(value) == 3
                ? word.Append('=').Append(Convert.ToHexString([value]))
                : word.Append(value == ' ' ? '_' : (char)value);
        }

        return word.Append("?=").ToString();
    }

    // The narrow set that is also legal in a display name.
    private static int QWidth(byte value) => IsQLiteral(value) ? 1 : 3;

    private static bool IsQLiteral(byte value) =>
        char.IsAsciiLetterOrDigit((char)value) || " !*+-/"u8.Contains(value);
}
