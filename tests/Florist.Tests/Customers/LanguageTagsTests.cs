using Florist.Customers;

namespace Florist.Tests.Customers;

public class LanguageTagsTests
{
    [Theory]
    [InlineData("de", "de")]
    [InlineData("EN-gb", "en-GB")]
    [InlineData("zh-hANT-tw", "zh-Hant-TW")]
    [InlineData("es-419", "es-419")]
    [InlineData("fil-PH", "fil-PH")]
    public void A_tag_is_kept_in_its_usual_case(string told, string kept)
    {
        Assert.True(LanguageTags.TryRead(told, out string tag));
        Assert.Equal(kept, tag);
    }

    [Theory]
    [InlineData("")]
    [InlineData("e")]
    [InlineData("english")]
    [InlineData("en_GB")]
    [InlineData("en-")]
    [InlineData("en-G")]
    [InlineData("en-GB-Latn")]
    [InlineData("en-GB-x-private")]
    [InlineData("e1-GB")]
    public void What_names_no_written_language_is_refused(string told) =>
        Assert.False(LanguageTags.TryRead(told, out _));
}
