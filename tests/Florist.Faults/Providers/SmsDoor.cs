using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Florist.Faults.Providers;

/// <summary>
/// As much of Twilio's API as a sender needs: it accepts every message, and lists what it has accepted for a number.
/// </summary>
internal sealed class SmsDoor(SentLedger ledger, Func<DateTimeOffset> now)
{
    public const string AccountSid = "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string Messages = $"/2010-04-01/Accounts/{AccountSid}/Messages.json";

    /// <summary>Adds the two endpoints.</summary>
    public void Open(WebApplication app)
    {
        app.MapPost(Messages, Create);
        app.MapGet(Messages, List);
    }

    private async Task Create(HttpContext http)
    {
        IFormCollection form = await http.Request.ReadFormAsync();
        string key = QueryHelpers.ParseQuery(new Uri(form["StatusCallback"].ToString()).Query)["n"].ToString();
        SentMessage message = new("sms", key, form["To"].ToString(), form["Body"].ToString(), now());
        int number = ledger.Accept(message);
        http.Response.StatusCode = 201;
        await http.Response.WriteAsJsonAsync(Shown(number, message));
    }

    private async Task List(HttpContext http)
    {
        string to = http.Request.Query["To"].ToString();
        ImmutableArray<SentMessage> all = ledger.All;
        JsonArray shown = [];
        foreach ((int index, SentMessage message) in all.Index().Where(
            entry => entry.Item.Channel == "sms" && entry.Item.To == to))
        {
            shown.Insert(0, Shown(index + 1, message));
        }

        await http.Response.WriteAsJsonAsync(new JsonObject { ["messages"] = shown, ["next_page_uri"] = null });
    }

    private static JsonObject Shown(int number, SentMessage message) => new()
    {
        ["sid"] = string.Create(CultureInfo.InvariantCulture, $"SM{number:x32}"),
        ["account_sid"] = AccountSid,
        ["to"] = message.To,
        ["body"] = message.Body,
        ["direction"] = "outbound-api",
        ["status"] = "sent",
        ["date_created"] = message.At.ToString("r", CultureInfo.InvariantCulture),
        ["date_sent"] = message.At.ToString("r", CultureInfo.InvariantCulture),
    };
}
