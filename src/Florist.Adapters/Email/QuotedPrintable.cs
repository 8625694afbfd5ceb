using System.Buffers;
using System.Text;

namespace Florist.Adapters.Email;

/// <summary>
/// Writes text as quoted-printable (RFC 2045, 6.7): 7-bit lines of at most 76 characters, ended by CRLF.
/// </summary>
internal static class QuotedPrintable
{
    private const int LineMax = 76;
    private const string Hex = "0123456789ABCDEF";

    /// <summary>Appends the text; every kind of line end becomes CRLF, and the last line is ended too.</summary>
    public static void Write(IBufferWriter<byte> output, string text)
    {
        string lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        int start = 0;
        while (start < lines.Length)
        {
            int end = lines.IndexOf('\n', start);
            end = end < 0 ? lines.Length : end;
            WriteLine(output, Encoding.UTF8.GetBytes(lines, start, end - start));
            start = end + 1;
        }
    }

    private static void WriteLine(IBufferWriter<byte> output, ReadOnlySpan<byte> line)
    {
        int column = 0;
        for (int index = 0; index < line.Length; index++)
        {
            bool last = index == line.Length - 1;
            bool literal = IsLiteral(line, index, column, last);
            int width = literal ? 1 : 3;

            // One column stays free for the "=" of a soft break, except at the end of the line.
            if (column + width > (last ? LineMax : LineMax - 1))
            {
                output.Write("=\r\n"u8);
                column = 0;
                literal = IsLiteral(line, index, column, last);
                width = literal ? 1 : 3;
            }

            Append(output, line[index], literal);
            column += width;
        }

        output.Write("\r\n"u8);
    }

    // A dot or "From " at the start of a line is legal, but gateways that treat it wrongly have existed for ever.
    private static bool IsLiteral(ReadOnlySpan<byte> line, int index, int column, bool last) => line[index] switch
    {
        (byte)'=' => false,
        (byte)' ' or (byte)'\t' => !last,
        (byte)'.' => column > 0,
        (byte)'F' => column > 0 || !line[index..].StartsWith("From "u8),
        > 32 and < 127 => true,
        _ => false,
    };

    private static void Append(IBufferWriter<byte> output, byte value, bool literal)
    {
        Span<byte> span = output.GetSpan(3);
        if (literal)
        {
            span[0] = value;
            output.Advance(1);
            return;
        }

        span[0] = (byte)'=';
        span[1] = (byte)Hex[value >> 4];
        span[2] = (byte)Hex[value & 15];
        output.Advance(3);
    }
}
