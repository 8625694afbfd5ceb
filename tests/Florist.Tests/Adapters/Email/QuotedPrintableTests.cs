using System.Buffers;
using System.Text;
using Florist.Adapters.Email;

namespace Florist.Tests.Adapters.Email;

public class QuotedPrintableTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a", "a\r\n")]
    [InlineData("a\n", "a\r\n")]
    [InlineData("a\r\nb", "a\r\nb\r\n")]
    [InlineData("a\rb", "a\r\nb\r\n")]
    [InlineData("a\n\nb\n", "a\r\n\r\nb\r\n")]
    [InlineData("1 = 1", "1 =3D 1\r\n")]
    [InlineData("end ", "end=20\r\n")]
    [InlineData("end\t\nnext", "end=09\r\nnext\r\n")]
    [InlineData("  in  ", "  in =20\r\n")]
    [InlineData(".", "=2E\r\n")]
    [InlineData("..a.b", "=2E.a.b\r\n")]
    [InlineData("From me\nFromage", "=46rom me\r\nFromage\r\n")]
    [InlineData("ü€🌷", "=C3=BC=E2=82=AC=F0=9F=8C=B7\r\n")]
    [InlineData("\u0000\u007F", "=00=7F\r\n")]
    [InlineData("a\u2028b\u0085c\fd", "a=E2=80=A8b=C2=85c=0Cd\r\n")]
    public void Text_is_written_as(string text, string written) => Assert.Equal(written, Write(text));

    [Theory]
    [InlineData(76, 1)]
    [InlineData(77, 2)]
    [InlineData(151, 2)]
    [InlineData(152, 3)]
    [InlineData(1000, 14)]
    public void A_long_line_is_broken_softly_at_76(int length, int lines)
    {
        string[] written = Write(new string('a', length)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(lines, written.Length);
        Assert.All(written[..^1], line => Assert.True(line.Length == 76 && line[^1] == '='));
        Assert.InRange(written[^1].Length, 1, 76);
    }

    [Fact]
    public void An_escape_is_never_split_and_never_makes_a_line_too_long()
    {
        for (int before = 70; before <= 78; before++)
        {
            string written = Write(new string('a', before) + "ü" + " ");
            Assert.All(written.Split("\r\n"), line => Assert.InRange(line.Length, 0, 76));
            Assert.Equal(
                new string('a', before) + "=C3=BC=20\r\n", written.Replace("=\r\n", "", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Half_a_surrogate_pair_becomes_the_replacement_character() =>
        Assert.Equal("a=EF=BF=BDb\r\n", Write("a\uD83Cb"));

    [Fact]
    public void A_dot_that_a_soft_break_puts_first_is_escaped_too() =>
        Assert.Equal(new string('a', 75) + "=\r\n=2Eb\r\n", Write(new string('a', 75) + ".b"));

    private static string Write(string text)
    {
        ArrayBufferWriter<byte> output = new();
        QuotedPrintable.Write(output, text);
        return Encoding.ASCII.GetString(output.WrittenSpan);
    }
}
