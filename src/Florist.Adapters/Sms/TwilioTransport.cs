using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Text;
using Florist.Messaging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Florist.Adapters.Sms;

/// <summary>
/// Sends text messages through Twilio's REST API. Twilio knows no idempotency key for messages, so a lost answer stays
/// uncertain until a status callback or a look-up tells.
/// </summary>
internal sealed class TwilioTransport : ISmsTransport
{
    private const int AnswerMax = 64 * 1024;

    private readonly HttpClient _http;
    private readonly TwilioOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger<TwilioTransport> _log;
    private readonly TwilioMessages _messages;

    public TwilioTransport(
        HttpClient http, IOptions<SmsOptions> options, TimeProvider clock, ILogger<TwilioTransport> log)
    {
        _http = http;
        _options = options.Value.Twilio;
        _clock = clock;
        _log = log;
        _messages = new TwilioMessages(http, _options);
    }

    public async Task<SendOutcome> Send(OutgoingSms sms, CancellationToken cancel)
    {
        SendOutcome outcome = SmsChecks.Refusal(sms) ?? await Attempt(sms, cancel);
        if (outcome.Kind != SendKind.Accepted)
        {
            outcome = outcome with
            {
                Text = outcome.Text.Replace(sms.To, "(recipient)", StringComparison.Ordinal),
            };
            SmsLog.NotAccepted(_log, sms.MessageKey, outcome.Kind, outcome.Problem, outcome.Code, outcome.Text);
        }

        return outcome;
    }

    public async Task<LookupOutcome> Lookup(OutgoingSms sms, LookupHint hint, CancellationToken cancel)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(_options.RequestTimeout);
        try
        {
            return await _messages.Find(sms, hint, deadline.Token);
        }
        catch (Exception e) when (IsTransportFailure(e))
        {
            SmsLog.LookupFailed(_log, sms.MessageKey, e.GetType().Name);
            return LookupOutcome.AskLater;
        }
    }

    /// <summary>Prepares the client: credentials, no limit of its own, no trace of the answers' size.</summary>
    internal static void Configure(HttpClient http, TwilioOptions options)
    {
        string user = options.ApiKeySid ?? options.AccountSid;
        string secret = options.ApiKeySid is null ? options.AuthToken : options.ApiKeySecret ?? "";
        http.Timeout = Timeout.InfiniteTimeSpan;
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{secret}")));
        http.DefaultRequestHeaders.Accept.ParseAdd("application/json");
        http.DefaultRequestHeaders.UserAgent.ParseAdd("Florist");
    }

    private async Task<SendOutcome> Attempt(OutgoingSms sms, CancellationToken cancel)
    {
        using TwilioForm form = TwilioForm.For(sms, _options);
        using HttpRequestMessage request = new(HttpMethod.Post, _messages.Address) { Content = form };
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(_options.RequestTimeout);
        try
        {
            using HttpResponseMessage response =
                await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            byte[]? body = await ReadBody(response, deadline.Token);
            return TwilioAnswer.Of(response.StatusCode, body, RetryAfter(response), sms.MessageKey);
        }
        catch (Exception e) when (IsTransportFailure(e))
        {
            string code = e is OperationCanceledException
                ? cancel.IsCancellationRequested ? "CANCELLED" : "TIMEOUT"
                : form.MayHaveLeft ? "ANSWER_LOST" : "CONNECT_FAILED";
            return form.MayHaveLeft
                ? SendOutcome.Uncertain(code, e.Message)
                : SendOutcome.Deferred(ProblemOf(e), code, e.Message);
        }
    }

    // The status alone decides what is known, so a body that breaks off costs the details and no more.
    private static async Task<byte[]?> ReadBody(HttpResponseMessage response, CancellationToken cancel)
    {
        try
        {
            return await BoundedBody.Read(response.Content, AnswerMax, cancel);
        }
        catch (Exception e) when (IsTransportFailure(e))
        {
            return null;
        }
    }

    private static SendProblem ProblemOf(Exception failure) =>
        failure is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }
            ? SendProblem.Configuration
            : SendProblem.Unavailable;

    private static bool IsTransportFailure(Exception failure) =>
        failure is HttpRequestException or IOException or OperationCanceledException or AuthenticationException;

    private TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.RetryAfter?.Delta ?? (response.Headers.RetryAfter?.Date - _clock.GetUtcNow());
}
