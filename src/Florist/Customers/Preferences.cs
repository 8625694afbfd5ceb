using System.Collections.Immutable;
using Florist.Kernel;

namespace Florist.Customers;

/// <summary>What a customer likes, cannot have around, and wants to hear of.</summary>
public sealed record Preferences
{
    /// <summary>At most so many entries in each list of stems, colours or allergies.</summary>
    public const int EntriesMax = 20;

    /// <summary>Stems that bouquets should have, as <c>white-iris</c>.</summary>
    public ImmutableArray<string> LikedStems { get; init; } = [];

    /// <summary>Stems that no bouquet may have, as <c>lily</c>.</summary>
    public ImmutableArray<string> DislikedStems { get; init; } = [];

    /// <summary>Colours that bouquets should have.</summary>
    public ImmutableArray<string> LikedColours { get; init; } = [];

    /// <summary>Colours that bouquets should not have.</summary>
    public ImmutableArray<string> DislikedColours { get; init; } = [];

    /// <summary>What makes somebody in the home ill, as <c>pollen</c> or <c>nuts</c>.</summary>
    public ImmutableArray<string> Allergies { get; init; } = [];

    /// <summary>Cats live in the home: true lilies are deadly to them.</summary>
    public bool HasCats { get; init; }

    /// <summary>Dogs live in the home.</summary>
    public bool HasDogs { get; init; }

    /// <summary>What the customer is used to spend on a bouquet; null when not known.</summary>
    public PriceRange? PriceRange { get; init; }

    /// <summary>
    /// Channels in the order the customer prefers them, each at most once; empty leaves the order to the shop.
    /// </summary>
    public ImmutableArray<Channel> Channels { get; init; } = [];

    /// <summary>What the customer agreed to, channel by channel, in order and without repeats.</summary>
    public ImmutableArray<OptIn> OptIns { get; init; } = [];

    /// <summary>
    /// True when messages of this purpose may go out on this channel. Notices about an order are a service that needs
    /// no opt-in.
    /// </summary>
    public bool Allows(Channel channel, Purpose purpose) =>
        purpose == Purpose.OrderNotices || OptIns.Contains(new OptIn(channel, purpose));

    /// <summary>Equal when every field and every entry is.</summary>
    public bool Equals(Preferences? other) => other is not null
        && Same(LikedStems, other.LikedStems) && Same(DislikedStems, other.DislikedStems)
        && Same(LikedColours, other.LikedColours) && Same(DislikedColours, other.DislikedColours)
        && Same(Allergies, other.Allergies) && HasCats == other.HasCats && HasDogs == other.HasDogs
        && PriceRange == other.PriceRange && Same(Channels, other.Channels) && Same(OptIns, other.OptIns);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(
        LikedStems.Length, DislikedStems.Length, Allergies.Length, HasCats, HasDogs, PriceRange, OptIns.Length);

    private static bool Same<T>(ImmutableArray<T> left, ImmutableArray<T> right) => left.SequenceEqual(right);
}

/// <summary>The prices a customer is used to, both ends included.</summary>
/// <param name="Min">The least; same currency as <paramref name="Max"/>.</param>
/// <param name="Max">The most; not less than <paramref name="Min"/>.</param>
public sealed record PriceRange(Money Min, Money Max);

/// <summary>Ways to reach a customer.</summary>
public enum Channel
{
    /// <summary>E-mail.</summary>
    Email,

    /// <summary>Text message to the mobile number.</summary>
    Sms,

    /// <summary>Push message to a browser or app.</summary>
    Push,
}

/// <summary>What a message is for. Consent is given per purpose and channel.</summary>
public enum Purpose
{
    /// <summary>About an order of the customer's: a service, always allowed.</summary>
    OrderNotices,

    /// <summary>Reminders of the customer's occasions.</summary>
    OccasionReminders,

    /// <summary>Offers and news.</summary>
    Offers,

    /// <summary>Asking for an opinion after a delivery.</summary>
    Surveys,
}

/// <summary>Consent to one purpose on one channel.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Purpose">The purpose.</param>
public readonly record struct OptIn(Channel Channel, Purpose Purpose);
