namespace Florist.Kernel;

/// <summary>
/// Lower-case base32 without look-alikes (Crockford's alphabet), for identifiers that people read aloud.
/// </summary>
public static class Base32
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    /// <summary>The first <paramref name="length"/> characters (5 bits each) of <paramref name="bytes"/>.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length * 5, bytes.Length * 8);
        Span<char> text = length <= 64 ? stackalloc char[length] : new char[length];
        int buffer = 0, bits = 0, next = 0;
        for (int i = 0; i < length; i++)
        {
            if (bits < 5)
            {
                buffer = (buffer << 8) | bytes[next++];
                bits += 8;
            }

            bits -= 5;
            text[i] = Alphabet[(buffer >> bits) & 31];
            buffer &= (1 << bits) - 1;
        }

        return new string(text);
    }
}
