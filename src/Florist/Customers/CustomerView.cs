using System.Collections.Immutable;
using Florist.Kernel;

namespace Florist.Customers;

/// <summary>A customer as other features and services see it: a snapshot of what is durable.</summary>
public sealed record CustomerView
{
    /// <summary>Whose it is.</summary>
    public CustomerId Id { get; init; }

    /// <summary>Given name; empty when not known, as for most imported customers.</summary>
    public string GivenName { get; init; } = "";

    /// <summary>Family name; empty when not known.</summary>
    public string FamilyName { get; init; } = "";

    /// <summary>E-mail address with its domain in lower case and punycode; null when not known.</summary>
    public string? Email { get; init; }

    /// <summary>Mobile number in E.164; null when not known.</summary>
    public string? Mobile { get; init; }

    /// <summary>CLDR region code of the country the customer lives in.</summary>
    public string Country { get; init; } = "";

    /// <summary>BCP-47 tag of the language to write in, as <c>en-GB</c>.</summary>
    public string LanguageCode { get; init; } = "";

    /// <summary>IANA zone whose civil time is the customer's.</summary>
    public string TimeZone { get; init; } = "";

    /// <summary>The customer's own postal address; null when not known.</summary>
    public PostalAddress? Address { get; init; }

    /// <summary>How to address the customer.</summary>
    public Formality Formality { get; init; }

    /// <summary>Day of birth; null when not told.</summary>
    public DateOnly? BirthDate { get; init; }

    /// <summary>Tastes, allergies, pets, channels and opt-ins.</summary>
    public Preferences Preferences { get; init; } = new();

    /// <summary>The people the customer sends to, in ordinal order of their ids.</summary>
    public ImmutableArray<Recipient> Recipients { get; init; } = [];

    /// <summary>What the purchases come to.</summary>
    public CustomerTraits Traits { get; init; } = new();

    /// <summary>Grows by one with every commit.</summary>
    public long Revision { get; init; }

    /// <summary>When the customer was created here.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When anything of it changed last.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it was deleted; null while it is not. Nothing is sent to a deleted customer.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>When a deleted customer's data go for good; null while it is not deleted.</summary>
    public DateTimeOffset? PurgeAt { get; init; }

    /// <summary>The recipient of that id; null when there is none.</summary>
    public Recipient? RecipientOf(RecipientId id) => Recipients.FirstOrDefault(recipient => recipient.Id == id);
}

/// <summary>How to address somebody.</summary>
public enum Formality
{
    /// <summary>Title or full name; <em>Sie</em>, <em>vous</em>, <em>usted</em>.</summary>
    Formal,

    /// <summary>Given name; <em>du</em>, <em>tu</em>.</summary>
    Informal,
}
