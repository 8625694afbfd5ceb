using System.Text;
using Florist.Adapters.Email;
using Florist.Messaging;

namespace Florist.Tests.Adapters.Email;

public class MimeWriterTests
{
    [Fact]
    public void A_message_has_exactly_these_bytes()
    {
        OutgoingEmail email = MailSamples.Email() with
        {
            ReplyTo = new Mailbox("care@florist.example"),
            Subject = "Blumen für Ana 🌷",
            Text = "Grüße\n",
            Html = "<p>Grüße</p>",
            Headers = [new EmailHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")],
        };

        Assert.Equal(
            """
            Date: Sun, 22 Nov 2026 10:00:00 +0000
            From: Florist <shop@florist.example>
            To: Ana <ana@customer.example>
            Reply-To: care@florist.example
            Message-ID: <cus_1=3Aocc_2=3A2026=3Aemail=3Areminder@florist.example>
            Subject: =?utf-8?B?Qmx1bWVuIGbDvHIgQW5hIPCfjLc=?=
            List-Unsubscribe-Post: List-Unsubscribe=One-Click
            MIME-Version: 1.0
            Content-Type: multipart/alternative;
             boundary="=_BOUNDARY"

            --=_BOUNDARY
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: quoted-printable

            Gr=C3=BC=C3=9Fe
            --=_BOUNDARY
            Content-Type: text/html; charset=utf-8
            Content-Transfer-Encoding: quoted-printable

            <p>Gr=C3=BC=C3=9Fe</p>
            --=_BOUNDARY--

            """.ReplaceLineEndings("\r\n"),
            MailSamples.Written(email).Replace(
                MailNames.Boundary(email.MessageKey), "=_BOUNDARY", StringComparison.Ordinal));
    }

    [Fact]
    public void A_message_without_html_is_plain_text_alone()
    {
        string written = MailSamples.Written(MailSamples.Email() with { Html = null });

        Assert.Contains("\r\nContent-Type: text/plain; charset=utf-8\r\n", written, StringComparison.Ordinal);
        Assert.DoesNotContain("multipart", written, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_message_has_the_same_bytes_and_another_key_another_boundary()
    {
        Assert.Equal(MailSamples.Written(MailSamples.Email("a")), MailSamples.Written(MailSamples.Email("a")));
        Assert.NotEqual(MailNames.Boundary("a"), MailNames.Boundary("b"));
    }

    [Fact]
    public void The_date_keeps_its_offset()
    {
        DateTimeOffset date = new(2028, 2, 29, 23, 59, 59, TimeSpan.FromMinutes(-210));

        Assert.Equal(
            "Tue, 29 Feb 2028 23:59:59 -0330", MailSamples.Header(MailSamples.Email() with { Date = date }, "Date"));
    }

    [Theory]
    [InlineData("Tulips\r\nBcc: everyone@x.example")]
    [InlineData("Tulips\nBcc: everyone@x.example")]
    [InlineData("Tulips\rBcc: everyone@x.example")]
    [InlineData("Tulips\0")]
    public void A_line_break_in_a_header_is_refused_wherever_it_stands(string value)
    {
        OutgoingEmail email = MailSamples.Email();
        OutgoingEmail[] attempts =
        [
            email with { Subject = value },
            email with { To = new Mailbox("a@b.example", value) },
            email with { From = new Mailbox("a@b.example", value) },
            email with { ReplyTo = new Mailbox("a@b.example", value) },
            email with { Headers = [new EmailHeader("X-Note", value)] },
        ];

        Assert.All(attempts, attempt => Assert.Equal("HEADER_INJECTION", Refused(attempt).Code));
    }

    [Theory]
    [InlineData("Subject")]
    [InlineData("bcc")]
    [InlineData("X Note")]
    [InlineData("X:")]
    [InlineData("X\r\nY")]
    [InlineData("")]
    public void A_further_header_has_a_legal_name_of_its_own(string name) =>
        Assert.Equal(
            "HEADER_NAME",
            Refused(MailSamples.Email() with { Headers = [new EmailHeader(name, "x")] }).Code);

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("ключ")]
    [InlineData("line\n")]
    public void A_key_that_cannot_stand_in_a_header_is_refused(string key) =>
        Assert.Equal("INVALID_KEY", Refused(MailSamples.Email(key)).Code);

    [Fact]
    public void A_key_of_200_characters_is_written_and_one_of_201_is_not()
    {
        string longest = new('k', 200);

        Assert.Equal($"<{longest}@florist.example>", MailSamples.Header(MailSamples.Email(longest), "Message-ID"));
        Assert.Equal("INVALID_KEY", Refused(MailSamples.Email(new string('k', 201))).Code);
    }

    [Fact]
    public void A_header_that_cannot_be_folded_below_998_is_refused()
    {
        static OutgoingEmail With(int length) => MailSamples.Email() with
        {
            Headers = [new EmailHeader("List-Unsubscribe", new string('x', length))],
        };

        Assert.Equal(980, MailSamples.Header(With(980), "List-Unsubscribe").Length);
        Assert.Equal("HEADER_TOO_LONG", Refused(With(981)).Code);
    }

    [Fact]
    public void Bounces_go_to_the_return_path_and_the_header_keeps_the_sender()
    {
        WrittenMail mail = MimeWriter.Write(MailSamples.Email(), MailSamples.Shop, "bounces@mail.florist.example");

        Assert.Equal("bounces@mail.florist.example", mail.EnvelopeFrom.ToString());
        string content = Encoding.ASCII.GetString(mail.Content.Span);
        Assert.Contains("From: Florist <shop@florist.example>", content, StringComparison.Ordinal);
        Assert.Equal("<cus_1=3Aocc_2=3A2026=3Aemail=3Areminder@florist.example>", mail.MessageId);
    }

    private static UnwritableMailException Refused(OutgoingEmail email) =>
        Assert.Throws<UnwritableMailException>(() => MailSamples.Written(email));
}
