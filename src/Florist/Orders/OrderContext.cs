using System.Collections.Immutable;
using Florist.Customers;

namespace Florist.Orders;

/// <summary>What is known about the parties of an order when it is quoted or placed.</summary>
public sealed record OrderContext
{
    /// <summary>Who orders.</summary>
    public CustomerId CustomerId { get; init; } = new("");

    /// <summary>The customer's language, for the titles on the order.</summary>
    public string LanguageCode { get; init; } = "";

    /// <summary>Who receives and where: the draft's contact, or the recipient's own address.</summary>
    public DeliveryContact Contact { get; init; } = new();

    /// <summary>Cats live with the recipient.</summary>
    public bool HasCats { get; init; }

    /// <summary>Dogs live with the recipient.</summary>
    public bool HasDogs { get; init; }

    /// <summary>What makes somebody in the recipient's home ill, as <c>pollen</c>.</summary>
    public ImmutableArray<string> Allergies { get; init; } = [];

    /// <summary>Stems that the recipient dislikes.</summary>
    public ImmutableArray<string> DislikedStems { get; init; } = [];
}
