using System.Collections.Immutable;
using Florist.Catalogue;
using Florist.Customers;

namespace Florist.Occasions;

/// <summary>A day that comes back and that a customer wants to be reminded of.</summary>
public sealed record Occasion
{
    /// <summary>Its id.</summary>
    public OccasionId Id { get; init; }

    /// <summary>What the customer said about it.</summary>
    public OccasionDetails Details { get; init; } = new();

    /// <summary>The recipient's given name, as the customer keeps it; null when nobody is named.</summary>
    public string? RecipientGivenName { get; init; }

    /// <summary>Why nothing is said about it; null while it is reminded of.</summary>
    public MuteReason? Muted { get; init; }

    /// <summary>
    /// The memory that forbids a second reminder: by lead time, the year of the last occurrence whose step was sent,
    /// skipped or no longer wanted. Years only grow.
    /// </summary>
    public ImmutableSortedDictionary<int, int> SettledYears { get; init; } = ImmutableSortedDictionary<int, int>.Empty;

    /// <summary>Grows by one with every change of what a caller can see.</summary>
    public long Revision { get; init; } = 1;

    /// <summary>When it was added.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When a caller's change was made last.</summary>
    public DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>What the customer says about an occasion.</summary>
public sealed record OccasionDetails
{
    /// <summary>What sort of day it is.</summary>
    public OccasionKind Kind { get; init; }

    /// <summary>The customer's words for it, 1 to <see cref="OccasionLimits.TitleLengthMax"/> code points.</summary>
    public string Title { get; init; } = "";

    /// <summary>When it comes back.</summary>
    public YearlyDay Day { get; init; } = new FixedDay();

    /// <summary>Year of birth or of the wedding; null when not told, and then nobody's age is spoken of.</summary>
    public int? FirstYear { get; init; }

    /// <summary>Whose day it is; null when it names nobody.</summary>
    public RecipientId? Recipient { get; init; }

    /// <summary>Which bouquets suit it.</summary>
    public OccasionCategory Category { get; init; }

    /// <summary>IANA zone in whose morning to remind; null for the customer's own.</summary>
    public string? TimeZone { get; init; }

    /// <summary>
    /// How many days before to remind, longest first, each 1 to <see cref="OccasionLimits.LeadDaysMax"/>, at most
    /// <see cref="OccasionLimits.LeadTimesMax"/> of them; empty for the customer's default.
    /// </summary>
    public ImmutableArray<int> LeadDays { get; init; } = [];
}

/// <summary>Why an occasion is silent.</summary>
public enum MuteReason
{
    /// <summary>The customer asked for it.</summary>
    Asked,

    /// <summary>The recipient has died. For good: nobody can take it back.</summary>
    Deceased,

    /// <summary>
    /// It is about a death, or flowers of sympathy went to the recipient. Only the customer's word ends it.
    /// </summary>
    Sympathy,

    /// <summary>
    /// The customer removed the recipient and may have had a sad reason to. Only the customer's word ends it.
    /// </summary>
    RecipientRemoved,
}

/// <summary>Limits of what one customer's occasions hold.</summary>
public static class OccasionLimits
{
    /// <summary>Occasions of one customer.</summary>
    public const int OccasionsPerCustomerMax = 100;

    /// <summary>Longest title, in code points.</summary>
    public const int TitleLengthMax = 80;

    /// <summary>Reminders of one occurrence.</summary>
    public const int LeadTimesMax = 4;

    /// <summary>The longest lead time, in days.</summary>
    public const int LeadDaysMax = 60;

    /// <summary>The earliest first year.</summary>
    public const int FirstYearMin = 1900;

    /// <summary>Lead times of a customer who chose none: two weeks to think of it, three days to order.</summary>
    public static readonly ImmutableArray<int> LeadDaysDefault = [14, 3];
}
