using Florist.Customers;
using Florist.Kernel;

namespace Florist.Occasions;

/// <summary>
/// Names an occasion of a customer: the last part of <c>customers/{customer}/occasions/{occasion}</c>.
/// </summary>
/// <param name="Value">
/// Made by the server and never used again, so that a reminder's key never means two things.
/// </param>
public readonly record struct OccasionId(string Value) : IId<OccasionId>
{
    /// <inheritdoc/>
    public static OccasionId From(string value) => new(value);

    /// <summary>The resource name, as <c>customers/7q2x/occasions/9hk3</c>.</summary>
    public string Name(CustomerId customer) => $"{customer.Name}/occasions/{Value}";

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>What sort of day an occasion is; decides how messages speak of it.</summary>
public enum OccasionKind
{
    /// <summary>The day somebody was born.</summary>
    Birthday,

    /// <summary>A wedding or another day that two people keep.</summary>
    Anniversary,

    /// <summary>The day of somebody's patron saint.</summary>
    NameDay,

    /// <summary>A day that a country keeps, such as Mothering Sunday.</summary>
    Holiday,

    /// <summary>Anything else.</summary>
    Custom,
}
