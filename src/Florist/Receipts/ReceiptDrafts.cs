using Florist.Kernel;
using Florist.Orders;

namespace Florist.Receipts;

/// <summary>What a receipt says of an order. Pure; the same however often it is asked.</summary>
internal static class ReceiptDrafts
{
    private const string Delivery = "Delivery";
    private const string Discount = "Discount";

    // Orders from before there were several shops name none.
    private const string FirstShop = "main";

    /// <summary>A receipt without its number.</summary>
    /// <param name="order">The order that was delivered.</param>
    /// <param name="suppliedAt">When.</param>
    /// <param name="options">Who supplies.</param>
    public static Receipt Of(OrderRecord order, DateTimeOffset suppliedAt, ReceiptsOptions options)
    {
        DateOnly day = Zones.Day(suppliedAt, order.Terms.TimeZone);
        ReceiptLine[] delivery = order.Terms.DeliveryFee.Minor == 0
            ? []
            : [new ReceiptLine(Delivery, 1, order.Terms.DeliveryFee)];
        ReceiptLine[] discount = order.Terms.Discount is { Minor: not 0 } taken
            ? [new ReceiptLine(Discount, 1, Money.Zero(taken.Currency) - taken)]
            : [];
        return new Receipt
        {
            Shop = order.Terms.Shop.Length == 0 ? FirstShop : order.Terms.Shop,
            Year = day.Year,
            OrderId = order.Id,
            CustomerId = order.CustomerId,
            SuppliedOn = day,
            Seller = new Seller(options.SellerName, [.. options.SellerAddress], options.VatNumber),
            Lines =
            [
                .. order.Terms.Lines.Select(line => new ReceiptLine(line.Title, line.Quantity, line.Amount)),
                .. delivery,
                .. discount,
            ],
            Taxes = order.Terms.Taxes,
            Total = order.Terms.Total,
        };
    }
}
