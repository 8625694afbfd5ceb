using Florist.Adapters.Email;
using Florist.Messaging;

namespace Florist.Tests.Adapters.Email;

public class SmtpPoolTests
{
    [Fact]
    public async Task A_connection_is_used_again_after_a_reset()
    {
        await using ScriptedSmtp server = new(SmtpTransportTests.Well);
        await using SmtpTransport transport = SmtpTransportTests.Transport(server.Port);

        await Send(transport, SendKind.Accepted);
        await Send(transport, SendKind.Accepted);

        Assert.Equal(1, server.Connections);
        Assert.Equal(2, server.Heard.Count(line => line == "DATA"));
        Assert.Equal(1, server.Heard.Count(line => line == "RSET"));
    }

    [Fact]
    public async Task A_connection_is_used_again_after_a_refused_recipient()
    {
        await using ScriptedSmtp server = new(async peer =>
        {
            await peer.Say("220 scripted\r\n");
            await peer.ServeUntil("RCPT");
            await peer.Say("550 5.1.1 no\r\n");
            await peer.ServeUntil("");
        });
        await using SmtpTransport transport = SmtpTransportTests.Transport(server.Port);

        await Send(transport, SendKind.Rejected);
        await Send(transport, SendKind.Accepted);

        Assert.Equal(1, server.Connections);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("421 bye\r\n")]
    public async Task A_connection_that_died_in_its_sleep_costs_only_a_new_one(string atReset)
    {
        await using ScriptedSmtp server = new(async peer =>
        {
            await peer.Say("220 scripted\r\n");
            await peer.ServeUntil("RSET");
            if (atReset != "cut")
            {
                await peer.Say(atReset);
            }

            peer.Cut();
        });
        await using SmtpTransport transport = SmtpTransportTests.Transport(server.Port);

        await Send(transport, SendKind.Accepted);
        await Send(transport, SendKind.Accepted);

        Assert.Equal(2, server.Connections);
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 2)]
    [InlineData(100, 1)]
    public async Task A_connection_carries_a_limited_number_of_messages(int messagesMax, int connections)
    {
        await using ScriptedSmtp server = new(SmtpTransportTests.Well);
        await using SmtpTransport transport =
            SmtpTransportTests.Transport(server.Port, options => options.MessagesPerConnectionMax = messagesMax);

        for (int count = 0; count < 3; count++)
        {
            await Send(transport, SendKind.Accepted);
        }

        Assert.Equal(connections, server.Connections);
    }

    [Fact]
    public async Task A_connection_that_has_rested_too_long_is_not_used_again()
    {
        await using ScriptedSmtp server = new(SmtpTransportTests.Well);
        await using SmtpTransport transport =
            SmtpTransportTests.Transport(server.Port, options => options.IdleTimeout = TimeSpan.Zero);

        await Send(transport, SendKind.Accepted);
        await Send(transport, SendKind.Accepted);

        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task There_are_never_more_connections_than_allowed()
    {
        await using ScriptedSmtp server = new(SmtpTransportTests.Well);
        await using SmtpTransport transport =
            SmtpTransportTests.Transport(server.Port, options => options.ConnectionsMax = 2);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Send(transport, SendKind.Accepted)));

        Assert.InRange(server.Connections, 1, 2);
        Assert.Equal(20, server.Heard.Count(line => line == "DATA"));
    }

    [Fact]
    public async Task A_broken_attempt_gives_its_place_back()
    {
        await using ScriptedSmtp server = new(peer =>
        {
            peer.Cut();
            return Task.CompletedTask;
        });
        await using SmtpTransport transport =
            SmtpTransportTests.Transport(server.Port, options => options.ConnectionsMax = 1);

        await Send(transport, SendKind.Deferred);
        await Send(transport, SendKind.Deferred);

        Assert.Equal(2, server.Connections);
    }

    private static async Task Send(SmtpTransport transport, SendKind kind) =>
        Assert.Equal(kind, (await transport.Send(MailSamples.Email(), CancellationToken.None)).Kind);
}
