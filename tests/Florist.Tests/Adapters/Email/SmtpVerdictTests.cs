using Florist.Adapters.Email;
using Florist.Messaging;

namespace Florist.Tests.Adapters.Email;

public class SmtpVerdictTests
{
    [Theory]
    [InlineData("", "554 no service")]
    [InlineData("EHLO", "550 who are you")]
    [InlineData("MAIL", "553 5.7.1 not your sender")]
    [InlineData("MAIL", "530 5.7.0 authentication required")]
    [InlineData("RCPT", "530 5.7.0 authentication required")]
    [InlineData("RCPT", "503 5.5.1 bad sequence")]
    public async Task A_refusal_of_ourselves_defers_until_a_person_acts(string command, string answer) =>
        Assert.Equal((SendKind.Deferred, SendProblem.Configuration), await Answered(command, answer));

    [Theory]
    [InlineData("", "421 4.3.2 closing", SendProblem.Unavailable)]
    [InlineData("EHLO", "421 closing", SendProblem.Unavailable)]
    [InlineData("MAIL", "451 4.3.0 try later", SendProblem.Unavailable)]
    [InlineData("MAIL", "452 4.3.1 no space", SendProblem.Throttled)]
    [InlineData("MAIL", "421 4.7.0 too many messages", SendProblem.Throttled)]
    [InlineData("RCPT", "450 4.2.1 busy", SendProblem.Unavailable)]
    [InlineData("RCPT", "451 4.7.1 greylisted", SendProblem.Throttled)]
    [InlineData("RCPT", "452 4.2.2 mailbox full", SendProblem.Throttled)]
    [InlineData("DATA", "451 try later", SendProblem.Unavailable)]
    [InlineData("DATA", "250 what", SendProblem.Unavailable)]
    [InlineData(".", "451 4.3.0 try later", SendProblem.Unavailable)]
    [InlineData(".", "421 closing", SendProblem.Unavailable)]
    [InlineData(".", "452 no space", SendProblem.Throttled)]
    public async Task A_refusal_for_now_defers(string command, string answer, SendProblem problem) =>
        Assert.Equal((SendKind.Deferred, problem), await Answered(command, answer));

    [Theory]
    [InlineData("RCPT", "550 5.1.1 no such user", SendProblem.InvalidAddress)]
    [InlineData("RCPT", "550 no such user", SendProblem.InvalidAddress)]
    [InlineData("RCPT", "553 5.1.3 bad syntax", SendProblem.InvalidAddress)]
    [InlineData("RCPT", "550 5.1.10 null MX", SendProblem.InvalidAddress)]
    [InlineData("RCPT", "550 5.2.1 disabled", SendProblem.InvalidAddress)]
    [InlineData("RCPT", "552 5.2.2 over quota", SendProblem.Unavailable)]
    [InlineData("RCPT", "554 5.7.1 relay denied", SendProblem.NotPermitted)]
    [InlineData("RCPT", "554 no", SendProblem.NotPermitted)]
    [InlineData("DATA", "554 no valid recipients", SendProblem.ContentRefused)]
    [InlineData(".", "550 5.1.1 no such user", SendProblem.InvalidAddress)]
    [InlineData(".", "552 5.3.4 too large", SendProblem.ContentRefused)]
    [InlineData(".", "550 5.7.1 looks like spam", SendProblem.ContentRefused)]
    [InlineData(".", "554 no", SendProblem.ContentRefused)]
    public async Task A_refusal_for_good_rejects(string command, string answer, SendProblem problem) =>
        Assert.Equal((SendKind.Rejected, problem), await Answered(command, answer));

    [Theory]
    [InlineData("550 5.1.1 x", "550 5.1.1")]
    [InlineData("550 x", "550")]
    [InlineData("550 4.1.1 wrong class", "550")]
    [InlineData("550 1.2.3.4 blocked", "550")]
    public void The_status_holds_the_enhanced_code_only_if_it_is_one(string line, string status) =>
        Assert.Equal(status, new SmtpReply(550, [line[4..]]).Status);

    private static async Task<(SendKind, SendProblem)> Answered(string command, string answer)
    {
        SendOutcome outcome = await SmtpTransportTests.SendTo(async peer =>
        {
            await SmtpTransportTests.BeginUntil(peer, command == "." ? "DATA" : command);
            if (command == ".")
            {
                await peer.Say("354 go on\r\n");
                await peer.HearContent();
            }

            await peer.Say(answer + "\r\n");
            await peer.ServeUntil("");
        });
        Assert.StartsWith(answer[..3], outcome.Code, StringComparison.Ordinal);
        return (outcome.Kind, outcome.Problem);
    }
}
