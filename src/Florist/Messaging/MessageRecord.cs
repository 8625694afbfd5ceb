using System.Collections.Immutable;
using Florist.Customers;

namespace Florist.Messaging;

/// <summary>A message as its child row keeps it: the decision, what is to be said, and what became of it.</summary>
internal sealed record MessageRecord
{
    /// <summary>The kind of the child rows.</summary>
    public const string RowKind = "message";

    public MessageId Id { get; init; }

    public string Key { get; init; } = "";

    public MessageKind Kind { get; init; }

    public Channel Channel { get; init; }

    public MessageState State { get; init; }

    /// <summary>One of <see cref="MessageReasons"/>, or the problem that a provider named; null for none.</summary>
    public string? Reason { get; init; }

    public DateTimeOffset OccurredAt { get; init; }

    public DateTimeOffset DecidedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When its next turn is; null when it is over, or under way.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>
    /// Rises with every order to send it, so that an order that was carried out, and comes again because a crash kept
    /// it from being deleted, is known for an old one.
    /// </summary>
    public int Turn { get; init; }

    /// <summary>How often it was handed to the provider.</summary>
    public int Attempts { get; init; }

    /// <summary>How often the provider was asked about it in vain.</summary>
    public int Asks { get; init; }

    public DateTimeOffset? AttemptedAt { get; init; }

    public DateTimeOffset? SentAt { get; init; }

    /// <summary>The address of the last attempt; null before one.</summary>
    public string? To { get; init; }

    public string? ProviderId { get; init; }

    public string? ProviderCode { get; init; }

    /// <summary>True once it was sent again because nobody could tell what had become of the first attempt.</summary>
    public bool Resent { get; init; }

    /// <summary>The channel that refused it before this one took over; null for none.</summary>
    public Channel? InsteadOf { get; init; }

    public string? Subject { get; init; }

    public string? TemplateVersion { get; init; }

    public bool Sympathy { get; init; }

    public MessageAbout About { get; init; } = new();

    public NewsProgress? Progress { get; init; }

    /// <summary>The checks of the decision in their order; the last one that failed decided.</summary>
    public ImmutableArray<Gate> Gates { get; init; } = [];

    /// <summary>What the text is made from; null for a message that is never sent, which needs no names.</summary>
    public MessageModel? Model { get; init; }

    /// <summary>True when nothing will happen to it any more.</summary>
    public bool IsOver => State switch
    {
        MessageState.Pending or MessageState.Deferred or MessageState.Sending => false,
        MessageState.Uncertain => NotBefore is null,
        _ => true,
    };
}

/// <summary>One check of a decision.</summary>
/// <param name="Name">Which.</param>
/// <param name="Passed">False: it stopped or put off the message.</param>
/// <param name="Input">What it looked at, without personal data.</param>
internal sealed record Gate(string Name, bool Passed, string Input);
