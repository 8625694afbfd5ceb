using Florist.Customers;
using Florist.Kernel;

namespace Florist.Orders;

/// <summary>Reads resource names of orders.</summary>
internal static class OrderNames
{
    /// <summary>The order of a name <c>orders/{order}</c>.</summary>
    public static Outcome<OrderId> Order(string name, string field) =>
        name.Split('/') is ["orders", string id] && CustomerNames.IsId(id)
            ? new OrderId(id)
            : Fault.Invalid(field, "NAME_INVALID", "is not a name of the form orders/{order}");
}
