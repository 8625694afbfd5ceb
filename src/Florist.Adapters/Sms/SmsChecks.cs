using System.Text.RegularExpressions;
using Florist.Messaging;

namespace Florist.Adapters.Sms;

/// <summary>What no provider would take, found before one is asked.</summary>
internal static partial class SmsChecks
{
    /// <summary>The refusal, or null when the message can be sent.</summary>
    public static SendOutcome? Refusal(OutgoingSms sms)
    {
        if (!E164().IsMatch(sms.To))
        {
            return SendOutcome.Rejected(SendProblem.InvalidAddress, "INVALID_NUMBER", "the number is not E.164");
        }

        if (sms.Body.Length > SmsText.BodyMax || string.IsNullOrWhiteSpace(sms.Body))
        {
            return SendOutcome.Rejected(
                SendProblem.ContentRefused, "INVALID_BODY", $"a text has 1 to {SmsText.BodyMax} characters");
        }

        string key = sms.MessageKey;
        return key.Length is > 0 and <= OutgoingEmail.KeyMax && key.All(c => c is > ' ' and <= '~')
            ? null
            : SendOutcome.Rejected(
                SendProblem.ContentRefused,
                "INVALID_KEY",
                $"a message key is 1 to {OutgoingEmail.KeyMax} printable ASCII characters without spaces");
    }

    [GeneratedRegex(@"\A\+[1-9][0-9]{1,14}\z")]
    private static partial Regex E164();
}
