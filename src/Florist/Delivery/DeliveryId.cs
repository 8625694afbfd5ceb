using Florist.Kernel;

namespace Florist.Delivery;

/// <summary>
/// Names a delivery within its order: the last segment of <c>orders/{order}/deliveries/{delivery}</c>.
/// </summary>
/// <param name="Value">The segment; 1 to 63 characters.</param>
public readonly record struct DeliveryId(string Value) : IId<DeliveryId>
{
    /// <inheritdoc/>
    public static DeliveryId From(string value) => new(value);

    /// <summary>The segment.</summary>
    public override string ToString() => Value;
}

/// <summary>Names a partner courier: the last segment of <c>couriers/{courier}</c>.</summary>
/// <param name="Value">The segment; 1 to 40 characters.</param>
public readonly record struct CourierId(string Value) : IId<CourierId>
{
    /// <inheritdoc/>
    public static CourierId From(string value) => new(value);

    /// <summary>The segment.</summary>
    public override string ToString() => Value;
}
