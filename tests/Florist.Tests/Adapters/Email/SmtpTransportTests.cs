using System.Net;
using System.Net.Sockets;
using Florist.Adapters.Email;
using Florist.Messaging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Florist.Tests.Adapters.Email;

public class SmtpTransportTests
{
    private const string Hello = "EHLO";

    [Fact]
    public async Task An_accepted_message_is_known_by_its_message_id()
    {
        await using ScriptedSmtp server = new(Well);
        await using SmtpTransport transport = Transport(server.Port);

        SendOutcome outcome = await transport.Send(MailSamples.Email(), CancellationToken.None);

        Assert.Equal(SendKind.Accepted, outcome.Kind);
        Assert.Equal("<cus_1=3Aocc_2=3A2026=3Aemail=3Areminder@florist.example>", outcome.ProviderId);
        Assert.Equal("2.0.0 queued as 7", outcome.Text);
        Assert.Contains("RCPT TO:<ana@customer.example>", server.Heard);
        int size = MailSamples.Written(MailSamples.Email()).Length;
        Assert.Contains($"MAIL FROM:<shop@florist.example> SIZE={size}", server.Heard);
    }

    [Theory]
    [InlineData("")]
    [InlineData(Hello)]
    [InlineData("MAIL")]
    [InlineData("RCPT")]
    [InlineData("DATA")]
    public async Task A_connection_that_breaks_before_the_content_defers(string command)
    {
        SendOutcome outcome = await SendTo(async peer =>
        {
            await BeginUntil(peer, command);
            if (command.Length > 0)
            {
                peer.Cut();
            }
        });

        Assert.Equal((SendKind.Deferred, SendProblem.Unavailable, "CONNECTION_LOST"), Facts(outcome));
    }

