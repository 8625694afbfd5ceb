using Florist.Messaging;

namespace Florist.Tests.Messaging;

public sealed class GsmFoldTests
{
    [Theory]
    [InlineData("Käthe, Grüße für £5", "Käthe, Grüße für £5")]
    [InlineData("Zoë’s – “fine”…", "Zoe's - \"fine\"...")]
    [InlineData("Łucja Dvořák Şahin", "Lucja Dvorak Sahin")]
    [InlineData("34,50\u00A0€", "34,50 €")]
    public void Typography_and_foreign_accents_become_plain(string text, string folded)
    {
        Assert.Equal(folded, GsmFold.Fold(text));
        Assert.Equal(SmsEncoding.Gsm7, SmsText.Measure(GsmFold.Fold(text)).Encoding);
    }

    [Theory]
    [InlineData("Ольга")]
    [InlineData("花子")]
    [InlineData("🌷")]
    public void Other_scripts_stay_as_they_are(string text) => Assert.Equal(text, GsmFold.Fold(text));
}
