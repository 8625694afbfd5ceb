using System.Net;
using System.Net.Sockets;
using System.Text;
using Florist.Adapters.Sms;
using Florist.Messaging;
using Florist.Tests.Testing;

namespace Florist.Tests.Adapters.Sms;

public class TwilioTransportTests
{
    [Fact]
    public async Task An_accepted_message_is_known_by_its_sid()
    {
        await using FakeTwilio twilio = await FakeTwilio.Start();
        TwilioTransport transport = SmsSamples.Transport(twilio.Url);

        SendOutcome first = await transport.Send(SmsSamples.Sms(), CancellationToken.None);
        SendOutcome second = await transport.Send(SmsSamples.Sms("other"), CancellationToken.None);

        Assert.Equal((SendKind.Accepted, "SM00000000000000000000000000000001"), (first.Kind, first.ProviderId));
        Assert.Equal((SendKind.Accepted, "SM00000000000000000000000000000002"), (second.Kind, second.ProviderId));
        Assert.Equal(SmsSamples.Sms().Body, twilio.Taken[0].Body);
        Assert.Null(twilio.Taken[0].StatusCallback);
        Assert.Null(twilio.Taken[0].ValidityPeriod);
    }

    [Theory]
    [InlineData("https://x.example/cb", "https://x.example/cb?n=ord_1%3Aa%26b")]
    [InlineData("https://x.example/cb?a=1", "https://x.example/cb?a=1&n=ord_1%3Aa%26b")]
    [InlineData("https://x.example/cb#ct=2000&rc=3", "https://x.example/cb?n=ord_1%3Aa%26b#ct=2000&rc=3")]
    public async Task The_callback_address_carries_the_message_key(string configured, string sent)
    {
        await using FakeTwilio twilio = await FakeTwilio.Start();
        TwilioTransport transport = SmsSamples.Transport(twilio.Url, options => options.StatusCallback = configured);

        await transport.Send(SmsSamples.Sms("ord_1:a&b"), CancellationToken.None);

        Assert.Equal(sent, Assert.Single(twilio.Taken).StatusCallback);
    }

    [Theory]
    [InlineData(0.2, "1")]
    [InlineData(600, "600")]
    [InlineData(36000, "36000")]
    [InlineData(1e9, "36000")]
    [InlineData(-5, "1")]
    public async Task The_validity_stays_within_what_the_provider_allows(double seconds, string sent)
    {
        await using FakeTwilio twilio = await FakeTwilio.Start();
        OutgoingSms sms = SmsSamples.Sms() with { ValidityPeriod = TimeSpan.FromSeconds(seconds) };

        await SmsSamples.Transport(twilio.Url).Send(sms, CancellationToken.None);

        Assert.Equal(sent, Assert.Single(twilio.Taken).ValidityPeriod);
    }

    [Theory]
    [InlineData("+15005550001", SendProblem.InvalidAddress, "21211")]
    [InlineData("+15005550002", SendProblem.Unroutable, "21612")]
    [InlineData("+15005550003", SendProblem.NotPermitted, "21408")]
    [InlineData("+15005550004", SendProblem.OptedOut, "21610")]
    [InlineData("+15005550009", SendProblem.NotMobile, "21614")]
    public async Task A_refused_number_is_rejected_and_kept_out_of_the_text(string to, SendProblem problem, string code)
    {
        await using FakeTwilio twilio = await FakeTwilio.Start();

        SendOutcome outcome = await SmsSamples.Transport(twilio.Url).Send(
            SmsSamples.Sms() with { To = to }, CancellationToken.None);

        Assert.Equal((SendKind.Rejected, problem, code), Facts(outcome));
        Assert.Equal($"Error {code} about (recipient)", outcome.Text);
        Assert.Empty(twilio.Taken);
    }

    [Theory]
    [InlineData("+15005550001", SendProblem.Configuration, "21212")]
    [InlineData("+15005550007", SendProblem.Configuration, "21606")]
    [InlineData("+15005550008", SendProblem.Throttled, "21611")]
    public async Task A_refused_sender_is_no_fault_of_the_message(string from, SendProblem problem, string code)
    {
        await using FakeTwilio twilio = await FakeTwilio.Start();
        TwilioTransport transport = SmsSamples.Transport(twilio.Url, options =>
        {
            options.MessagingServiceSid = null;
            options.From = from;
        });

        Assert.Equal(
            (SendKind.Deferred, problem, code), Facts(await transport.Send(SmsSamples.Sms(), CancellationToken.None)));
    }

