using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Florist.Adapters.Sms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Florist.Tests.Testing;

/// <summary>What the fake does with the next request instead of serving it well.</summary>
internal enum TwilioFault
{
    /// <summary>Answers 429 with Retry-After: 7 and takes nothing.</summary>
    TooMany,

    /// <summary>Answers 500 and takes nothing.</summary>
    FailBefore,

    /// <summary>Takes the message, then answers 500.</summary>
    FailAfter,

    /// <summary>Breaks the connection and takes nothing.</summary>
    CutBefore,

    /// <summary>Takes the message, then breaks the connection.</summary>
    CutAfter,

    /// <summary>Takes the message, then says nothing until the client hangs up.</summary>
    HangAfter,

    /// <summary>Takes the message, answers 201 and breaks the connection within the body.</summary>
    CutWithinAnswer,
}

/// <summary>A message that the fake has taken.</summary>
internal sealed record FakeSms(
    string Sid, string To, string Body, string? StatusCallback, string? ValidityPeriod, DateTimeOffset CreatedAt)
{
    public bool IsSent { get; init; } = true;
}

/// <summary>
/// As much of Twilio as a sender sees: messages with sids of their own, the magic numbers, errors with codes, bursts of
/// 429, answers that get lost, the list of messages, signed callbacks and inbound texts. On loopback, in this process.
/// </summary>
internal sealed class FakeTwilio : IAsyncDisposable
{
    public const string AccountSid = "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    public const string AuthToken = "12345";
    public const string ServiceSid = "MGbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
    private const string Messages = $"/2010-04-01/Accounts/{AccountSid}/Messages.json";

    private static readonly Dictionary<string, int> MagicRecipients = new()
    {
        ["+15005550001"] = 21211,
        ["+15005550002"] = 21612,
        ["+15005550003"] = 21408,
        ["+15005550004"] = 21610,
        ["+15005550009"] = 21614,
    };

    private static readonly Dictionary<string, int> MagicSenders = new()
    {
        ["+15005550001"] = 21212,
        ["+15005550007"] = 21606,
        ["+15005550008"] = 21611,
    };

    private readonly WebApplication _app;
    private readonly TimeProvider _clock;
    private readonly ConcurrentQueue<TwilioFault> _faults = new();
    private readonly Channel<FakeSms> _arrivals = Channel.CreateUnbounded<FakeSms>();
    private readonly Lock _lock = new();
    private readonly List<FakeSms> _taken = [];
    private int _requests;

    private FakeTwilio(WebApplication app, TimeProvider clock)
    {
        _app = app;
        _clock = clock;
    }

    /// <summary>Where it listens.</summary>
    public string Url => _app.Urls.Single();

    /// <summary>How many requests to create a message have arrived, whatever became of them.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>The most messages on one page of the list.</summary>
    public int PageMax { get; set; } = 50;

    /// <summary>
    /// Whether new messages have left already; those that have not are missing from a list by date sent.
    /// </summary>
    public bool SendsAtOnce { get; set; } = true;

    /// <summary>The messages as they are taken, for a test that waits for one.</summary>
    public ChannelReader<FakeSms> Arrivals => _arrivals.Reader;

    /// <summary>The messages it has taken, oldest first.</summary>
    public IReadOnlyList<FakeSms> Taken
    {
        get
        {
            lock (_lock)
            {
                return [.. _taken];
            }
        }
    }

    public static async Task<FakeTwilio> Start(TimeProvider? clock = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        FakeTwilio fake = new(app, clock ?? TimeProvider.System);
        app.MapPost(Messages, fake.Create);
        app.MapGet(Messages, fake.List);
        await app.StartAsync();
        return fake;
    }

    /// <summary>The next requests end like this, one fault each.</summary>
    public void Fail(params TwilioFault[] faults)
    {
        foreach (TwilioFault fault in faults)
        {
            _faults.Enqueue(fault);
        }
    }

    /// <summary>Puts a message into the list that came another way.</summary>
    public void Take(FakeSms sms)
    {
        lock (_lock)
        {
            _taken.Add(sms);
        }
    }

    /// <summary>
    /// Tells the message's callback address of a status, signed. Call it twice or out of order at will.
    /// </summary>
    public static Task<HttpResponseMessage> CallBack(HttpClient http, FakeSms sms, string status, int? errorCode = null)
    {
        Dictionary<string, string> form = new()
        {
            ["AccountSid"] = AccountSid,
            ["ApiVersion"] = "2010-04-01",
            ["MessageSid"] = sms.Sid,
            ["SmsSid"] = sms.Sid,
            ["MessageStatus"] = status,
            ["SmsStatus"] = status,
            ["To"] = sms.To,
        };
        if (errorCode is { } code)
        {
            form["ErrorCode"] = code.ToString(CultureInfo.InvariantCulture);
        }

        return Post(http, sms.StatusCallback ?? throw new InvalidOperationException("no callback was asked for"), form);
    }

