using Florist.Customers;
using Florist.Delivery;
using Florist.Occasions;
using Florist.Orders;

namespace Florist.Messaging;

/// <summary>A piece of news that a customer might be told: everything the decision and the text need.</summary>
public sealed record MessageCandidate
{
    /// <summary>
    /// The same for every repeat of the same news, as <c>{order}:{delivery}:{kind}</c>; unique within the customer.
    /// </summary>
    public string Key { get; init; } = "";

    /// <summary>What it tells; also decides purpose, channels and policy.</summary>
    public MessageKind Kind { get; init; }

    /// <summary>When it happened; the same for every repeat, for it is part of the message's identity.</summary>
    public DateTimeOffset OccurredAt { get; init; }

    /// <summary>From this instant on it is useless.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>True for news about flowers for a death.</summary>
    public bool Sympathy { get; init; }

    /// <summary>What it is about.</summary>
    public MessageAbout About { get; init; } = new();

    /// <summary>How far the order or delivery had come; null for news that nothing overtakes.</summary>
    public NewsProgress? Progress { get; init; }

    /// <summary>Whom it would go to, as it is now.</summary>
    public Addressee Addressee { get; init; } = new();

    /// <summary>What the text is made from.</summary>
    public MessageModel Model { get; init; } = new();
}

/// <summary>The things that a message is about; null for none.</summary>
public sealed record MessageAbout
{
    /// <summary>The order.</summary>
    public OrderId? OrderId { get; init; }

    /// <summary>The delivery of that order.</summary>
    public DeliveryId? DeliveryId { get; init; }

    /// <summary>The occasion.</summary>
    public OccasionId? OccasionId { get; init; }

    /// <summary>Who receives the flowers.</summary>
    public RecipientId? RecipientId { get; init; }
}

/// <summary>How far something had come when a piece of news arose. Older news than what is known is not told.</summary>
/// <param name="Thing">What: an order, as <c>{order}</c>, or a delivery of it, as <c>{order}/{delivery}</c>.</param>
/// <param name="Rank">How far; see <see cref="NewsRanks"/>.</param>
public sealed record NewsProgress(string Thing, int Rank)
{
    /// <summary>The order that a delivery belongs to; null for an order itself.</summary>
    public string? Parent => Thing.IndexOf('/') is > 0 and int slash ? Thing[..slash] : null;
}

/// <summary>Ranks of news about orders and deliveries: a higher one overtakes all lower ones.</summary>
public static class NewsRanks
{
    /// <summary>The order is promised.</summary>
    public const int Confirmed = 0;

    /// <summary>The order ended without a delivery.</summary>
    public const int OrderEnded = 500;

    /// <summary>The delivery has ended, well or not.</summary>
    public const int DeliveryEnded = 1000;

    private const int OfAttempt = 10;

    /// <summary>News of a step within an attempt.</summary>
    /// <param name="attempt">The attempt, from 1.</param>
    /// <param name="step">The step within it, 0 to 9.</param>
    public static int Step(int attempt, int step) => (Math.Clamp(attempt, 1, 40) * OfAttempt) + step;
}
