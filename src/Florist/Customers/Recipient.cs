using System.Collections.Immutable;
using Florist.Kernel;

namespace Florist.Customers;

/// <summary>
/// Somebody a customer sends flowers to. A recipient is never marketed to, and learns nothing of price or sender before
/// the flowers are handed over.
/// </summary>
public sealed record Recipient
{
    /// <summary>Unique within the customer.</summary>
    public RecipientId Id { get; init; }

    /// <summary>Given name; may be empty when the family name is known.</summary>
    public string GivenName { get; init; } = "";

    /// <summary>Family name; may be empty when the given name is known.</summary>
    public string FamilyName { get; init; } = "";

    /// <summary>What the recipient is to the customer.</summary>
    public Relationship Relationship { get; init; }

    /// <summary>Where flowers go; null when not known yet.</summary>
    public PostalAddress? Address { get; init; }

    /// <summary>Telephone number in E.164, for deliveries only; null when not known.</summary>
    public string? Phone { get; init; }

    /// <summary>Stems the recipient likes.</summary>
    public ImmutableArray<string> LikedStems { get; init; } = [];

    /// <summary>Stems that no bouquet for the recipient may have.</summary>
    public ImmutableArray<string> DislikedStems { get; init; } = [];

    /// <summary>Colours the recipient likes.</summary>
    public ImmutableArray<string> LikedColours { get; init; } = [];

    /// <summary>Colours the recipient dislikes.</summary>
    public ImmutableArray<string> DislikedColours { get; init; } = [];

    /// <summary>What makes somebody in the recipient's home ill, as <c>pollen</c> or <c>nuts</c>.</summary>
    public ImmutableArray<string> Allergies { get; init; } = [];

    /// <summary>Cats live there: true lilies are deadly to them.</summary>
    public bool HasCats { get; init; }

    /// <summary>Dogs live there.</summary>
    public bool HasDogs { get; init; }

    /// <summary>
    /// The sender allows that the recipient is told of a delivery beforehand. False, the default, keeps every order a
    /// surprise: nothing reaches the recipient before the doorbell.
    /// </summary>
    public bool AnnouncementAllowed { get; init; }

    /// <summary>The recipient has died: occasions are mute for good and nobody asks about them.</summary>
    public bool Deceased { get; init; }

    /// <summary>The customer's revision when this recipient changed last.</summary>
    public long Revision { get; init; }

    /// <summary>When the recipient was added.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the recipient changed last.</summary>
    public DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>What a recipient is to the customer; decides which occasions are suggested.</summary>
public enum Relationship
{
    /// <summary>Not told, or none of the others.</summary>
    Other,

    /// <summary>Wife, husband or partner.</summary>
    Partner,

    /// <summary>Mother, or one who takes her place.</summary>
    Mother,

    /// <summary>Father, or one who takes his place.</summary>
    Father,

    /// <summary>Grandparent.</summary>
    Grandparent,

    /// <summary>Daughter or son.</summary>
    Child,

    /// <summary>Sister or brother.</summary>
    Sibling,

    /// <summary>Another relative.</summary>
    Relative,

    /// <summary>Friend.</summary>
    Friend,

    /// <summary>Colleague.</summary>
    Colleague,

    /// <summary>Customer or partner in business.</summary>
    Business,

    /// <summary>The customer: flowers for oneself.</summary>
    Self,
}
