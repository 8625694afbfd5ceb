using System.Text;
using Florist.Adapters.Email;
using Florist.Messaging;

namespace Florist.Tests.Adapters.Email;

public class SmtpSessionTests
{
    [Fact]
    public async Task A_greeting_and_replies_of_several_lines_are_read_whole()
    {
        SendOutcome outcome = await SmtpTransportTests.SendTo(async peer =>
        {
            await peer.Say("220-scripted\r\n220-takes\r\n");
            await peer.Say("220 mail\r\n");
            await peer.ServeUntil("");
        });

        Assert.Equal(SendKind.Accepted, outcome.Kind);
    }

    [Fact]
    public async Task A_reply_may_arrive_byte_by_byte_and_end_in_a_bare_newline()
    {
        SendOutcome outcome = await SmtpTransportTests.SendTo(async peer =>
        {
            foreach (char c in "220 scripted\n")
            {
                await peer.Say(c.ToString());
            }

            await peer.ServeUntil("");
        });

        Assert.Equal(SendKind.Accepted, outcome.Kind);
    }

    [Theory]
    [InlineData(5000)]
    [InlineData(0)]
    public async Task An_endless_reply_is_cut_off(int lineLength)
    {
        SendOutcome outcome = await SmtpTransportTests.SendTo(async peer =>
        {
            string line = lineLength == 0 ? "220-x\r\n" : "220-" + new string('x', lineLength);
            for (int count = 0; count < 1000; count++)
            {
                await peer.Say(line);
            }
        });

        Assert.Equal((SendKind.Deferred, "PROTOCOL"), (outcome.Kind, outcome.Code));
    }

    [Fact]
    public async Task Plaintext_after_the_answer_to_starttls_is_never_believed()
    {
        SendOutcome outcome = await SmtpTransportTests.SendTo(
            async peer =>
            {
                await peer.Say("220 scripted\r\n");
                await peer.ServeUntil("STARTTLS", "250-scripted\r\n250 STARTTLS\r\n");
                await peer.Say("220 ready\r\n250-injected\r\n250 AUTH PLAIN\r\n");
                await peer.Silence();
            },
            change: options => options.Security = SmtpSecurity.StartTls);

        Assert.Equal((SendKind.Deferred, SendProblem.Unavailable, "PROTOCOL"), SmtpTransportTests.Facts(outcome));
    }

    [Fact]
    public async Task Nothing_is_sent_without_tls_when_the_settings_require_it()
    {
        await using ScriptedSmtp server = new(SmtpTransportTests.Well);
        await using SmtpTransport transport =
            SmtpTransportTests.Transport(server.Port, options => options.Security = SmtpSecurity.StartTls);

        SendOutcome outcome = await transport.Send(MailSamples.Email(), CancellationToken.None);

        Assert.Equal((SendKind.Deferred, SendProblem.Configuration), (outcome.Kind, outcome.Problem));
        Assert.DoesNotContain(server.Heard, line => line.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("AUTH LOGIN PLAIN", "AUTH PLAIN AHNob3AAc2VjcmV0")]
    [InlineData("AUTH LOGIN", "AUTH LOGIN|c2hvcA==|c2VjcmV0")]
    public async Task The_account_is_named_in_the_way_the_server_offers(string offer, string said)
    {
        await using ScriptedSmtp server = new(async peer =>
        {
            await peer.Say("220 scripted\r\n");
            await peer.ServeUntil("AUTH", $"250-scripted\r\n250 {offer}\r\n");
            for (int count = said.Count(c => c == '|'); count > 0; count--)
            {
                await peer.Say("334 VXNlcm5hbWU6\r\n");
                await peer.Hear();
            }

            await peer.Say("235 2.7.0 welcome\r\n");
            await peer.ServeUntil("");
        });
        await using SmtpTransport transport = SmtpTransportTests.Transport(server.Port, AsShop);

        Assert.Equal(SendKind.Accepted, (await transport.Send(MailSamples.Email(), CancellationToken.None)).Kind);
        string[] words = said.Split('|');
        Assert.Equal(words, server.Heard.Skip(1).Take(words.Length));
    }

    [Theory]
    [InlineData("AUTH PLAIN", "535 5.7.8 wrong password", SendProblem.Configuration)]
    [InlineData("AUTH PLAIN", "454 4.7.0 later", SendProblem.Throttled)]
    [InlineData("AUTH CRAM-MD5", "", SendProblem.Configuration)]
    public async Task A_refused_account_defers(string offer, string answer, SendProblem problem)
    {
        SendOutcome outcome = await SmtpTransportTests.SendTo(
            async peer =>
            {
                await peer.Say("220 scripted\r\n");
                await peer.ServeUntil("AUTH", $"250-scripted\r\n250 {offer}\r\n");
                await peer.Say(answer + "\r\n");
                await peer.ServeUntil("");
            },
            change: AsShop);

        Assert.Equal((SendKind.Deferred, problem), (outcome.Kind, outcome.Problem));
        Assert.DoesNotContain("secret", outcome.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_above_the_servers_limit_is_not_even_begun()
    {
        await using ScriptedSmtp server = new(async peer =>
        {
            await peer.Say("220 scripted\r\n");
            await peer.ServeUntil("", "250-scripted\r\n250 SIZE 100\r\n");
        });
        await using SmtpTransport transport = SmtpTransportTests.Transport(server.Port);

        SendOutcome outcome = await transport.Send(MailSamples.Email(), CancellationToken.None);

        Assert.Equal((SendKind.Rejected, SendProblem.ContentRefused, "TOO_LARGE"), SmtpTransportTests.Facts(outcome));
        Assert.DoesNotContain(server.Heard, line => line.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a\r\n", "a\r\n")]
    [InlineData(".\r\n..\r\n.a\r\n", "..\r\n...\r\n..a\r\n")]
    [InlineData("a\n.\nb", "a\r\n..\r\nb\r\n")]
    [InlineData("a\r.\r\nb", "a\r\n..\r\nb\r\n")]
    [InlineData("a.\r\n\r\nb\r\n", "a.\r\n\r\nb\r\n")]
    [InlineData("", "")]
    public void A_dot_at_the_start_of_a_line_is_doubled_and_no_line_end_is_left_bare(string content, string stuffed) =>
        Assert.Equal(stuffed, Encoding.ASCII.GetString(DotStuffing.Stuff(Encoding.ASCII.GetBytes(content)).Span));

    private static void AsShop(SmtpOptions options)
    {
        options.UserName = "shop";
        options.Password = "secret";
    }
}
