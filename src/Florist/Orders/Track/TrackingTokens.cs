using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Florist.Customers;
using Florist.Kernel;
using Microsoft.Extensions.Options;

namespace Florist.Orders;

/// <summary>
/// Tokens of tracking links. Each is computed from the order, the link's number and the installation's secret: 200 bits
/// that nobody can guess, that stand in no database, and that are checked before anything is looked up.
/// </summary>
public sealed class TrackingTokens(IIds ids, IOptions<OrdersOptions> options)
{
    private const string Place = "{token}";

    /// <summary>The token of a link.</summary>
    /// <param name="order">The order.</param>
    /// <param name="number">The link's number.</param>
    public string Of(OrderId order, int number)
    {
        string link = string.Create(CultureInfo.InvariantCulture, $"{number}");
        string secret = ids.Derived(order.Name, "tracking-1", link) + ids.Derived(order.Name, "tracking-2", link);
        return $"{order}.{link}.{secret}";
    }

    /// <summary>The address of the shop's tracking page for a link; null when the shop has none.</summary>
    /// <param name="order">The order.</param>
    /// <param name="number">The link's number.</param>
    public string? UriOf(OrderId order, int number) => options.Value.TrackingUrl.Length == 0
        ? null
        : options.Value.TrackingUrl.Replace(Place, Of(order, number), StringComparison.Ordinal);

    /// <summary>The address for the sender of an order; null when there is none that works.</summary>
    /// <param name="order">The order.</param>
    /// <param name="now">The present.</param>
    public string? SendersUri(OrderRecord order, DateTimeOffset now) =>
        order.Tracking.Admits(OrderTracking.SendersLink, now) ? UriOf(order.Id, OrderTracking.SendersLink) : null;

    /// <summary>The link of a token; null for a token that was never made.</summary>
    internal (OrderId Order, int Number)? Read(string token)
    {
        if (token.Split('.') is not [string order, string link, _]
            || !CustomerNames.IsId(order)
            || !int.TryParse(link, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return null;
        }

        OrderId id = new(order);
        bool matches = CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(Of(id, number)));
        return matches ? (id, number) : null;
    }
}
