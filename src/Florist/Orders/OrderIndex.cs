using System.Globalization;
using Florist.Catalogue;
using Florist.Kernel;

namespace Florist.Orders;

/// <summary>
/// The row by which orders are found, written with every change: typed columns to filter by, and the order as it is
/// answered, so that a listing reads nothing else. Columns are never null; absent is the empty text.
/// </summary>
internal static class OrderIndex
{
    /// <summary>The table.</summary>
    public const string Table = "order_index";

    // Orders from before there were several shops name none.
    private const string FirstShop = "main";

    /// <summary>The row of an order.</summary>
    public static RowChange Row(OrderRecord order) => new()
    {
        Table = Table,
        Key = [new("order_id", order.Id.Value)],
        Values =
        [
            new("customer", order.CustomerId.Name),
            new("recipient", order.Draft.RecipientId is { } recipient ? recipient.Name(order.CustomerId) : ""),
            new("state", OrderWords.Of(order.State)),
            new("payment_state", OrderWords.Of(order.PaymentState)),
            new("delivery_date", (DateOnly?)order.Draft.DeliveryOn),
            new("shop", order.Terms.Shop.Length == 0 ? FirstShop : order.Terms.Shop),
            new("window_start", order.Terms.Window.Start.ToString("HH:mm", CultureInfo.InvariantCulture)),
            new("created_at", (DateTimeOffset?)order.CreatedAt),
            new("occasion_category", order.Draft.Category is { } category ? OccasionCategories.NameOf(category) : ""),
            new("currency_code", order.Terms.Total.Currency),
            new("total_minor", order.Terms.Total.Minor),
            new("needs_attention", order.NeedsAttention),
            new("body", FloristJson.Write(order.Bare())),
        ],
    };
}
