using System.Globalization;
using System.Net;
using System.Text.Json;
using Florist.Messaging;

namespace Florist.Adapters.Sms;

/// <summary>What an answer to a send means.</summary>
internal static class TwilioAnswer
{
    /// <summary>Judges an answer whose status has arrived.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="body">The body; null when it was lost or too long.</param>
    /// <param name="retryAfter">What the header of that name says.</param>
    /// <param name="key">The message key, which stands in for a sid that was lost.</param>
    public static SendOutcome Of(HttpStatusCode status, byte[]? body, TimeSpan? retryAfter, string key)
    {
        int number = (int)status;
        (string? sid, int? code, string message) = Read(body);
        string name = code?.ToString(CultureInfo.InvariantCulture) ?? $"HTTP {number}";
        return number switch
        {
            >= 200 and < 300 => SendOutcome.Accepted(sid ?? key, sid is null ? "taken, but its sid was lost" : ""),
            429 => SendOutcome.Deferred(SendProblem.Throttled, name, message, retryAfter),

            // The request may have been taken before the failure, or be taken yet.
            < 200 or 408 or >= 500 => SendOutcome.Uncertain(name, message),
            401 or 403 or 404 or < 400 => SendOutcome.Deferred(SendProblem.Configuration, name, message),
            _ => Refused(code, name, message),
        };
    }

    private static SendOutcome Refused(int? code, string name, string message)
    {
        if (code is null)
        {
            // Refused, but in no words of Twilio's: the body was lost, or something in between spoke. Asking again is
            // safe.
            return SendOutcome.Deferred(SendProblem.Unavailable, name, "refused without a reason");
        }

        SendProblem problem = TwilioErrors.ProblemOf(code.Value);
        return problem is SendProblem.Configuration or SendProblem.Throttled or SendProblem.Unavailable
            ? SendOutcome.Deferred(problem, name, message)
            : SendOutcome.Rejected(problem, name, message);
    }

    private static (string? Sid, int? Code, string Message) Read(byte[]? body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body ?? []);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                return (null, null, "");
            }

            int? code = root.TryGetProperty("code", out JsonElement number)
                && number.ValueKind == JsonValueKind.Number
                && number.TryGetInt32(out int value)
                    ? value
                    : null;
            return (Text(root, "sid"), code, Text(root, "message") ?? "");
        }
        catch (JsonException)
        {
            // A proxy's page, or half an answer: the status alone has to do.
            return (null, null, "");
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()
            : null;
}
