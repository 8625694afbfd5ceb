using Florist.Messaging;

namespace Florist.Tests.Messaging.Ports;

public class SmsTextTests
{
    private const string Flower = "\U0001F338";

    [Theory]
    [InlineData(1, 1, 159)]
    [InlineData(160, 1, 0)]
    [InlineData(161, 2, 145)]
    [InlineData(306, 2, 0)]
    [InlineData(307, 3, 152)]
    [InlineData(459, 3, 0)]
    public void Plain_text_travels_in_160_septets_or_parts_of_153(int length, int segments, int left) =>
        Assert.Equal(
            new SmsMeasure(SmsEncoding.Gsm7, length, segments, left), SmsText.Measure(new string('a', length)));

    [Theory]
    [InlineData(70, 1, 0)]
    [InlineData(71, 2, 63)]
    [InlineData(134, 2, 0)]
    [InlineData(135, 3, 66)]
    public void Other_text_travels_in_70_units_or_parts_of_67(int length, int segments, int left) =>
        Assert.Equal(
            new SmsMeasure(SmsEncoding.Ucs2, length, segments, left), SmsText.Measure(new string('ж', length)));

    [Theory]
    [InlineData("€")]
    [InlineData("[")]
    [InlineData("]")]
    [InlineData("{")]
    [InlineData("}")]
    [InlineData("\\")]
    [InlineData("^")]
    [InlineData("~")]
    [InlineData("|")]
    [InlineData("\f")]
    public void An_extension_character_costs_two_septets(string character) =>
        Assert.Equal(new SmsMeasure(SmsEncoding.Gsm7, 2, 1, 158), SmsText.Measure(character));

    [Fact]
    public void An_extension_pair_is_not_split_over_two_parts()
    {
        // 152 septets, then a pair that does not fit into the 153rd: the first part stays one short.
        string split = new string('a', 152) + "€" + new string('a', 152);
        Assert.Equal(new SmsMeasure(SmsEncoding.Gsm7, 306, 3, 152), SmsText.Measure(split));

        string fitting = new string('a', 151) + "€" + new string('a', 153);
        Assert.Equal(new SmsMeasure(SmsEncoding.Gsm7, 306, 2, 0), SmsText.Measure(fitting));
    }

    [Fact]
    public void A_surrogate_pair_is_not_split_over_two_parts()
    {
        Assert.Equal(new SmsMeasure(SmsEncoding.Ucs2, 2, 1, 68), SmsText.Measure(Flower));

        string split = new string('ж', 66) + Flower + new string('ж', 66);
        Assert.Equal(new SmsMeasure(SmsEncoding.Ucs2, 134, 3, 66), SmsText.Measure(split));
    }

    [Fact]
    public void Two_halves_that_belong_to_no_pair_count_one_each() =>
        Assert.Equal(new SmsMeasure(SmsEncoding.Ucs2, 2, 1, 68), SmsText.Measure("\uDF38\uD83C"));

    [Fact]
    public void One_foreign_character_turns_the_whole_text()
    {
        string text = new string('a', 100) + "’";
        Assert.Equal(new SmsMeasure(SmsEncoding.Ucs2, 101, 2, 33), SmsText.Measure(text));
        Assert.Equal(100, SmsText.FirstOutsideGsm7(text));
    }

    [Fact]
    public void The_default_alphabet_has_127_characters_and_ten_in_the_extension()
    {
        int[] widths = [.. Enumerable.Range(0, char.MaxValue + 1)
            .Select(c => ((char)c).ToString())
            .Where(c => SmsText.FirstOutsideGsm7(c) < 0)
            .Select(c => SmsText.Measure(c).Units)];

        Assert.Equal(127, widths.Count(width => width == 1));
        Assert.Equal(10, widths.Count(width => width == 2));
    }

    [Fact]
    public void An_empty_text_costs_nothing() =>
        Assert.Equal(new SmsMeasure(SmsEncoding.Gsm7, 0, 0, 0), SmsText.Measure(""));
}
