using System.Collections.Immutable;
using Florist.Catalogue;
using Florist.Customers;
using Florist.Delivery;
using Florist.Kernel;
using Florist.Occasions;
using Florist.Orders;

namespace Florist.Messaging;

/// <summary>
/// What the text of a message is made from. Stored with the message, so that every attempt to send it, and every
/// question about it, has the same words. Times are civil times of the place that they are about.
/// </summary>
public sealed record MessageModel
{
    /// <summary>What it tells.</summary>
    public MessageKind Kind { get; init; }

    /// <summary>BCP-47 tag of the language to write in.</summary>
    public string LanguageCode { get; init; } = "";

    /// <summary>How to address the customer.</summary>
    public Formality Formality { get; init; }

    /// <summary>True for the sober wording.</summary>
    public bool Sympathy { get; init; }

    /// <summary>The customer's given name; empty when not known.</summary>
    public string GivenName { get; init; } = "";

    /// <summary>The customer's family name; empty when not known.</summary>
    public string FamilyName { get; init; } = "";

    /// <summary>The recipient's given name; empty when not known.</summary>
    public string RecipientGivenName { get; init; } = "";

    /// <summary>The order that it is about; null for none.</summary>
    public OrderPart? Order { get; init; }

    /// <summary>The delivery that it is about; null for none.</summary>
    public DeliveryPart? Delivery { get; init; }

    /// <summary>The occasion that it is about; null for none.</summary>
    public ReminderPart? Reminder { get; init; }

    /// <summary>The promise that it is about; null for none.</summary>
    public PromisePart? Promise { get; init; }

    /// <summary>The missing stem that it is about; null for none.</summary>
    public SubstitutionPart? Substitution { get; init; }
}

/// <summary>What a message says about a missing stem.</summary>
public sealed record SubstitutionPart
{
    /// <summary>Name of the bouquet.</summary>
    public string Bouquet { get; init; } = "";

    /// <summary>Name of what is missing.</summary>
    public string Missing { get; init; } = "";

    /// <summary>Name of what would take its place.</summary>
    public string Instead { get; init; } = "";

    /// <summary>The civil day of the last instant to answer.</summary>
    public DateOnly AnswerByDay { get; init; }

    /// <summary>The civil time of the last instant to answer.</summary>
    public TimeOnly AnswerByTime { get; init; }
}

/// <summary>What a message says about a promise.</summary>
public sealed record PromisePart
{
    /// <summary>When the courier expects to be there, at the earliest; null when it has not said.</summary>
    public TimeOnly? ExpectedFrom { get; init; }

    /// <summary>When the courier expects to be there, at the latest; null when it has not said.</summary>
    public TimeOnly? ExpectedUntil { get; init; }

    /// <summary>What is given back for it; null for nothing.</summary>
    public Money? Returned { get; init; }
}

/// <summary>What a message says about an order.</summary>
public sealed record OrderPart
{
    /// <summary>The order.</summary>
    public OrderId OrderId { get; init; }

    /// <summary>What was ordered, by the names of the customer's language.</summary>
    public ImmutableArray<BouquetLine> Bouquets { get; init; } = [];

    /// <summary>The civil day of delivery.</summary>
    public DateOnly DeliveryOn { get; init; }

    /// <summary>Begin of the promised window.</summary>
    public TimeOnly WindowStart { get; init; }

    /// <summary>End of the promised window.</summary>
    public TimeOnly WindowEnd { get; init; }

    /// <summary>What it costs, tax and delivery included.</summary>
    public Money Total { get; init; }

    /// <summary>True when the payment was declined, false when it never came. Only of a failed payment.</summary>
    public bool Declined { get; init; }

    /// <summary>True when the order had been confirmed before. Only of a cancelled order.</summary>
    public bool WasConfirmed { get; init; }
}

/// <summary>A line of an order.</summary>
/// <param name="Title">Name of the bouquet.</param>
/// <param name="Quantity">Pieces, at least 1.</param>
public sealed record BouquetLine(string Title, int Quantity);

/// <summary>What a message says about a delivery.</summary>
public sealed record DeliveryPart
{
    /// <summary>The civil day of what happened.</summary>
    public DateOnly HappenedOn { get; init; }

    /// <summary>The civil time of what happened.</summary>
    public TimeOnly HappenedAt { get; init; }

    /// <summary>When the courier expects to be there, at the earliest; null when it has not said.</summary>
    public TimeOnly? EtaFrom { get; init; }

    /// <summary>When the courier expects to be there, at the latest; null when it has not said.</summary>
    public TimeOnly? EtaUntil { get; init; }

    /// <summary>How it was handed over; null when not delivered or not told.</summary>
    public DeliveryOutcome? Outcome { get; init; }

    /// <summary>Where the flowers were left, in the courier's words; null when not left or not told.</summary>
    public string? SafePlace { get; init; }

    /// <summary>True when a photo of the hand-over can be seen with the order.</summary>
    public bool HasPhoto { get; init; }

    /// <summary>Why an attempt or the delivery failed; null when not told.</summary>
    public FailureReason? FailureReason { get; init; }

    /// <summary>True when the courier will try again.</summary>
    public bool WillTryAgain { get; init; }
}

/// <summary>What a message says about an occasion.</summary>
public sealed record ReminderPart
{
    /// <summary>The customer's own words for it; empty for none.</summary>
    public string Title { get; init; } = "";

    /// <summary>What sort of day it is.</summary>
    public OccasionKind Kind { get; init; }

    /// <summary>Which bouquets suit it.</summary>
    public OccasionCategory Category { get; init; }

    /// <summary>The civil day.</summary>
    public DateOnly On { get; init; }

    /// <summary>How many years it is; null when not known.</summary>
    public int? Years { get; init; }

    /// <summary>The civil day of the last instant to order, where the customer lives.</summary>
    public DateOnly OrderByDay { get; init; }

    /// <summary>The civil time of the last instant to order.</summary>
    public TimeOnly OrderByTime { get; init; }

    /// <summary>Who would receive; null when the occasion names nobody.</summary>
    public RecipientId? RecipientId { get; init; }

    /// <summary>At most three bouquets, best first; empty when nothing suits.</summary>
    public ImmutableArray<Suggestion> Suggestions { get; init; } = [];
}

/// <summary>A bouquet that a reminder suggests.</summary>
/// <param name="BouquetId">The bouquet.</param>
/// <param name="Title">Its name in the customer's language.</param>
/// <param name="Description">A sentence about it in the customer's language.</param>
/// <param name="Price">Its price, tax included.</param>
public sealed record Suggestion(BouquetId BouquetId, string Title, string Description, Money Price);
