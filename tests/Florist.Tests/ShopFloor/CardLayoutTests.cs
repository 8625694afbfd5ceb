using System.Collections.Immutable;
using Florist.Orders;
using Florist.ShopFloor;

namespace Florist.Tests.ShopFloor;

public sealed class CardLayoutTests
{
    private static readonly ShopFloorOptions Options = new() { CardColumns = 16, CardLines = 4, CardColumnsSmall = 24 };

    [Theory]
    [InlineData("Happy birthday", null, "Happy birthday")]
    [InlineData("Happy birthday, dear", null, "Happy birthday,|dear")]
    [InlineData("one\n\ntwo", null, "one||two")]
    [InlineData("exactly sixteen!", null, "exactly sixteen!")]
    [InlineData("Donaudampfschiff fahrt", null, "Donaudampfschiff|fahrt")]
    [InlineData("Donaudampfschifffahrt ahoi", null, "Donaudampfschiff|fahrt ahoi")]
    [InlineData("With love", "Anna", "With love||Anna")]
    [InlineData("", "Anna", "Anna")]
    [InlineData("so  many   blanks ", null, "so many blanks")]
    public void Lines_break_between_words_and_only_where_they_must(string text, string? signature, string lines)
    {
        LaidOutCard card = CardLayout.Lay(new CardMessage(text, signature), Options);

        Assert.Equal(lines.Split('|'), card.Lines);
        Assert.False(card.IsSmall);
    }

    [Fact]
    public void A_text_of_too_many_lines_takes_the_small_print()
    {
        LaidOutCard card = CardLayout.Lay(
            new CardMessage("the quick brown fox jumps over the lazy dog and comes back to sleep", "Anna"), Options);

        Assert.True(card.IsSmall);
        Assert.Equal(24, card.Columns);
        Assert.Equal(
            ["the quick brown fox", "jumps over the lazy dog", "and comes back to sleep", "", "Anna"], card.Lines);
    }

    [Theory]
    [InlineData("abc", 3)]
    [InlineData("生日快樂", 8)]
    [InlineData("e\u0301", 1)]
    [InlineData("", 0)]
    public void Wide_letters_take_two_columns_and_accents_none(string text, int columns) =>
        Assert.Equal(columns, CardLayout.WidthOf(text));

    [Fact]
    public void An_accent_is_never_taken_from_its_letter()
    {
        string word = string.Concat(Enumerable.Repeat("e\u0301", 20));

        LaidOutCard card = CardLayout.Lay(new CardMessage(word, null), Options);

        Assert.Equal([word[..32], word[32..]], card.Lines);
    }

    /// <summary>Whatever may be on a card stands on the sheet, letter by letter, in lines that fit.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Nothing_is_lost_and_no_line_is_too_wide(int seed)
    {
        Random random = new(seed);
        const string letters = "aeg  \n木é-生W";
        for (int round = 0; round < 500; round++)
        {
            string text = new([.. Enumerable.Range(0, random.Next(1, OrderLimits.CardLengthMax))
                .Select(_ => letters[random.Next(letters.Length)])]);
            LaidOutCard card = CardLayout.Lay(new CardMessage(text, "x"), Options);

            Assert.All(card.Lines, line => Assert.InRange(CardLayout.WidthOf(line), 0, card.Columns));
            Assert.Equal(Letters(text + "x"), Letters(string.Concat(card.Lines)));
        }
    }

    [Fact]
    public void The_longest_card_fits_into_the_small_print()
    {
        ImmutableArray<string> lines = CardLayout.Lay(
            new CardMessage(new string('生', OrderLimits.CardLengthMax), new string('W', OrderLimits.SignatureLengthMax)),
            new ShopFloorOptions()).Lines;

        Assert.InRange(lines.Length, 1, 15);
    }

    private static string Letters(string text) =>
        text.Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal);
}
