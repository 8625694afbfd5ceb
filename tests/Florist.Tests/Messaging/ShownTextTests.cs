using Florist.Messaging;

namespace Florist.Tests.Messaging;

public sealed class ShownTextTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("  ", "")]
    [InlineData("Anna", "Anna")]
    [InlineData(" Anna \t Maria\r\nBcc: x@example.com ", "Anna Maria Bcc: x@example.com")]
    [InlineData("Anna\u202Egnp.exe", "Annagnp.exe")]
    [InlineData("A\u0000n\u2066na\uFEFF", "A nna")]
    [InlineData("👩‍👩‍👧", "👩‍👩‍👧")]
    public void A_text_becomes_one_visible_line(string? text, string shown) =>
        Assert.Equal(shown, ShownText.Line(text, 60));

    [Fact]
    public void Half_a_character_is_shown_as_a_broken_one() =>
        Assert.Equal("a\uFFFDb", ShownText.Line(new string(['a', '\uD83D', 'b']), 60));

    [Theory]
    [InlineData("abcde", 5, "abcde")]
    [InlineData("abcdef", 5, "abcd…")]
    [InlineData("abc def", 5, "abc…")]
    [InlineData("👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧", 2, "👩‍👩‍👧…")]
    public void A_long_text_is_cut_between_characters_as_readers_count_them(string text, int max, string shown) =>
        Assert.Equal(shown, ShownText.Line(text, max));
}
