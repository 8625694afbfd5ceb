using System.Collections.Immutable;
using Florist.Customers;
using Florist.Kernel;
using Orleans;
using Orleans.Concurrency;

namespace Florist.Messaging;

/// <summary>
/// All that is said to one customer: decides about every piece of news, and keeps what became of it. Key: the customer
/// id.
/// </summary>
public interface ICorrespondenceGrain : IGrainWithStringKey
{
    /// <summary>
    /// Decides whether, how and when to tell a piece of news; commits the decision together with the order to send it.
    /// Safe to repeat: the same key of the same instant gets the earlier decision.
    /// </summary>
    /// <returns>One decision a channel.</returns>
    Task<ImmutableArray<MessageDecision>> Propose(MessageCandidate candidate);

    /// <summary>
    /// Learns how a promise to the customer stands, and decides about the news of it. While one is open, nothing but
    /// news of orders goes out. Safe to repeat; older news than is known changes nothing.
    /// </summary>
    /// <param name="note">How the promise stands.</param>
    /// <param name="candidate">What there is to say about it; null for nothing.</param>
    /// <returns>As <see cref="Propose"/>; nothing for nothing to say.</returns>
    Task<ImmutableArray<MessageDecision>> Note(PromiseNote note, MessageCandidate? candidate);

    /// <summary>
    /// Asks for leave to hand a message to the provider, and commits the intent. Decides again by what is known now: a
    /// withdrawn consent, later news or an expiry since the proposal stop the message here.
    /// </summary>
    /// <returns>The leave, or why there is none.</returns>
    Task<SendPermit> BeginSend(BeginSend command);

    /// <summary>
    /// Records what became of an attempt, or of a question about one, and commits what follows from it. Safe to repeat.
    /// </summary>
    Task<Done> EndSend(EndSend command);

    /// <summary>
    /// Stops what a customer does not allow any more: cancels, in one commit, what waits, and gives no more leave to
    /// anybody who knows the customer only as before. Safe to repeat.
    /// </summary>
    /// <returns>What is being handed to a provider right now, and may yet arrive.</returns>
    Task<ImmutableArray<MessageId>> Stop(Addressee addressee);

    /// <summary>
    /// Waits until attempts have ended, but not for long: ask again. Takes no turn, so that their outcomes get in.
    /// </summary>
    /// <returns>Those that are still under way.</returns>
    [AlwaysInterleave]
    Task<ImmutableArray<MessageId>> AwaitAttempts(ImmutableArray<MessageId> messages);

    /// <summary>
    /// Gives a message up whose order to send was dropped by an operator. Does nothing when the order was not its last
    /// or the message is over. Safe to repeat.
    /// </summary>
    Task<Done> Drop(MessageId message, int turn);

    /// <summary>
    /// An operator's word on a message whose outcome nobody could find out: to send it again, or to let it rest. Safe
    /// to repeat.
    /// </summary>
    /// <returns>False when there is no such message, or sending it again has become useless.</returns>
    Task<bool> Resolve(MessageId message, bool again);

    /// <summary>Removes all that is kept about the customer. Safe to repeat.</summary>
    Task<Done> Purge();
}

/// <summary>How a promise to the customer stands.</summary>
/// <param name="Promise">Which, as <c>{order}/{number}</c>.</param>
/// <param name="News">Rises with every event of the order's promises.</param>
/// <param name="IsOpen">True while it is to be put right.</param>
public sealed record PromiseNote(string Promise, long News, bool IsOpen);

/// <summary>What was decided about a piece of news on one channel.</summary>
/// <param name="MessageId">The message.</param>
/// <param name="Channel">Its channel.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Reason">One of <see cref="MessageReasons"/>; null where the state says it all.</param>
public sealed record MessageDecision(MessageId MessageId, Channel Channel, MessageState State, string? Reason);

/// <summary>Asks for leave to send.</summary>
/// <param name="MessageId">Which message.</param>
/// <param name="Turn">Which of its turns, as the order to send it says.</param>
/// <param name="Addressee">The customer as of now; null when there is none any more.</param>
public sealed record BeginSend(MessageId MessageId, int Turn, Addressee? Addressee);

/// <summary>What a sender may do.</summary>
public enum SendVerdict
{
    /// <summary>Nothing: it is over for this turn, and all that follows is committed.</summary>
    Over,

    /// <summary>Hand the message to the provider, once, and tell the outcome.</summary>
    Send,

    /// <summary>Ask the provider about an attempt whose outcome nobody knows, and tell what it says.</summary>
    Ask,

    /// <summary>Look up the customer again, who has withdrawn something since, and begin anew.</summary>
    LookAgain,
}

/// <summary>The answer to <see cref="ICorrespondenceGrain.BeginSend"/>.</summary>
public sealed record SendPermit
{
    /// <summary>Nothing to do.</summary>
    public static readonly SendPermit Over = new();

    /// <summary>The customer has withdrawn something that the sender does not know of.</summary>
    public static readonly SendPermit LookAgain = new() { Verdict = SendVerdict.LookAgain };

    /// <summary>What the sender may do.</summary>
    public SendVerdict Verdict { get; init; }

    /// <summary>The key for the provider: the same for every attempt to send the same message.</summary>
    public string MessageKey { get; init; } = "";

    /// <summary>Where it goes: the address that the attempt has, or had.</summary>
    public string To { get; init; } = "";

    /// <summary>What the text is made from.</summary>
    public MessageModel Model { get; init; } = new();

    /// <summary>When it was decided; the same for every attempt.</summary>
    public DateTimeOffset DecidedAt { get; init; }

    /// <summary>When it becomes useless.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When the attempt began: this one, or the one to ask about.</summary>
    public DateTimeOffset AttemptedAt { get; init; }

    /// <summary>Provider ids of other messages to the same address; only for a question.</summary>
    public ImmutableArray<string> OtherProviderIds { get; init; } = [];
}

/// <summary>
/// Tells what became of an attempt, or of a question about one. Exactly one of the two outcomes is there.
/// </summary>
public sealed record EndSend
{
    /// <summary>Which message.</summary>
    public MessageId MessageId { get; init; }

    /// <summary>The turn of the permit.</summary>
    public int Turn { get; init; }

    /// <summary>What the provider answered to the message; null when it was only asked.</summary>
    public SendOutcome? Sent { get; init; }

    /// <summary>What the provider answered to the question; null when the message was handed over.</summary>
    public LookupOutcome? Found { get; init; }

    /// <summary>The subject that the message had; null for none.</summary>
    public string? Subject { get; init; }

    /// <summary>The edition of the templates that made the text; null when no text was made.</summary>
    public string? TemplateVersion { get; init; }

    /// <summary>The customer as of now, for the choice of another channel; null when there is none any more.</summary>
    public Addressee? Addressee { get; init; }
}
