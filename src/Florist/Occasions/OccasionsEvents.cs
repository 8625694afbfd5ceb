using Florist.Catalogue;
using Florist.Customers;

namespace Florist.Occasions;

/// <summary>Topics under which this feature tells others what happened.</summary>
public static class OccasionsTopics
{
    /// <summary>It is time to remind a customer of an occasion; body <see cref="ReminderDue"/>.</summary>
    public const string ReminderDue = "occasions.reminder_due";
}

/// <summary>
/// It is time to remind a customer of an occasion. Sent once for each occurrence and lead time; whether a message
/// leaves the shop is for the receiver to decide by consent, quiet hours and caps, as they are then.
/// </summary>
public sealed record ReminderDue
{
    /// <summary>Whom to remind.</summary>
    public CustomerId CustomerId { get; init; }

    /// <summary>Of which occasion.</summary>
    public OccasionId OccasionId { get; init; }

    /// <summary>Whose day it is; null when the occasion names nobody.</summary>
    public RecipientId? RecipientId { get; init; }

    /// <summary>
    /// The recipient's given name; null when the occasion names nobody, or one whose name is not known.
    /// </summary>
    public string? RecipientGivenName { get; init; }

    /// <summary>What sort of day it is.</summary>
    public OccasionKind Kind { get; init; }

    /// <summary>Which bouquets suit it. Never <see cref="OccasionCategory.Sympathy"/>.</summary>
    public OccasionCategory Category { get; init; }

    /// <summary>The customer's own words for it.</summary>
    public string Title { get; init; } = "";

    /// <summary>The civil day of this occurrence.</summary>
    public DateOnly Date { get; init; }

    /// <summary>
    /// How many years after the first it is: the age on a birthday; null when the first year is not known.
    /// </summary>
    public int? Years { get; init; }

    /// <summary>Which of the lead times this is, in days before the occasion.</summary>
    public int LeadDays { get; init; }

    /// <summary><c>{customer}:{occasion}:{year}:{leadDays}</c>: the same for every repeat of this reminder.</summary>
    public string OccurrenceKey { get; init; } = "";

    /// <summary>IANA zone whose civil time the reminder keeps.</summary>
    public string TimeZone { get; init; } = "";

    /// <summary>The last instant to order for that day; from then on the reminder is useless.</summary>
    public DateTimeOffset ExpiresAt { get; init; }
}
