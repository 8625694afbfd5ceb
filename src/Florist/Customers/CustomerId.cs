using Florist.Kernel;

namespace Florist.Customers;

/// <summary>Names a customer: the last part of <c>customers/{customer}</c>.</summary>
/// <param name="Value">Chosen by the creator, or made by the server.</param>
public readonly record struct CustomerId(string Value) : IId<CustomerId>
{
    /// <inheritdoc/>
    public static CustomerId From(string value) => new(value);

    /// <summary>The resource name, as <c>customers/7q2x</c>.</summary>
    public string Name => $"customers/{Value}";

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>
/// Names a recipient among those of one customer: the last part of <c>customers/{customer}/recipients/{recipient}</c>.
/// </summary>
/// <param name="Value">Chosen by the creator, or made by the server; unique within the customer.</param>
public readonly record struct RecipientId(string Value) : IId<RecipientId>
{
    /// <inheritdoc/>
    public static RecipientId From(string value) => new(value);

    /// <summary>The resource name, as <c>customers/7q2x/recipients/mum</c>.</summary>
    public string Name(CustomerId customer) => $"{customer.Name}/recipients/{Value}";

    /// <inheritdoc/>
    public override string ToString() => Value;
}
