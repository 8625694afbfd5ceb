using Florist.Kernel;

namespace Florist.Tests.Kernel;

public sealed class CanonicalTextTests
{
    [Theory]
    [InlineData("  Åse ", "Åse")]
    [InlineData("A\u030Ase", "Åse")]
    [InlineData("one\r\ntwo\rthree", "one\ntwo\nthree")]
    [InlineData("\U0001F339", "\U0001F339")]
    public void A_text_is_trimmed_composed_and_has_one_kind_of_line_break(string given, string kept)
    {
        Assert.True(CanonicalText.TryMake(given, out string text));
        Assert.Equal(kept, text);
    }

    [Theory]
    [InlineData("bell\u0007")]
    [InlineData("null\0")]
    public void Control_characters_are_refused(string given) => Assert.False(CanonicalText.TryMake(given, out _));

    // Not as theory data: an attribute cannot hold half a pair.
    [Fact]
    public void Broken_surrogate_pairs_are_refused() => Assert.All(
        ["half \uD83C pair", "other half \uDF39", "\uD83C", "\uDF39\uD83C"],
        given => Assert.False(CanonicalText.TryMake(given, out _)));

    [Fact]
    public void Length_counts_code_points_not_utf_16_units() =>
        Assert.Equal(2, CanonicalText.Length("\U0001F339é"));
}