    /// <summary>Delivers a text from a handset to an address of ours, signed.</summary>
    public static Task<HttpResponseMessage> Inbound(HttpClient http, string url, string from, string body) =>
        Post(http, url, new Dictionary<string, string>
        {
            ["AccountSid"] = AccountSid,
            ["Body"] = body,
            ["From"] = from,
            ["MessageSid"] = "SMcccccccccccccccccccccccccccccccc",
            ["NumMedia"] = "0",
        });

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private static async Task<HttpResponseMessage> Post(HttpClient http, string url, Dictionary<string, string> form)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, url) { Content = new FormUrlEncodedContent(form) };
        request.Headers.Add(TwilioSignature.Header, TwilioSignature.Sign(AuthToken, url, form));
        return await http.SendAsync(request);
    }

    private async Task Create(HttpContext http)
    {
        Interlocked.Increment(ref _requests);
        if (!IsAuthorised(http.Request))
        {
            await Error(http, 401, 20003);
            return;
        }

        TwilioFault? fault = _faults.TryDequeue(out TwilioFault next) ? next : null;
        IFormCollection form = await http.Request.ReadFormAsync();
        if (fault is TwilioFault.TooMany or TwilioFault.FailBefore or TwilioFault.CutBefore)
        {
            await RefuseBefore(http, fault.Value);
            return;
        }

        if (ErrorIn(form) is { } code)
        {
            await Error(http, 400, code);
            return;
        }

        FakeSms sms = Record(form);
        await AnswerTaken(http, sms, fault);
    }

    private static async Task RefuseBefore(HttpContext http, TwilioFault fault)
    {
        switch (fault)
        {
            case TwilioFault.TooMany:
                http.Response.Headers.RetryAfter = "7";
                await Error(http, 429, 20429);
                break;
            case TwilioFault.FailBefore:
                await Error(http, 500, 20500);
                break;
            default:
                http.Abort();
                break;
        }
    }

    private static async Task AnswerTaken(HttpContext http, FakeSms sms, TwilioFault? fault)
    {
        byte[] body = Encoding.UTF8.GetBytes(Shown(sms).ToJsonString());
        switch (fault)
        {
            case TwilioFault.FailAfter:
                await Error(http, 500, 20500);
                break;
            case TwilioFault.CutAfter:
                http.Abort();
                break;
            case TwilioFault.HangAfter:
                await Task.Delay(Timeout.Infinite, http.RequestAborted)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                break;
            default:
                http.Response.StatusCode = 201;
                http.Response.ContentType = "application/json";
                http.Response.ContentLength = body.Length;

                // A body shorter than announced makes the server hang up when the request ends.
                int shown = fault == TwilioFault.CutWithinAnswer ? 10 : body.Length;
                await http.Response.Body.WriteAsync(body.AsMemory(0, shown));
                break;
        }
    }

    private FakeSms Record(IFormCollection form)
    {
        lock (_lock)
        {
            FakeSms sms = new(
                string.Create(CultureInfo.InvariantCulture, $"SM{_taken.Count + 1:x32}"),
                form["To"].ToString(),
                form["Body"].ToString(),
                (string?)form["StatusCallback"],
                (string?)form["ValidityPeriod"],
                _clock.GetUtcNow())
            {
                IsSent = SendsAtOnce,
            };
            _taken.Add(sms);
            _arrivals.Writer.TryWrite(sms);
            return sms;
        }
    }

    private static int? ErrorIn(IFormCollection form)
    {
        string to = form["To"].ToString();
        string from = form["From"].ToString();
        if (MagicSenders.TryGetValue(from, out int senderError))
        {
            return senderError;
        }

        if (MagicRecipients.TryGetValue(to, out int recipientError))
        {
            return recipientError;
        }

        bool hasSender = from.Length > 0 || form["MessagingServiceSid"].ToString() == ServiceSid;
        return to.Length == 0 ? 21604
            : !hasSender ? 21603
            : form["Body"].ToString().Length is 0 ? 21602
            : form["Body"].ToString().Length > 1600 ? 21617
            : null;
    }

    private async Task List(HttpContext http)
    {
        if (!IsAuthorised(http.Request))
        {
            await Error(http, 401, 20003);
            return;
        }

        IQueryCollection query = http.Request.Query;
        DateTimeOffset? since = DateTimeOffset.TryParse(
            query["DateSent>"], CultureInfo.InvariantCulture, out DateTimeOffset at) ? at : null;
        int page = int.TryParse(query["Page"], CultureInfo.InvariantCulture, out int number) ? number : 0;
        FakeSms[] matching = [.. Taken
            .Reverse()
            .Where(sms => sms.To == query["To"].ToString())
            .Where(sms => since is null || (sms.IsSent && sms.CreatedAt >= since))];
        FakeSms[] shown = [.. matching.Skip(page * PageMax).Take(PageMax)];
        bool more = matching.Length > (page + 1) * PageMax;
        string nextQuery = string.Join('&', query
            .Where(pair => pair.Key != "Page")
            .Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value.ToString())}"));
        await http.Response.WriteAsJsonAsync(new JsonObject
        {
            ["messages"] = new JsonArray([.. shown.Select(Shown)]),
            ["next_page_uri"] = more ? $"{Messages}?{nextQuery}&Page={page + 1}" : null,
        });
    }

    private static JsonObject Shown(FakeSms sms) => new()
    {
        ["sid"] = sms.Sid,
        ["account_sid"] = AccountSid,
        ["to"] = sms.To,
        ["body"] = sms.Body,
        ["direction"] = "outbound-api",
        ["status"] = sms.IsSent ? "sent" : "accepted",
        ["date_created"] = sms.CreatedAt.ToString("r", CultureInfo.InvariantCulture),
        ["date_sent"] = sms.IsSent ? sms.CreatedAt.ToString("r", CultureInfo.InvariantCulture) : null,
        ["error_code"] = null,
    };

    private static bool IsAuthorised(HttpRequest request) =>
        request.Headers.Authorization
            == $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{AccountSid}:{AuthToken}"))}";

    private static Task Error(HttpContext http, int status, int code)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(new JsonObject
        {
            ["code"] = code,
            ["message"] = $"Error {code} about {http.Request.Query["To"]}{Recipient(http)}",
            ["more_info"] = $"https://www.twilio.com/docs/errors/{code}",
            ["status"] = status,
        });
    }

    private static string Recipient(HttpContext http) =>
        http.Features.Get<IFormFeature>()?.Form?["To"].ToString() ?? "";
}
