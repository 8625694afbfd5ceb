using Florist.Adapters.Email;
using Florist.Messaging;

namespace Florist.Tests.Adapters.Email;

public class MailHeadersTests
{
    [Theory]
    [InlineData("Ana", "Ana <a@b.example>")]
    [InlineData("Ana Maria", "Ana Maria <a@b.example>")]
    [InlineData("Ana  Maria", "\"Ana  Maria\" <a@b.example>")]
    [InlineData("Bloom, Ltd.", "\"Bloom, Ltd.\" <a@b.example>")]
    [InlineData("Ana \"Tulip\" \\o/", "\"Ana \\\"Tulip\\\" \\\\o/\" <a@b.example>")]
    [InlineData("Zoë", "=?utf-8?Q?Zo=C3=AB?= <a@b.example>")]
    [InlineData("Zoë Blumenfreund", "=?utf-8?Q?Zo=C3=AB_Blumenfreund?= <a@b.example>")]
    [InlineData("=?utf-8?Q?x?=", "=?utf-8?B?PT91dGYtOD9RP3g/PQ==?= <a@b.example>")]
    [InlineData("  ", "a@b.example")]
    [InlineData(null, "a@b.example")]
    public void A_display_name_is_written_as(string? name, string written) =>
        Assert.Equal(
            written, MailSamples.Header(MailSamples.Email() with { To = new Mailbox("a@b.example", name) }, "To"));

    [Theory]
    [InlineData("Tulips & roses: 20 % off!", "Tulips & roses: 20 % off!")]
    [InlineData(" spaced ", "spaced")]
    [InlineData("a  b", "a  b")]
    [InlineData("tab\there", "=?utf-8?Q?tab=09here?=")]
    [InlineData("", "")]
    public void A_subject_is_written_as(string subject, string written) =>
        Assert.Equal(written, MailSamples.Header(MailSamples.Email() with { Subject = subject }, "Subject").Trim());

    [Fact]
    public void Every_line_of_a_long_header_stays_within_76_and_unfolds_to_the_same_text()
    {
        string subject = string.Join(' ', Enumerable.Range(1, 200).Select(n => $"tulip{n}"));
        MailHeaders headers = new();
        headers.AddText("Subject", subject);

        Assert.All(headers.ToString().Split("\r\n"), line => Assert.InRange(line.Length, 0, 76));
        Assert.Equal($"Subject: {subject}\r\n", headers.ToString().Replace("\r\n ", " ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ü", 300)]
    [InlineData("🌷", 300)]
    [InlineData("a", 1000)]
    public void A_long_word_becomes_encoded_words_that_stand_alone(string unit, int count)
    {
        MailHeaders headers = new();
        headers.AddText("Subject", string.Concat(Enumerable.Repeat(unit, count)));

        string[] lines = headers.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 76));
        string decoded = string.Concat(
            lines.Select(line => Decode(line[line.IndexOf("=?", StringComparison.Ordinal)..])));
        Assert.Equal(string.Concat(Enumerable.Repeat(unit, count)), decoded);
    }

    // Decodes each word by itself, so a code point split over two would come out as replacement characters.
    private static string Decode(string word)
    {
        Assert.StartsWith("=?utf-8?", word, StringComparison.Ordinal);
        Assert.EndsWith("?=", word, StringComparison.Ordinal);
        string body = word[10..^2];
        return word[8] == 'B'
            ? System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(body))
            : Uri.UnescapeDataString(body.Replace('_', ' ').Replace('=', '%'));
    }
}
