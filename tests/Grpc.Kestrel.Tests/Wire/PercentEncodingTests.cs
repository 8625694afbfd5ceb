using Grpc.Kestrel.Wire;

namespace Grpc.Kestrel.Tests.Wire;

public class PercentEncodingTests
{
    [Fact]
    public void An_unpaired_surrogate_becomes_the_replacement_character()
    {
        Assert.Equal("a%EF%BF%BDb", PercentEncoding.Encode("a\uD83Db"));
    }

    [Theory]
    [InlineData("%41%c3%A9 %25", "A\u00E9 %")]
    [InlineData("100%", "100%")]
    [InlineData("%4", "%4")]
    [InlineData("%zz%4g%%41", "%zz%4g%A")]
    [InlineData("%FF", "\uFFFD")]
    [InlineData("\u00E9%41", "\u00E9A")]
    public void Decoding_passes_on_what_is_no_escape_and_never_fails(string encoded, string text)
    {
        Assert.Equal(text, PercentEncoding.Decode(encoded));
    }

    [Fact]
    public void Every_character_survives_the_way_there_and_back()
    {
        string all = string.Concat(Enumerable.Range(0, 0x2FF).Select(i => (char)i)) + "\U0001F337";

        string encoded = PercentEncoding.Encode(all);

        Assert.All(encoded, c => Assert.InRange(c, ' ', '~'));
        Assert.Equal(all, PercentEncoding.Decode(encoded));
    }
}
