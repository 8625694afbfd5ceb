using Florist.Kernel;

namespace Florist.Tests.Kernel.Access;

public sealed class KeyedSealTests
{
    private readonly KeyedSeal seal = new([.. Enumerable.Repeat((byte)7, 32)]);

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("Grüße, 花 💐")]
    public void What_was_sealed_is_opened_again(string text)
    {
        Assert.True(seal.TryOpen("page", seal.Seal("page", text), out string? opened));
        Assert.Equal(text, opened);
    }

    [Fact]
    public void A_sealed_text_is_url_safe_and_never_the_same_twice()
    {
        string one = seal.Seal("page", "text");

        Assert.Matches("^[A-Za-z0-9_-]+$", one);
        Assert.NotEqual(one, seal.Seal("page", "text"));
    }

    [Fact]
    public void Another_purpose_or_another_installation_opens_nothing()
    {
        string sealedText = seal.Seal("page", "text");

        Assert.False(seal.TryOpen("quote", sealedText, out _));
        Assert.False(new KeyedSeal([.. Enumerable.Repeat((byte)8, 32)]).TryOpen("page", sealedText, out _));
    }

    [Fact]
    public void A_change_of_any_character_is_noticed()
    {
        string sealedText = seal.Seal("page", "text");
        for (int i = 0; i < sealedText.Length - 1; i++)
        {
            char other = sealedText[i] == 'A' ? 'B' : 'A';
            Assert.False(seal.TryOpen("page", sealedText[..i] + other + sealedText[(i + 1)..], out _));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("AQ")]
    [InlineData("not base64!")]
    [InlineData("AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Anything_else_is_refused_without_an_exception(string text) =>
        Assert.False(seal.TryOpen("page", text, out _));

    [Fact]
    public void A_text_too_long_to_be_ours_is_refused() =>
        Assert.False(seal.TryOpen("page", new string('A', 1_000_000), out _));
}
