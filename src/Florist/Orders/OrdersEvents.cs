using System.Collections.Immutable;
using Florist.Catalogue;
using Florist.Customers;
using Florist.Kernel;

namespace Florist.Orders;

/// <summary>Topics under which this feature tells others what happened.</summary>
public static class OrdersTopics
{
    /// <summary>The payment is authorised and the promise given; body <see cref="OrderConfirmed"/>.</summary>
    public const string Confirmed = "orders.confirmed";

    /// <summary>The order will not be carried out; body <see cref="OrderCancelled"/>.</summary>
    public const string Cancelled = "orders.cancelled";

    /// <summary>Its payment was declined or never came, and it has ended; body <see cref="OrderExpired"/>.</summary>
    public const string Expired = "orders.expired";

    /// <summary>Its delivery has ended well; body <see cref="OrderCompleted"/>.</summary>
    public const string Completed = "orders.completed";

    /// <summary>The customer is asked about a missing stem; body <see cref="Orders.SubstitutionProposed"/>.</summary>
    public const string SubstitutionProposed = "orders.substitution_proposed";

    /// <summary>How a promise stands has changed; body <see cref="PromiseChanged"/>.</summary>
    public const string PromiseChanged = "orders.promise_changed";
}

/// <summary>What other features keep or say about an order. May arrive late, twice and out of order.</summary>
public sealed record OrderFacts
{
    /// <summary>The order.</summary>
    public OrderId OrderId { get; init; }

    /// <summary>Who ordered.</summary>
    public CustomerId CustomerId { get; init; }

    /// <summary>Who receives, where the customer keeps the recipient; null for an address given once.</summary>
    public RecipientId? RecipientId { get; init; }

    /// <summary>The recipient's given name, for messages to the customer.</summary>
    public string RecipientGivenName { get; init; } = "";

    /// <summary>The civil day of delivery, in the recipient's place.</summary>
    public DateOnly DeliveryOn { get; init; }

    /// <summary>Begin of the promised window, in the civil time of <see cref="TimeZone"/>.</summary>
    public TimeOnly WindowStart { get; init; }

    /// <summary>End of the promised window.</summary>
    public TimeOnly WindowEnd { get; init; }

    /// <summary>IANA zone of the place of delivery.</summary>
    public string TimeZone { get; init; } = "";

    /// <summary>What was ordered.</summary>
    public ImmutableArray<OrderedBouquet> Bouquets { get; init; } = [];

    /// <summary>Occasion category of the catalogue, as <c>birthday</c>; null when none was named.</summary>
    public string? OccasionCategory { get; init; }

    /// <summary>True for sympathy and funeral orders: no reminder, survey or promotion may ever come of it.</summary>
    public bool Sympathy { get; init; }

    /// <summary>What the order costs, tax and delivery included.</summary>
    public Money Total { get; init; }

    /// <summary>When the order was placed.</summary>
    public DateTimeOffset PlacedAt { get; init; }
}

/// <summary>A line of an order.</summary>
/// <param name="BouquetId">Catalogue id of the bouquet.</param>
/// <param name="Quantity">Pieces, at least 1.</param>
public sealed record OrderedBouquet(string BouquetId, int Quantity);

/// <summary>The payment is authorised and the promise given.</summary>
/// <param name="Order">The order.</param>
/// <param name="ConfirmedAt">When.</param>
public sealed record OrderConfirmed(OrderFacts Order, DateTimeOffset ConfirmedAt);

/// <summary>The order will not be carried out.</summary>
/// <param name="Order">The order.</param>
/// <param name="CancelledAt">When.</param>
/// <param name="WasConfirmed">True when a promise had been given before.</param>
public sealed record OrderCancelled(OrderFacts Order, DateTimeOffset CancelledAt, bool WasConfirmed);

/// <summary>The payment was declined or never came.</summary>
/// <param name="Order">The order.</param>
/// <param name="ExpiredAt">When it was declined, or when the time to pay was over.</param>
/// <param name="Declined">True when the payment was declined, false when it never came.</param>
public sealed record OrderExpired(OrderFacts Order, DateTimeOffset ExpiredAt, bool Declined);

/// <summary>The flowers were handed over or left as agreed.</summary>
/// <param name="Order">The order.</param>
/// <param name="DeliveredAt">When, by the courier's report.</param>
public sealed record OrderCompleted(OrderFacts Order, DateTimeOffset DeliveredAt);

/// <summary>A stem is missing, and the customer is asked whether another may take its place.</summary>
/// <param name="Order">The order.</param>
/// <param name="Number">Which of its substitutions.</param>
/// <param name="Bouquet">In which bouquet.</param>
/// <param name="Missing">What is missing.</param>
/// <param name="Instead">What would take its place.</param>
/// <param name="ProposedAt">When it was proposed.</param>
/// <param name="AnswerBy">By when the customer has to answer; after it the order is cancelled.</param>
public sealed record SubstitutionProposed(
    OrderFacts Order,
    int Number,
    BouquetId Bouquet,
    StemId Missing,
    StemId Instead,
    DateTimeOffset ProposedAt,
    DateTimeOffset AnswerBy);
