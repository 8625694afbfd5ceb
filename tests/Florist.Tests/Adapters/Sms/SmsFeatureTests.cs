using Florist.Adapters.Sms;
using Florist.Messaging;
using Florist.Tests.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Florist.Tests.Adapters.Sms;

public class SmsFeatureTests
{
    private static readonly (string Key, string? Value)[] Account =
    [
        ("Sms:Twilio:AccountSid", FakeTwilio.AccountSid),
        ("Sms:Twilio:AuthToken", FakeTwilio.AuthToken),
        ("Sms:Twilio:MessagingServiceSid", FakeTwilio.ServiceSid),
    ];

    [Fact]
    public void Without_an_account_messages_go_to_a_file()
    {
        using ServiceProvider services = Build();
        Assert.IsType<LogSmsTransport>(services.GetRequiredService<ISmsTransport>());
    }

    [Fact]
    public async Task With_an_account_messages_go_to_twilio()
    {
        await using FakeTwilio twilio = await FakeTwilio.Start();
        await using ServiceProvider services = Build([.. Account, ("Sms:Twilio:BaseUrl", twilio.Url)]);

        SendOutcome outcome = await services.GetRequiredService<ISmsTransport>().Send(SmsSamples.Sms(), default);

        Assert.Equal(SendKind.Accepted, outcome.Kind);
        Assert.Single(twilio.Taken);
    }

    [Theory]
    [InlineData("Sms:LogFile", "")]
    [InlineData("Sms:Twilio:AccountSid", "AC1")]
    [InlineData("Sms:Twilio:AuthToken", "")]
    [InlineData("Sms:Twilio:MessagingServiceSid", "MG1")]
    [InlineData("Sms:Twilio:MessagingServiceSid", null)]
    [InlineData("Sms:Twilio:From", "+15005550006")]
    [InlineData("Sms:Twilio:ApiKeySid", "SKaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("Sms:Twilio:ApiKeySecret", "hush")]
    [InlineData("Sms:Twilio:BaseUrl", "api.twilio.com")]
    [InlineData("Sms:Twilio:BaseUrl", "http://api.twilio.com")]
    [InlineData("Sms:Twilio:StatusCallback", "https://my_host.example/")]
    [InlineData("Sms:Twilio:StatusCallback", "/relative")]
    [InlineData("Sms:Twilio:RequestTimeout", "00:00:00")]
    public void A_wrong_setting_is_found_at_the_start(string key, string? value)
    {
        using ServiceProvider services = Build([.. Account.Where(setting => setting.Key != key), (key, value)]);

        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(
            () => services.GetRequiredService<IOptions<SmsOptions>>().Value);
        Assert.DoesNotContain("hush", refused.Message, StringComparison.Ordinal);
    }

    private static ServiceProvider Build(params (string Key, string? Value)[] settings) =>
        new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddSms(new ConfigurationBuilder()
                .AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => s.Value))
                .Build())
            .BuildServiceProvider();
}
