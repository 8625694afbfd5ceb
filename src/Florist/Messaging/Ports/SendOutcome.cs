using System.Collections.Immutable;

namespace Florist.Messaging;

/// <summary>What is known about a message after an attempt to hand it to a provider.</summary>
public enum SendKind
{
    /// <summary>The provider has surely taken the message. Never send it again.</summary>
    Accepted = 1,

    /// <summary>
    /// The provider has surely not taken it and will never take it for this address. Never send it again.
    /// </summary>
    Rejected = 2,

    /// <summary>The provider has surely not taken it, but may take it later. Sending again is always safe.</summary>
    Deferred = 3,

    /// <summary>
    /// The provider may or may not have taken it: the answer was lost. Sending again may deliver it twice, so look it
    /// up first, and let the kind of message decide when the look-up cannot tell.
    /// </summary>
    Uncertain = 4,
}

/// <summary>Why a message was not taken, in terms of what to do about it.</summary>
public enum SendProblem
{
    /// <summary>Nothing is wrong, or nothing is known.</summary>
    None = 0,

    /// <summary>The address or number does not exist or cannot exist: mark it invalid, use another channel.</summary>
    InvalidAddress = 1,

    /// <summary>The number is a landline or otherwise takes no texts: mark it so, use another channel.</summary>
    NotMobile = 2,

    /// <summary>The recipient has told the provider to stop: record the opt-out, never retry on this channel.</summary>
    OptedOut = 3,

    /// <summary>
    /// The provider may not send there (country, policy): use another channel, the address may be fine.
    /// </summary>
    NotPermitted = 4,

    /// <summary>No route leads to that number at present: use another channel, the address may be fine.</summary>
    Unroutable = 5,

    /// <summary>
    /// The content was refused (spam filter, size, illegal header): stop that template and look at it.
    /// </summary>
    ContentRefused = 6,

    /// <summary>
    /// Our own credentials, sender or settings are wrong. The message is blameless, so it stays deferred; nothing will
    /// leave on this channel until a person has acted: pause the channel and raise an alarm.
    /// </summary>
    Configuration = 7,

    /// <summary>Too much at once: back off with jitter, honour <see cref="SendOutcome.RetryAfter"/>.</summary>
    Throttled = 8,

    /// <summary>The provider, or the recipient's mailbox or handset, cannot be reached for now: back off.</summary>
    Unavailable = 9,
}

/// <summary>
/// The outcome of one attempt to send one message. It separates what is surely known from what is not, because only an
/// attempt that surely failed may be repeated without looking.
/// </summary>
public sealed record SendOutcome
{
    /// <summary>What is known.</summary>
    public SendKind Kind { get; init; }

    /// <summary>Why it was not accepted; <see cref="SendProblem.None"/> when it was.</summary>
    public SendProblem Problem { get; init; }

    /// <summary>
    /// The provider's id of the accepted message (a Twilio sid, an RFC 5322 Message-ID), by which callbacks and bounces
    /// refer to it. Where the message was surely taken but the rest of the answer was lost, it is the message key. Null
    /// unless <see cref="Kind"/> is <see cref="SendKind.Accepted"/>.
    /// </summary>
    public string? ProviderId { get; init; }

    /// <summary>
    /// The provider's own code ("550 5.1.1", "21610"), or one of ours in capitals ("CONNECT_FAILED") where the provider
    /// gave none. Null when accepted.
    /// </summary>
    public string? Code { get; init; }

    /// <summary>
    /// What happened, for staff: at most <see cref="TextMax"/> characters on one line. The recipient's address has been
    /// taken out of it, so it may be logged.
    /// </summary>
    public string Text { get; init; } = "";

    /// <summary>
    /// How long the provider asks to be left alone; more than zero. Null means that the caller's own back-off decides.
    /// Only with <see cref="SendKind.Deferred"/>.
    /// </summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The longest <see cref="Text"/>, in characters.</summary>
    public const int TextMax = 300;

    /// <summary>The provider has taken the message.</summary>
    /// <param name="providerId">The provider's id of it.</param>
    /// <param name="text">The provider's words, if any.</param>
    /// <returns>An outcome of kind <see cref="SendKind.Accepted"/>.</returns>
    public static SendOutcome Accepted(string providerId, string text = "") =>
        new() { Kind = SendKind.Accepted, ProviderId = providerId, Text = OneLine(text) };

