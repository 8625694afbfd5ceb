using System.Net;
using Florist.Adapters.Sms;
using Florist.Messaging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Florist.Server.Tests.Channels;

/// <summary>Every request of ours against Twilio's own contract, as Prism reads it.</summary>
public class TwilioContractTests
{
    private const string Account = "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    [Fact]
    public async Task Every_request_is_lawful_and_every_answer_understood()
    {
        await using PrismPeer prism = await PrismPeer.Start("..", "shared", "data", "twilio-messages.openapi.json");

        // Prism refuses what is not lawful, or the rest of this test would prove nothing.
        using HttpClient http = new();
        TwilioTransport.Configure(http, new TwilioOptions { AccountSid = Account, AuthToken = "12345" });
        using FormUrlEncodedContent unlawful = new([new("Body", "to nobody")]);
        using HttpResponseMessage refused = await http.PostAsync(
            $"{prism.Url}/2010-04-01/Accounts/{Account}/Messages.json", unlawful);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);

        await Send(prism, options => options.MessagingServiceSid = "MG" + new string('b', 32));
        await Send(prism, options => options.From = "+15005550006");
        await Send(prism, options =>
        {
            options.From = "+15005550006";
            options.StatusCallback = "https://florist.example/webhooks/twilio/status";
            options.ApiKeySid = "SK" + new string('c', 32);
            options.ApiKeySecret = "secret";
        });

        await LookUp(prism);
    }

    // Prism always shows the message of the contract's example, on a page that has always another one after it.
    private static async Task LookUp(PrismPeer prism)
    {
        OutgoingSms example = Sms() with { To = "+18182008801", Body = "testing" };
        DateTimeOffset created = new(2019, 5, 24, 17, 44, 46, TimeSpan.Zero);
        TwilioTransport transport = Transport(prism, options => options.From = "+15005550006");

        Assert.Equal(
            LookupOutcome.Found("SMded05904ccb347238880ca9264e8fe1c"),
            await transport.Lookup(example, new LookupHint(created), CancellationToken.None));
        Assert.Equal(
            LookupOutcome.CannotTell,
            await transport.Lookup(Sms(), new LookupHint(created), CancellationToken.None));
    }

    private static async Task Send(PrismPeer prism, Action<TwilioOptions> change)
    {
        SendOutcome outcome = await Transport(prism, change).Send(Sms(), CancellationToken.None);

        Assert.Equal(SendKind.Accepted, outcome.Kind);
        Assert.Matches("^SM[0-9a-f]{32}$", outcome.ProviderId);
    }

    private static OutgoingSms Sms() => new()
    {
        MessageKey = "ord_1:delivered",
        To = "+15558675310",
        Body = "Your flowers arrive in 10 minutes 🌷",
        ValidityPeriod = TimeSpan.FromMinutes(10),
    };

    private static TwilioTransport Transport(PrismPeer prism, Action<TwilioOptions> change)
    {
        TwilioOptions options = new() { AccountSid = Account, AuthToken = "12345", BaseUrl = prism.Url };
        change(options);
        HttpClient http = new(SmsFeature.Handler(options));
        TwilioTransport.Configure(http, options);
        return new TwilioTransport(
            http,
            Options.Create(new SmsOptions { Twilio = options }),
            TimeProvider.System,
            NullLogger<TwilioTransport>.Instance);
    }
}
