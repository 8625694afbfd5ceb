using System.Collections.Concurrent;
using Florist.Adapters.Sms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Florist.Tests.Testing;

public class FakeTwilioTests
{
    [Fact]
    public async Task Callbacks_and_inbound_texts_are_signed_as_twilio_signs_them()
    {
        ConcurrentQueue<(string Field, bool Signed)> heard = new();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using WebApplication shop = builder.Build();
        shop.MapPost("/hook", async (HttpRequest request) =>
        {
            Dictionary<string, string> form = (await request.ReadFormAsync())
                .ToDictionary(field => field.Key, field => field.Value.ToString());
            string url = $"{shop.Urls.Single()}/hook{request.QueryString}";
            string? signature = request.Headers[TwilioSignature.Header];
            heard.Enqueue((
                form.GetValueOrDefault("MessageStatus", form.GetValueOrDefault("Body", "")),
                TwilioSignature.Matches(FakeTwilio.AuthToken, url, form, signature)));
        });
        await shop.StartAsync();
        string hook = $"{shop.Urls.Single()}/hook";
        FakeSms sms = new("SM1", "+15558675310", "text", $"{hook}?n=key%3A1", null, DateTimeOffset.UnixEpoch);
        using HttpClient http = new();

        using HttpResponseMessage first = await FakeTwilio.CallBack(http, sms, "delivered");
        using HttpResponseMessage late = await FakeTwilio.CallBack(http, sms, "sent");
        using HttpResponseMessage failed = await FakeTwilio.CallBack(http, sms, "undelivered", 30005);
        using HttpResponseMessage inbound = await FakeTwilio.Inbound(http, hook, "+15558675310", "STOP");

        Assert.Equal([("delivered", true), ("sent", true), ("undelivered", true), ("STOP", true)], heard);
    }
}