    /// <summary>The provider will never take the message for this address.</summary>
    /// <param name="problem">What to do about it.</param>
    /// <param name="code">The provider's code.</param>
    /// <param name="text">The provider's words, free of personal data.</param>
    /// <returns>An outcome of kind <see cref="SendKind.Rejected"/>.</returns>
    public static SendOutcome Rejected(SendProblem problem, string code, string text) =>
        new() { Kind = SendKind.Rejected, Problem = problem, Code = code, Text = OneLine(text) };

    /// <summary>The provider has surely not taken the message and may take it later.</summary>
    /// <param name="problem">What to do about it.</param>
    /// <param name="code">The provider's code.</param>
    /// <param name="text">The provider's words, free of personal data.</param>
    /// <param name="retryAfter">How long the provider asks to be left alone.</param>
    /// <returns>An outcome of kind <see cref="SendKind.Deferred"/>.</returns>
    public static SendOutcome Deferred(SendProblem problem, string code, string text, TimeSpan? retryAfter = null) =>
        new()
        {
            Kind = SendKind.Deferred,
            Problem = problem,
            Code = code,
            Text = OneLine(text),
            RetryAfter = retryAfter > TimeSpan.Zero ? retryAfter : null,
        };

    /// <summary>The answer was lost: the provider may have taken the message.</summary>
    /// <param name="code">The provider's code, or ours.</param>
    /// <param name="text">What happened, free of personal data.</param>
    /// <returns>An outcome of kind <see cref="SendKind.Uncertain"/>.</returns>
    public static SendOutcome Uncertain(string code, string text) =>
        new() { Kind = SendKind.Uncertain, Code = code, Text = OneLine(text) };

    private static string OneLine(string text)
    {
        string clean = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return clean.Length <= TextMax ? clean : clean[..TextMax];
    }
}

/// <summary>What a provider can say about a message whose answer was lost.</summary>
public enum LookupKind
{
    /// <summary>The provider has the message: the attempt had succeeded.</summary>
    Found = 1,

    /// <summary>The provider surely does not have it: sending it again is safe.</summary>
    NotFound = 2,

    /// <summary>
    /// The provider cannot tell, or could not be asked just now (see <see cref="LookupOutcome.MayAskAgain"/>).
    /// </summary>
    Unknown = 3,
}

/// <summary>The answer to "do you have this message?".</summary>
public sealed record LookupOutcome
{
    /// <summary>What the provider says.</summary>
    public LookupKind Kind { get; init; }

    /// <summary>The provider's id of the message; null unless found.</summary>
    public string? ProviderId { get; init; }

    /// <summary>
    /// With <see cref="LookupKind.Unknown"/>: true when the provider could not be asked just now, so that asking later
    /// makes sense; false when this provider can never tell.
    /// </summary>
    public bool MayAskAgain { get; init; }

    /// <summary>The provider surely does not have the message.</summary>
    public static LookupOutcome NotFound { get; } = new() { Kind = LookupKind.NotFound };

    /// <summary>This provider can never tell.</summary>
    public static LookupOutcome CannotTell { get; } = new() { Kind = LookupKind.Unknown };

    /// <summary>The provider could not be asked just now.</summary>
    public static LookupOutcome AskLater { get; } = new() { Kind = LookupKind.Unknown, MayAskAgain = true };

    /// <summary>The provider has the message.</summary>
    /// <param name="providerId">Its id there.</param>
    /// <returns>An outcome of kind <see cref="LookupKind.Found"/>.</returns>
    public static LookupOutcome Found(string providerId) => new() { Kind = LookupKind.Found, ProviderId = providerId };
}

/// <summary>What helps a provider to find a message that it may have.</summary>
/// <param name="AttemptedAt">
/// When the attempt whose answer was lost began; only messages from then on can match.
/// </param>
/// <param name="OtherProviderIds">
/// Provider ids known to belong to other messages to the same address. A provider that can only compare texts would
/// take one of those with the same text for this one.
/// </param>
public sealed record LookupHint(DateTimeOffset AttemptedAt, ImmutableArray<string> OtherProviderIds)
{
    /// <summary>A hint without other messages.</summary>
    /// <param name="attemptedAt">When the attempt whose answer was lost began.</param>
    public LookupHint(DateTimeOffset attemptedAt)
        : this(attemptedAt, [])
    {
    }
}
