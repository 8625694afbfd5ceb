using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Florist.Messaging;

namespace Florist.Adapters.Sms;

/// <summary>Twilio's list of the account's messages, searched for one of ours by number, time and text.</summary>
internal sealed class TwilioMessages
{
    private const int PageMax = 4 * 1024 * 1024;

    // Twilio's clock and ours may differ, and its times are whole seconds.
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(2);

    private readonly HttpClient _http;
    private readonly TwilioOptions _options;

    public TwilioMessages(HttpClient http, TwilioOptions options)
    {
        _http = http;
        _options = options;
        string root = options.BaseUrl.TrimEnd('/');
        Address = new Uri($"{root}/2010-04-01/Accounts/{options.AccountSid}/Messages.json");
    }

    /// <summary>Where messages are created and listed.</summary>
    public Uri Address { get; }

    /// <summary>Looks for the message.</summary>
    /// <exception cref="HttpRequestException">Twilio could not be asked.</exception>
    public async Task<LookupOutcome> Find(OutgoingSms sms, LookupHint hint, CancellationToken cancel)
    {
        string to = Uri.EscapeDataString(sms.To);
        string since = (hint.AttemptedAt - Skew).UtcDateTime.ToString(
            "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        LookupOutcome sent = await Search(
            $"?To={to}&DateSent%3E={Uri.EscapeDataString(since)}&PageSize=100", sms, hint, cancel);

        // A message that is still queued has not been sent on any date, so the first search may miss it.
        return sent.Kind == LookupKind.NotFound ? await Search($"?To={to}&PageSize=100", sms, hint, cancel) : sent;
    }

    private async Task<LookupOutcome> Search(
        string query, OutgoingSms sms, LookupHint hint, CancellationToken cancel)
    {
        Uri? next = new(Address, query);
        for (int page = 0; next is not null; page++)
        {
            if (page == _options.LookupPagesMax)
            {
                return LookupOutcome.CannotTell;
            }

            Listing listing = await Page(next, cancel);
            if (listing.Messages.FirstOrDefault(message => IsIt(message, sms, hint)) is { Sid: { } sid })
            {
                return LookupOutcome.Found(sid);
            }

            next = Next(listing);
        }

        return LookupOutcome.NotFound;
    }

    private async Task<Listing> Page(Uri address, CancellationToken cancel)
    {
        using HttpResponseMessage response =
            await _http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancel);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new HttpRequestException("the list was refused", null, response.StatusCode);
        }

        byte[]? body = await BoundedBody.Read(response.Content, PageMax, cancel);
        try
        {
            return JsonSerializer.Deserialize<Listing>(body ?? []) ?? throw new IOException("the list is empty");
        }
        catch (JsonException e)
        {
            throw new IOException("the list is no JSON", e);
        }
    }

    // The credentials go with the request, so a next page elsewhere is not followed.
    private Uri? Next(Listing listing)
    {
        if (string.IsNullOrEmpty(listing.NextPageUri))
        {
            return null;
        }

        Uri next = new(Address, listing.NextPageUri);
        return next.GetLeftPart(UriPartial.Authority) == Address.GetLeftPart(UriPartial.Authority)
            ? next
            : throw new IOException("the list goes on at another host");
    }

    private static bool IsIt(Listed message, OutgoingSms sms, LookupHint hint) =>
        message.Sid is not null
        && !hint.OtherProviderIds.Contains(message.Sid)
        && message.To == sms.To
        && message.Direction?.StartsWith("outbound", StringComparison.Ordinal) == true
        && message.Body?.Trim() == sms.Body.Trim()
        && DateTimeOffset.TryParse(
            message.DateCreated, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at)
        && at >= hint.AttemptedAt - Skew;

    private sealed record Listing
    {
        [JsonPropertyName("messages")]
        public Listed[] Messages { get; init; } = [];

        [JsonPropertyName("next_page_uri")]
        public string? NextPageUri { get; init; }
    }

    private sealed record Listed
    {
        [JsonPropertyName("sid")]
        public string? Sid { get; init; }

        [JsonPropertyName("to")]
        public string? To { get; init; }

        [JsonPropertyName("body")]
        public string? Body { get; init; }

        [JsonPropertyName("direction")]
        public string? Direction { get; init; }

        [JsonPropertyName("date_created")]
        public string? DateCreated { get; init; }
    }
}