    [Fact]
    public async Task A_connection_that_breaks_within_the_content_defers()
    {
        OutgoingEmail large = MailSamples.Email() with { Text = new string('a', 20_000_000) };
        SendOutcome outcome = await SendTo(
            async peer =>
            {
                await BeginUntil(peer, "DATA");
                await peer.Say("354 go on\r\n");
                await peer.Swallow(5000);
                peer.Cut();
            },
            large);

        Assert.Equal((SendKind.Deferred, SendProblem.Unavailable, "CONNECTION_LOST"), Facts(outcome));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2")]
    [InlineData("250")]
    [InlineData("250 2.0.0 queued")]
    [InlineData("250-queued\r\n")]
    [InlineData("250-queued\r\n25")]
    public async Task A_connection_that_breaks_after_the_final_dot_leaves_it_uncertain(string half)
    {
        SendOutcome outcome = await SendTo(async peer =>
        {
            await BeginUntil(peer, "DATA");
            await peer.Say("354 go on\r\n");
            await peer.HearContent();
            await peer.Say(half);
        });

        Assert.Equal((SendKind.Uncertain, SendProblem.None, "CONNECTION_LOST"), Facts(outcome));
    }

    [Theory]
    [InlineData("OK\r\n")]
    [InlineData("250_ok\r\n")]
    [InlineData("354 go on\r\n")]
    [InlineData("250-a\r\n550 b\r\n")]
    public async Task A_senseless_word_after_the_final_dot_leaves_it_uncertain(string word)
    {
        SendOutcome outcome = await SendTo(async peer =>
        {
            await BeginUntil(peer, "DATA");
            await peer.Say("354 go on\r\n");
            await peer.HearContent();
            await peer.Say(word);
            await peer.Silence();
        });

        Assert.Equal((SendKind.Uncertain, SendProblem.None, "PROTOCOL"), Facts(outcome));
    }

    [Theory]
    [InlineData("", SendKind.Deferred)]
    [InlineData(Hello, SendKind.Deferred)]
    [InlineData("MAIL", SendKind.Deferred)]
    [InlineData("RCPT", SendKind.Deferred)]
    [InlineData("DATA", SendKind.Deferred)]
    [InlineData(".", SendKind.Uncertain)]
    public async Task A_server_that_falls_silent_is_given_up(string command, SendKind kind)
    {
        SendOutcome outcome = await SendTo(
            async peer =>
            {
                if (command == ".")
                {
                    await BeginUntil(peer, "DATA");
                    await peer.Say("354 go on\r\n");
                    await peer.HearContent();
                }
                else
                {
                    await BeginUntil(peer, command);
                }

                await peer.Silence();
            },
            change: options =>
            {
                options.StepTimeout = TimeSpan.FromSeconds(0.3);
                options.VerdictTimeout = TimeSpan.FromSeconds(0.3);
            });

        Assert.Equal((kind, "TIMEOUT"), (outcome.Kind, outcome.Code));
    }

    [Theory]
    [InlineData("RCPT", SendKind.Deferred)]
    [InlineData(".", SendKind.Uncertain)]
    public async Task A_caller_who_gives_up_is_told_what_is_known(string command, SendKind kind)
    {
        using CancellationTokenSource cancel = new();
        SendOutcome outcome = await SendTo(
            async peer =>
            {
                await BeginUntil(peer, command == "." ? "DATA" : command);
                if (command == ".")
                {
                    await peer.Say("354 go on\r\n");
                    await peer.HearContent();
                }

                await cancel.CancelAsync();
                await peer.Silence();
            },
            cancel: cancel.Token);

        Assert.Equal((kind, "CANCELLED"), (outcome.Kind, outcome.Code));
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_defers()
    {
        TcpListener closed = new(IPAddress.Loopback, 0);
        closed.Start();
        int port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        await using SmtpTransport transport = Transport(port);

        SendOutcome outcome = await transport.Send(MailSamples.Email(), CancellationToken.None);

        Assert.Equal((SendKind.Deferred, SendProblem.Unavailable, "CONNECT_FAILED"), Facts(outcome));
    }

    [Fact]
    public async Task A_message_that_cannot_be_written_is_rejected_without_a_connection()
    {
        await using ScriptedSmtp server = new(Well);
        await using SmtpTransport transport = Transport(server.Port);
        OutgoingEmail email = MailSamples.Email() with { Subject = "a\r\nBcc: x@y.example" };

        SendOutcome outcome = await transport.Send(email, CancellationToken.None);

        Assert.Equal((SendKind.Rejected, SendProblem.ContentRefused, "HEADER_INJECTION"), Facts(outcome));
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task The_recipient_is_taken_out_of_the_servers_words()
    {
        SendOutcome outcome = await SendTo(async peer =>
        {
            await BeginUntil(peer, "RCPT");
            await peer.Say("550 5.1.1 <ANA@customer.example>: no such user\r\n");
            await peer.ServeUntil("");
        });

        Assert.Equal("5.1.1 <(recipient)>: no such user", outcome.Text);
    }

    [Fact]
    public async Task Plain_smtp_cannot_tell_what_became_of_a_message()
    {
        await using SmtpTransport transport = Transport(25);
        LookupHint hint = new(DateTimeOffset.UnixEpoch);

        Assert.Equal(
            LookupOutcome.CannotTell, await transport.Lookup(MailSamples.Email(), hint, CancellationToken.None));
    }

    internal static async Task<SendOutcome> SendTo(
        Func<SmtpPeer, Task> script,
        OutgoingEmail? email = null,
        Action<SmtpOptions>? change = null,
        CancellationToken cancel = default)
    {
        await using ScriptedSmtp server = new(script);
        await using SmtpTransport transport = Transport(server.Port, change);
        return await transport.Send(email ?? MailSamples.Email(), cancel);
    }

    internal static SmtpTransport Transport(int port, Action<SmtpOptions>? change = null)
    {
        EmailOptions options = new()
        {
            FromAddress = MailSamples.Shop.Address,
            FromName = MailSamples.Shop.DisplayName ?? "",
            Smtp = { Host = "127.0.0.1", Port = port, Security = SmtpSecurity.None, HelloName = "shop.example" },
        };
        change?.Invoke(options.Smtp);
        return new SmtpTransport(Options.Create(options), NullLogger<SmtpTransport>.Instance);
    }

    internal static async Task Well(SmtpPeer peer)
    {
        await peer.Say("220 scripted\r\n");
        await peer.ServeUntil("");
    }

    /// <summary>Greets and serves until the command; an empty command means not even a greeting.</summary>
    internal static async Task BeginUntil(SmtpPeer peer, string command)
    {
        if (command.Length > 0)
        {
            await peer.Say("220 scripted\r\n");
            await peer.ServeUntil(command);
        }
    }

    internal static (SendKind, SendProblem, string?) Facts(SendOutcome outcome) =>
        (outcome.Kind, outcome.Problem, outcome.Code);
}
