using System.Text;
using Florist.Kernel;
using Florist.Orders;

namespace Florist.Tests.Orders;

public sealed class CardPrintTests
{
    [Theory]
    [InlineData("Happy birthday, Mum! With love – Åse & Jürgen", true)]
    [InlineData("С днём рождения", true)]
    [InlineData("two\nlines", true)]
    [InlineData("£5 or €6", true)]
    [InlineData("With love \u2764", false)]
    [InlineData("\U0001F339", false)]
    [InlineData("tab\there", false)]
    [InlineData("right\u202Eleft", false)]
    [InlineData("zero\u200Bwidth", false)]
    public void Emoji_and_invisible_characters_are_refused_not_dropped(string text, bool printable)
    {
        FieldChecks checks = new();

        CardPrint.Check(text, "order.card_message.text", checks);

        Assert.Equal(printable, checks.Passed);
    }

    [Fact]
    public void The_character_that_cannot_be_printed_is_named()
    {
        FieldChecks checks = new();

        CardPrint.Check("for you \U0001F339", "order.card_message.text", checks);

        Assert.Contains("U+1F339", Assert.Single(Assert.IsType<Fault>(checks.Fault).Fields).Text, StringComparison.Ordinal);
        Assert.False(CardPrint.IsPrintable(new Rune(0x1F339)));
    }
}
