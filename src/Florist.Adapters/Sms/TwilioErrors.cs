using System.Collections.Frozen;
using Florist.Messaging;

namespace Florist.Adapters.Sms;

/// <summary>What Twilio's error codes mean for us, in answers to requests and in status callbacks alike.</summary>
public static class TwilioErrors
{
    private static readonly FrozenDictionary<int, SendProblem> Problems = new Dictionary<int, SendProblem>
    {
        // Ours to put right: credentials, account, sender.
        [20003] = SendProblem.Configuration,
        [20005] = SendProblem.Configuration,
        [20404] = SendProblem.Configuration,
        [21212] = SendProblem.Configuration,
        [21601] = SendProblem.Configuration,
        [21603] = SendProblem.Configuration,
        [21606] = SendProblem.Configuration,
        [21659] = SendProblem.Configuration,
        [21660] = SendProblem.Configuration,
        [21701] = SendProblem.Configuration,
        [21703] = SendProblem.Configuration,
        [21704] = SendProblem.Configuration,

        // Too much at once.
        [20429] = SendProblem.Throttled,
        [21611] = SendProblem.Throttled,
        [30001] = SendProblem.Throttled,

        // The number.
        [21211] = SendProblem.InvalidAddress,
        [21217] = SendProblem.InvalidAddress,
        [21604] = SendProblem.InvalidAddress,
        [30005] = SendProblem.InvalidAddress,
        [21614] = SendProblem.NotMobile,
        [21635] = SendProblem.NotMobile,
        [30006] = SendProblem.NotMobile,
        [30003] = SendProblem.Unavailable,

        // The recipient's wish, or the network's.
        [21610] = SendProblem.OptedOut,
        [30004] = SendProblem.OptedOut,

        // The way there.
        [21408] = SendProblem.NotPermitted,
        [21612] = SendProblem.Unroutable,

        // The words.
        [21602] = SendProblem.ContentRefused,
        [21605] = SendProblem.ContentRefused,
        [21617] = SendProblem.ContentRefused,
        [30007] = SendProblem.ContentRefused,
    }.ToFrozenDictionary();

    /// <summary>Answers what to do about an error.</summary>
    /// <param name="code">The number of the error, as in <c>code</c> or <c>ErrorCode</c>.</param>
    /// <returns>The problem; <see cref="SendProblem.None"/> for a code that is not known here.</returns>
    public static SendProblem ProblemOf(int code) => Problems.GetValueOrDefault(code);
}
