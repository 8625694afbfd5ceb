namespace Florist.Messaging;

/// <summary>
/// The way out for text messages. Like <see cref="IEmailTransport"/>, it answers what is known instead of throwing.
/// </summary>
public interface ISmsTransport
{
    /// <summary>
    /// Tries once to hand the message over. Cancellation before the request has left answers
    /// <see cref="SendKind.Deferred"/>, after it <see cref="SendKind.Uncertain"/>.
    /// </summary>
    /// <param name="sms">The message, rendered.</param>
    /// <param name="cancel">Gives up the attempt; pass the send deadline.</param>
    /// <returns>What is known afterwards.</returns>
    Task<SendOutcome> Send(OutgoingSms sms, CancellationToken cancel);

    /// <summary>
    /// Asks whether the message had been taken by an earlier attempt. Safe to repeat. Ask no sooner than a minute after
    /// the attempt: a provider's list may lag behind what it has accepted.
    /// </summary>
    /// <param name="sms">The same message as it was sent.</param>
    /// <param name="hint">When it was sent, and which messages it cannot be.</param>
    /// <param name="cancel">Gives up asking; the answer is then <see cref="LookupOutcome.AskLater"/>.</param>
    /// <returns>Found, not found or unknown.</returns>
    Task<LookupOutcome> Lookup(OutgoingSms sms, LookupHint hint, CancellationToken cancel);
}

/// <summary>One text message to one number, rendered and ready to leave.</summary>
public sealed record OutgoingSms
{
    /// <summary>
    /// The deterministic key of the message, 1 to <see cref="OutgoingEmail.KeyMax"/> printable ASCII characters without
    /// spaces. It comes back in the provider's status callbacks.
    /// </summary>
    public required string MessageKey { get; init; }

    /// <summary>The recipient's number in E.164: '+', then 2 to 15 digits of which the first is not zero.</summary>
    public required string To { get; init; }

    /// <summary>
    /// The text, 1 to <see cref="SmsText.BodyMax"/> UTF-16 units; <see cref="SmsText"/> says what it costs.
    /// </summary>
    public required string Body { get; init; }

    /// <summary>
    /// How long the provider may keep trying, 1 second to 10 hours; outside that range the nearer end is used. Null
    /// means
    /// the provider's default. Set it for news that ages, such as "arriving in 10 minutes".
    /// </summary>
    public TimeSpan? ValidityPeriod { get; init; }
}