    [Fact]
    public async Task Wrong_credentials_wait_for_a_person()
    {
        await using FakeTwilio twilio = await FakeTwilio.Start();
        TwilioTransport transport = SmsSamples.Transport(twilio.Url, options => options.AuthToken = "wrong");

        Assert.Equal(
            (SendKind.Deferred, SendProblem.Configuration, "20003"),
            Facts(await transport.Send(SmsSamples.Sms(), CancellationToken.None)));
        Assert.Equal(
            LookupOutcome.AskLater,
            await transport.Lookup(SmsSamples.Sms(), new LookupHint(DateTimeOffset.UnixEpoch), CancellationToken.None));
    }

    [Fact]
    public async Task A_burst_of_429_takes_nothing_and_says_how_long_to_wait()
    {
        await using FakeTwilio twilio = await FakeTwilio.Start();
        twilio.Fail(TwilioFault.TooMany, TwilioFault.TooMany);
        TwilioTransport transport = SmsSamples.Transport(twilio.Url);

        for (int count = 0; count < 2; count++)
        {
            SendOutcome outcome = await transport.Send(SmsSamples.Sms(), CancellationToken.None);
            Assert.Equal((SendKind.Deferred, SendProblem.Throttled, "20429"), Facts(outcome));
            Assert.Equal(TimeSpan.FromSeconds(7), outcome.RetryAfter);
        }

        Assert.Equal(SendKind.Accepted, (await transport.Send(SmsSamples.Sms(), CancellationToken.None)).Kind);
        Assert.Single(twilio.Taken);
    }

