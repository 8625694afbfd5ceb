using Florist.Adapters.Sms;
using Florist.Messaging;
using Florist.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Florist.Tests.Adapters.Sms;

internal static class SmsSamples
{
    public static OutgoingSms Sms(string key = "ord_1:delivered") => new()
    {
        MessageKey = key,
        To = "+15558675310",
        Body = "Your flowers arrive in 10 minutes 🌷",
    };

    public static TwilioOptions Options(string url) => new()
    {
        AccountSid = FakeTwilio.AccountSid,
        AuthToken = FakeTwilio.AuthToken,
        MessagingServiceSid = FakeTwilio.ServiceSid,
        BaseUrl = url,
    };

    public static TwilioTransport Transport(string url, Action<TwilioOptions>? change = null)
    {
        TwilioOptions options = Options(url);
        change?.Invoke(options);
        HttpClient http = new(SmsFeature.Handler(options));
        TwilioTransport.Configure(http, options);
        return new TwilioTransport(
            http,
            Microsoft.Extensions.Options.Options.Create(new SmsOptions { Twilio = options }),
            TimeProvider.System,
            NullLogger<TwilioTransport>.Instance);
    }
}
