using System.Collections.Immutable;

namespace Florist.Messaging;

/// <summary>
/// The way out for e-mails. An implementation never throws because a server misbehaves, a connection breaks or
/// <c>cancel</c> fires: it answers what is known, since a thrown exception could not say whether the message has left.
/// </summary>
public interface IEmailTransport
{
    /// <summary>
    /// Tries once to hand the message over. Cancellation before the point of no return answers
    /// <see cref="SendKind.Deferred"/>, after it <see cref="SendKind.Uncertain"/>. A message that cannot be
    /// written (line
    /// break in a header, impossible address) is <see cref="SendKind.Rejected"/>.
    /// </summary>
    /// <param name="email">The message, rendered.</param>
    /// <param name="cancel">Gives up the attempt; pass the send deadline.</param>
    /// <returns>What is known afterwards.</returns>
    Task<SendOutcome> Send(OutgoingEmail email, CancellationToken cancel);

    /// <summary>Asks whether the message had been taken by an earlier attempt. Safe to repeat.</summary>
    /// <param name="email">The same message as it was sent.</param>
    /// <param name="hint">When it was sent.</param>
    /// <param name="cancel">Gives up asking; the answer is then <see cref="LookupOutcome.AskLater"/>.</param>
    /// <returns>
    /// Found, not found or unknown. Plain SMTP always answers <see cref="LookupOutcome.CannotTell"/>.
    /// </returns>
    Task<LookupOutcome> Lookup(OutgoingEmail email, LookupHint hint, CancellationToken cancel);
}

/// <summary>One e-mail to one recipient, rendered and ready to leave.</summary>
public sealed record OutgoingEmail
{
    /// <summary>
    /// The deterministic key of the message, 1 to <see cref="KeyMax"/> printable ASCII characters without spaces. The
    /// Message-ID and the MIME boundary derive from it, so the same key always gives the same bytes.
    /// </summary>
    public required string MessageKey { get; init; }

    /// <summary>The sender shown to the recipient; null means the configured one.</summary>
    public Mailbox? From { get; init; }

    /// <summary>The one recipient.</summary>
    public required Mailbox To { get; init; }

    /// <summary>Where answers go; null means to the sender.</summary>
    public Mailbox? ReplyTo { get; init; }

    /// <summary>The subject: any characters, but no line breaks.</summary>
    public required string Subject { get; init; }

    /// <summary>The plain-text body. Line ends may be of any kind.</summary>
    public required string Text { get; init; }

    /// <summary>The HTML body; null means that the message is plain text only.</summary>
    public string? Html { get; init; }

    /// <summary>
    /// Further headers in order, such as List-Unsubscribe. They may not repeat a header that the writer sets itself and
    /// may hold no line breaks.
    /// </summary>
    public ImmutableArray<EmailHeader> Headers { get; init; } = [];

    /// <summary>
    /// The instant for the Date header: when the message was decided, so that a retry has the same bytes.
    /// </summary>
    public required DateTimeOffset Date { get; init; }

    /// <summary>The longest <see cref="MessageKey"/>, in characters.</summary>
    public const int KeyMax = 200;
}

/// <summary>An e-mail address with the name to show for it.</summary>
/// <param name="Address">
/// <c>local@domain</c>. The domain may be written in any script; the local part must be ASCII.
/// </param>
/// <param name="DisplayName">The name to show; null means none.</param>
public sealed record Mailbox(string Address, string? DisplayName = null);

/// <summary>One header of an e-mail.</summary>
/// <param name="Name">The name: letters, digits and hyphens.</param>
/// <param name="Value">The value, unfolded; no line breaks.</param>
public sealed record EmailHeader(string Name, string Value);
