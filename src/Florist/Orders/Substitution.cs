using Florist.Catalogue;

namespace Florist.Orders;

/// <summary>A stem that takes the place of one that is missing. The price never changes for it.</summary>
public sealed record Substitution
{
    /// <summary>Its number in the order, from 1.</summary>
    public int Number { get; init; } = 1;

    /// <summary>In which bouquet.</summary>
    public BouquetId Bouquet { get; init; } = new("");

    /// <summary>What is missing.</summary>
    public StemId Missing { get; init; } = new("");

    /// <summary>What takes its place.</summary>
    public StemId Instead { get; init; } = new("");

    /// <summary>Where it stands.</summary>
    public SubstitutionState State { get; init; }

    /// <summary>When it was proposed.</summary>
    public DateTimeOffset ProposedAt { get; init; }

    /// <summary>By when the customer has to answer; null when nobody was asked.</summary>
    public DateTimeOffset? AnswerBy { get; init; }

    /// <summary>Who answered; null when nobody has.</summary>
    public string? AnsweredBy { get; init; }
}

/// <summary>Where a substitution stands.</summary>
public enum SubstitutionState
{
    /// <summary>The customer had left it to the shop.</summary>
    Applied,

    /// <summary>The customer is asked.</summary>
    Proposed,

    /// <summary>The customer has agreed.</summary>
    Accepted,

    /// <summary>The customer has not agreed: the order is cancelled.</summary>
    Declined,

    /// <summary>The customer has not answered in time: the order is cancelled.</summary>
    Lapsed,
}