    [Theory]
    [InlineData(TwilioFault.FailBefore, "20500", 0)]
    [InlineData(TwilioFault.FailAfter, "20500", 1)]
    [InlineData(TwilioFault.CutBefore, "ANSWER_LOST", 0)]
    [InlineData(TwilioFault.CutAfter, "ANSWER_LOST", 1)]
    [InlineData(TwilioFault.HangAfter, "TIMEOUT", 1)]
    internal async Task A_lost_answer_is_uncertain_and_never_sent_again(TwilioFault fault, string code, int taken)
    {
        await using FakeTwilio twilio = await FakeTwilio.Start();
        TwilioTransport transport = SmsSamples.Transport(
            twilio.Url, options => options.RequestTimeout = TimeSpan.FromSeconds(2));

        // The first message leaves a connection behind that the second one uses.
        Assert.Equal(SendKind.Accepted, (await transport.Send(SmsSamples.Sms("first"), CancellationToken.None)).Kind);
        twilio.Fail(fault);
        SendOutcome outcome = await transport.Send(SmsSamples.Sms(), CancellationToken.None);

        Assert.Equal((SendKind.Uncertain, SendProblem.None, code), Facts(outcome));
        Assert.Equal(2, twilio.Requests);
        Assert.Equal(1 + taken, twilio.Taken.Count);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_after_its_status_is_still_an_acceptance()
    {
        await using FakeTwilio twilio = await FakeTwilio.Start();
        twilio.Fail(TwilioFault.CutWithinAnswer);

        SendOutcome outcome = await SmsSamples.Transport(twilio.Url).Send(SmsSamples.Sms(), CancellationToken.None);

        Assert.Equal((SendKind.Accepted, SmsSamples.Sms().MessageKey), (outcome.Kind, outcome.ProviderId));
    }

    [Fact]
    public async Task A_caller_who_gives_up_is_told_what_is_known()
    {
        await using FakeTwilio twilio = await FakeTwilio.Start();
        TwilioTransport transport = SmsSamples.Transport(twilio.Url);
        twilio.Fail(TwilioFault.HangAfter);
        using CancellationTokenSource cancel = new();

        Task<SendOutcome> sending = transport.Send(SmsSamples.Sms(), cancel.Token);
        await twilio.Arrivals.ReadAsync();
        await cancel.CancelAsync();

        Assert.Equal((SendKind.Uncertain, SendProblem.None, "CANCELLED"), Facts(await sending));
        Assert.Equal(
            (SendKind.Deferred, SendProblem.Unavailable, "CANCELLED"),
            Facts(await transport.Send(SmsSamples.Sms(), cancel.Token)));
        Assert.Equal(1, twilio.Requests);
    }

    [Fact]
    public async Task A_provider_that_cannot_be_reached_defers()
    {
        SendOutcome outcome = await SmsSamples.Transport($"http://127.0.0.1:{ClosedPort()}").Send(
            SmsSamples.Sms(), CancellationToken.None);

        Assert.Equal((SendKind.Deferred, SendProblem.Unavailable, "CONNECT_FAILED"), Facts(outcome));
    }

    [Fact]
    public async Task A_provider_that_does_not_speak_tls_waits_for_a_person()
    {
        await using FakeTwilio twilio = await FakeTwilio.Start();
        string url = twilio.Url.Replace("http://", "https://", StringComparison.Ordinal);

        SendOutcome outcome = await SmsSamples.Transport(url).Send(SmsSamples.Sms(), CancellationToken.None);

        Assert.Equal((SendKind.Deferred, SendProblem.Configuration, "CONNECT_FAILED"), Facts(outcome));
        Assert.Equal(0, twilio.Requests);
    }

    [Theory]
    [InlineData("15558675310", "INVALID_NUMBER")]
    [InlineData("+05558675310", "INVALID_NUMBER")]
    [InlineData("+1", "INVALID_NUMBER")]
    [InlineData("+1234567890123456", "INVALID_NUMBER")]
    [InlineData("+1555867531０", "INVALID_NUMBER")]
    [InlineData("+15558675310\n", "INVALID_NUMBER")]
    [InlineData("whatsapp:+15558675310", "INVALID_NUMBER")]
    public async Task What_is_no_number_is_never_sent(string to, string code)
    {
        TwilioTransport transport = SmsSamples.Transport($"http://127.0.0.1:{ClosedPort()}");

        SendOutcome outcome = await transport.Send(SmsSamples.Sms() with { To = to }, CancellationToken.None);

        Assert.Equal((SendKind.Rejected, SendProblem.InvalidAddress, code), Facts(outcome));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(1600, true)]
    [InlineData(1601, false)]
    public async Task A_text_has_1_to_1600_characters(int length, bool sent)
    {
        await using FakeTwilio twilio = await FakeTwilio.Start();

        SendOutcome outcome = await SmsSamples.Transport(twilio.Url).Send(
            SmsSamples.Sms() with { Body = new string('a', length) }, CancellationToken.None);

        Assert.Equal(sent ? SendKind.Accepted : SendKind.Rejected, outcome.Kind);
        Assert.Equal(sent ? 1 : 0, twilio.Requests);
    }

    [Fact]
    public async Task An_api_key_is_used_instead_of_the_token()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        TwilioTransport transport = SmsSamples.Transport(
            $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}",
            options => (options.ApiKeySid, options.ApiKeySecret) = ("SK" + new string('a', 32), "hush"));

        Task<SendOutcome> sending = transport.Send(SmsSamples.Sms(), CancellationToken.None);
        using TcpClient peer = await listener.AcceptTcpClientAsync();
        using StreamReader reader = new(peer.GetStream(), Encoding.ASCII);
        List<string> head = [];
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            head.Add(line);
        }

        peer.Close();

        string token = Convert.ToBase64String(Encoding.ASCII.GetBytes($"SK{new string('a', 32)}:hush"));
        Assert.Contains($"Authorization: Basic {token}", head);
        Assert.Equal(SendKind.Uncertain, (await sending).Kind);
    }

    internal static (SendKind, SendProblem, string?) Facts(SendOutcome outcome) =>
        (outcome.Kind, outcome.Problem, outcome.Code);

    private static int ClosedPort()
    {
        using TcpListener closed = new(IPAddress.Loopback, 0);
        closed.Start();
        return ((IPEndPoint)closed.LocalEndpoint).Port;
    }
}
