using System.Text;
using Florist.Adapters.Sms;

namespace Florist.Tests.Adapters.Sms;

public class TwilioSignatureTests
{
    private const string Token = "12345";
    private const string FirstUrl = "https://mycompany.com/myapp.php?foo=1&bar=2";
    private const string First = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";
    private const string BodySha = "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862";
    private const string BodyUrl = $"https://florist.example/webhooks/twilio/events?bodySHA256={BodySha}";
    private const string BodySignature = "A4p9aur+XyDauGyGAvPr5yslGtQ=";

    private static readonly Dictionary<string, string> FirstForm = new()
    {
        ["To"] = "+18005551212",
        ["Digits"] = "1234",
        ["CallSid"] = "CA1234567890ABCDE",
        ["From"] = "+14158675309",
        ["Caller"] = "+14158675309",
    };

    [Fact]
    public void A_form_is_signed_as_published() =>
        Assert.Equal(First, TwilioSignature.Sign(Token, FirstUrl, FirstForm));

    [Fact]
    public void A_status_callback_is_signed_as_published()
    {
        string sid = "SM" + new string('a', 32);
        Dictionary<string, string> form = new()
        {
            ["AccountSid"] = "AC" + new string('a', 32),
            ["ApiVersion"] = "2010-04-01",
            ["From"] = "+15005550006",
            ["MessageSid"] = sid,
            ["SmsSid"] = sid,
            ["MessageStatus"] = "delivered",
            ["SmsStatus"] = "delivered",
            ["To"] = "+15558675310",
        };
        const string url = "https://florist.example/webhooks/twilio/status?n=notif-1";

        Assert.Equal("OdloMejJIBVIy5nVuhj31LYynEs=", TwilioSignature.Sign(Token, url, form));
        Assert.True(TwilioSignature.Matches(Token, url, form, "OdloMejJIBVIy5nVuhj31LYynEs="));
    }

    [Fact]
    public void A_json_body_is_signed_as_published()
    {
        byte[] body = Encoding.ASCII.GetBytes("""{"a":1}""");

        Assert.True(TwilioSignature.MatchesBody(Token, BodyUrl, body, BodySignature));
        Assert.False(TwilioSignature.MatchesBody(Token, BodyUrl, Encoding.ASCII.GetBytes("""{"a":2}"""), BodySignature));
        Assert.False(TwilioSignature.MatchesBody("other", BodyUrl, body, BodySignature));
        Assert.False(TwilioSignature.MatchesBody(Token, "https://florist.example/", body, BodySignature));
    }

    [Theory]
    [InlineData("https://x.example/a?b=1", "https://x.example:443/a?b=1")]
    [InlineData("https://x.example", "https://x.example:443")]
    [InlineData("http://x.example/a", "http://x.example:80/a")]
    [InlineData("https://[::1]/a", "https://[::1]:443/a")]
    [InlineData("https://x.example/a?u=http://y:1/", "https://x.example:443/a?u=http://y:1/")]
    public void The_port_may_be_named_or_left_out(string without, string with)
    {
        string signedWith = TwilioSignature.Sign(Token, with, FirstForm);
        string signedWithout = TwilioSignature.Sign(Token, without, FirstForm);

        Assert.NotEqual(signedWith, signedWithout);
        Assert.True(TwilioSignature.Matches(Token, without, FirstForm, signedWith));
        Assert.True(TwilioSignature.Matches(Token, with, FirstForm, signedWithout));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("not base 64!")]
    [InlineData("RSOYDt4T1cUTdK1PDd93/VVr8B7=")]
    [InlineData("RSOYDt4T1cUTdK1PDd93/VVr8B8=RSOYDt4T1cUTdK1PDd93/VVr8B8=")]
    public void Any_other_signature_is_refused(string? signature) =>
        Assert.False(TwilioSignature.Matches(Token, FirstUrl, FirstForm, signature));

    [Fact]
    public void Any_other_token_address_or_form_is_refused()
    {
        Dictionary<string, string> more = new(FirstForm) { ["Extra"] = "1" };

        Assert.True(TwilioSignature.Matches(Token, FirstUrl, FirstForm, First));
        Assert.False(TwilioSignature.Matches("12346", FirstUrl, FirstForm, First));
        Assert.False(TwilioSignature.Matches(Token, FirstUrl + "3", FirstForm, First));
        Assert.False(TwilioSignature.Matches(Token, FirstUrl, more, First));
    }
}
