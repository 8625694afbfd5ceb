using Florist.Kernel;

namespace Florist.Orders;

/// <summary>Names an order: the last part of <c>orders/{order}</c>.</summary>
/// <param name="Value">Made by the server from the creator's request id.</param>
public readonly record struct OrderId(string Value) : IId<OrderId>
{
    /// <inheritdoc/>
    public static OrderId From(string value) => new(value);

    /// <summary>The resource name, as <c>orders/7q2x</c>.</summary>
    public string Name => $"orders/{Value}";

    /// <inheritdoc/>
    public override string ToString() => Value;
}
