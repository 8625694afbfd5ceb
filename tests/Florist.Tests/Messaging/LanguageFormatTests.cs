using Florist.Kernel;
using Florist.Messaging;

namespace Florist.Tests.Messaging;

public sealed class LanguageFormatTests
{
    [Theory]
    [InlineData("en-GB", "en")]
    [InlineData("en", "en")]
    [InlineData("de-DE", "de")]
    [InlineData("de_AT", "de")]
    [InlineData("DE", "de")]
    [InlineData("den-CA", "en")]
    [InlineData("fr-FR", "en")]
    [InlineData("", "en")]
    public void A_language_without_texts_reads_English(string tag, string code) =>
        Assert.Equal(code, LanguageFormat.For(tag).Code);

    [Theory]
    [InlineData("2027-03-07", "Sunday 7 March 2027", "Sun 7 Mar", "Sonntag, 7. März 2027", "So 7.3.")]
    [InlineData("2028-02-29", "Tuesday 29 February 2028", "Tue 29 Feb", "Dienstag, 29. Februar 2028", "Di 29.2.")]
    [InlineData("2026-12-31", "Thursday 31 December 2026", "Thu 31 Dec", "Donnerstag, 31. Dezember 2026", "Do 31.12.")]
    public void Days_are_written_out(string day, string english, string shortEnglish, string german, string shortGerman)
    {
        DateOnly date = DateOnly.ParseExact(day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(english, LanguageFormat.English.LongDay(date));
        Assert.Equal(shortEnglish, LanguageFormat.English.ShortDay(date));
        Assert.Equal(german, LanguageFormat.German.LongDay(date));
        Assert.Equal(shortGerman, LanguageFormat.German.ShortDay(date));
    }

    [Theory]
    [InlineData(0L, "GBP", "£0.00", "0,00\u00A0£")]
    [InlineData(5L, "EUR", "€0.05", "0,05\u00A0€")]
    [InlineData(3450L, "GBP", "£34.50", "34,50\u00A0£")]
    [InlineData(123456789L, "EUR", "€1,234,567.89", "1.234.567,89\u00A0€")]
    [InlineData(-99900L, "GBP", "-£999.00", "-999,00\u00A0£")]
    [InlineData(100000L, "SEK", "1,000.00\u00A0SEK", "1.000,00\u00A0SEK")]
    [InlineData(long.MinValue, "USD", "-$92,233,720,368,547,758.08", "-92.233.720.368.547.758,08\u00A0$")]
    public void Amounts_have_their_languages_marks(long minor, string currency, string english, string german)
    {
        Assert.Equal(english, LanguageFormat.English.Amount(new Money(minor, currency)));
        Assert.Equal(german, LanguageFormat.German.Amount(new Money(minor, currency)));
    }

    [Fact]
    public void Times_and_spans_read_naturally()
    {
        (TimeOnly from, TimeOnly until) = (new TimeOnly(9, 0), new TimeOnly(13, 5));

        Assert.Equal("9:00", LanguageFormat.English.Time(from));
        Assert.Equal("9:00 Uhr", LanguageFormat.German.Time(from));
        Assert.Equal("between 9:00 and 13:05", LanguageFormat.English.Between(from, until));
        Assert.Equal("zwischen 9:00 und 13:05 Uhr", LanguageFormat.German.Between(from, until));
        Assert.Equal("9:00-13:05", LanguageFormat.Span(from, until));
    }

    [Theory]
    [InlineData(1, "1st", "1.")]
    [InlineData(2, "2nd", "2.")]
    [InlineData(3, "3rd", "3.")]
    [InlineData(4, "4th", "4.")]
    [InlineData(11, "11th", "11.")]
    [InlineData(12, "12th", "12.")]
    [InlineData(13, "13th", "13.")]
    [InlineData(21, "21st", "21.")]
    [InlineData(60, "60th", "60.")]
    [InlineData(101, "101st", "101.")]
    [InlineData(111, "111th", "111.")]
    public void Ordinals_know_their_exceptions(int number, string english, string german)
    {
        Assert.Equal(english, LanguageFormat.English.Ordinal(number));
        Assert.Equal(german, LanguageFormat.German.Ordinal(number));
    }

    [Theory]
    [InlineData(0, "others")]
    [InlineData(1, "one")]
    [InlineData(2, "others")]
    public void One_is_one_and_anything_else_is_many(int count, string form) =>
        Assert.Equal(form, LanguageFormat.Plural(count, "one", "others"));

    [Theory]
    [InlineData("", "", "")]
    [InlineData("a", "a", "a")]
    [InlineData("a b", "a and b", "a und b")]
    [InlineData("a b c", "a, b and c", "a, b und c")]
    public void Words_are_strung_together(string words, string english, string german)
    {
        string[] all = words.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(english, LanguageFormat.English.List(all));
        Assert.Equal(german, LanguageFormat.German.List(all));
    }
}
