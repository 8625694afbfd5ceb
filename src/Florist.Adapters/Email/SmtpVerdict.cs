using Florist.Messaging;

namespace Florist.Adapters.Email;

/// <summary>What a refusal means, by the step that was refused and the server's code.</summary>
internal static class SmtpVerdict
{
    /// <summary>Judges a reply that is not the acceptance of the message.</summary>
    public static SendOutcome Of(SmtpStage stage, SmtpReply reply)
    {
        if (!reply.IsPermanent)
        {
            // 4xx, or a 2xx or 3xx where it makes no sense: the transaction has not happened.
            return SendOutcome.Deferred(Transient(reply), reply.Status, reply.Text);
        }

        // Until the recipient is named, a refusal concerns us: our host, our account, our sender. The message can wait
        // until a person has put that right.
        return stage < SmtpStage.RcptTo || IsAboutUs(reply)
            ? SendOutcome.Deferred(SendProblem.Configuration, reply.Status, reply.Text)
            : SendOutcome.Rejected(Permanent(stage, reply), reply.Status, reply.Text);
    }

    private static SendProblem Transient(SmtpReply reply) =>
        reply.Subject is "7.0" or "7.1" or "4.5" or "5.3" || reply.Code == 452
            ? SendProblem.Throttled
            : SendProblem.Unavailable;

    // "Authentication required", "must issue STARTTLS first", "unknown command": all answers to how we ask.
    private static bool IsAboutUs(SmtpReply reply) =>
        reply.Code is 500 or 502 or 503 or 504 or 530 or 534 or 535 or 538
        || reply.Subject is "7.8" or "7.9" or "7.11" or "5.1" or "1.7" or "1.8";

    private static SendProblem Permanent(SmtpStage stage, SmtpReply reply) => reply.Subject switch
    {
        "1.1" or "1.2" or "1.3" or "1.6" or "1.10" or "2.1" or "4.4" => SendProblem.InvalidAddress,
        "2.2" => SendProblem.Unavailable,
        "3.4" or "2.3" => SendProblem.ContentRefused,
        { } policy when policy.StartsWith("7.", StringComparison.Ordinal) =>
            stage == SmtpStage.RcptTo ? SendProblem.NotPermitted : SendProblem.ContentRefused,
        _ => WithoutSubject(stage, reply.Code),
    };

    private static SendProblem WithoutSubject(SmtpStage stage, int code) => (stage, code) switch
    {
        (SmtpStage.RcptTo, 501 or 550 or 551 or 553 or 556) => SendProblem.InvalidAddress,
        (SmtpStage.RcptTo, 552) => SendProblem.Unavailable,
        (SmtpStage.RcptTo, _) => SendProblem.NotPermitted,
        _ => SendProblem.ContentRefused,
    };
}
