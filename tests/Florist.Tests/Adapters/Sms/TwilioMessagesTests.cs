using Florist.Adapters.Sms;
using Florist.Messaging;
using Florist.Tests.Testing;

namespace Florist.Tests.Adapters.Sms;

public class TwilioMessagesTests
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_message_whose_answer_was_lost_is_found(bool sentAtOnce)
    {
        await using FakeTwilio twilio = await FakeTwilio.Start();
        twilio.SendsAtOnce = sentAtOnce;
        twilio.Fail(TwilioFault.CutAfter);
        TwilioTransport transport = SmsSamples.Transport(twilio.Url);

        SendOutcome lost = await transport.Send(SmsSamples.Sms(), CancellationToken.None);

        Assert.Equal(SendKind.Uncertain, lost.Kind);
        Assert.Equal(LookupOutcome.Found("SM00000000000000000000000000000001"), await Find(twilio, SmsSamples.Sms()));
    }

    [Fact]
    public async Task A_message_that_never_arrived_is_not_found()
    {
        await using FakeTwilio twilio = await FakeTwilio.Start();

        Assert.Equal(LookupOutcome.NotFound, await Find(twilio, SmsSamples.Sms()));
    }

    [Fact]
    public async Task Other_messages_are_not_taken_for_it()
    {
        OutgoingSms sms = SmsSamples.Sms();
        await using FakeTwilio twilio = await FakeTwilio.Start();
        twilio.Take(new FakeSms("SMbody", sms.To, "another text", null, null, Now));
        twilio.Take(new FakeSms("SMto", "+15550000000", sms.Body, null, null, Now));
        twilio.Take(new FakeSms("SMold", sms.To, sms.Body, null, null, Now.AddMinutes(-3)));
        twilio.Take(new FakeSms("SMother", sms.To, sms.Body, null, null, Now));
        LookupHint hint = new(Now, ["SMother"]);

        Assert.Equal(LookupOutcome.NotFound, await Find(twilio, sms, hint));

        twilio.Take(new FakeSms("SMit", sms.To, sms.Body, null, null, Now.AddSeconds(-30)));
        Assert.Equal(LookupOutcome.Found("SMit"), await Find(twilio, sms, hint));
    }

    [Theory]
    [InlineData(2, LookupKind.Found)]
    [InlineData(3, LookupKind.Found)]
    [InlineData(1, LookupKind.Unknown)]
    public async Task A_long_list_is_read_page_by_page_up_to_the_limit(int pagesMax, LookupKind kind)
    {
        OutgoingSms sms = SmsSamples.Sms();
        await using FakeTwilio twilio = await FakeTwilio.Start();
        twilio.PageMax = 2;
        twilio.Take(new FakeSms("SMit", sms.To, sms.Body, null, null, Now));
        twilio.Take(new FakeSms("SM2", sms.To, "two", null, null, Now));
        twilio.Take(new FakeSms("SM3", sms.To, "three", null, null, Now));
        TwilioTransport transport = SmsSamples.Transport(twilio.Url, options => options.LookupPagesMax = pagesMax);

        LookupOutcome outcome = await transport.Lookup(sms, new LookupHint(Now), CancellationToken.None);

        Assert.Equal((kind, false), (outcome.Kind, outcome.MayAskAgain));
    }

    [Fact]
    public async Task A_provider_that_cannot_be_asked_is_asked_again_later()
    {
        FakeTwilio twilio = await FakeTwilio.Start();
        string url = twilio.Url;
        await twilio.DisposeAsync();

        Assert.Equal(
            LookupOutcome.AskLater,
            await SmsSamples.Transport(url).Lookup(SmsSamples.Sms(), new LookupHint(Now), CancellationToken.None));
    }

    private static Task<LookupOutcome> Find(FakeTwilio twilio, OutgoingSms sms, LookupHint? hint = null) =>
        SmsSamples.Transport(twilio.Url).Lookup(sms, hint ?? new LookupHint(Now), CancellationToken.None);
}
