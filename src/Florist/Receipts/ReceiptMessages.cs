using Florist.Kernel;
using Proto = Florist.Protos.Receipts.V1;

namespace Florist.Receipts;

/// <summary>Receipts to messages.</summary>
internal static class ReceiptMessages
{
    /// <summary>A receipt.</summary>
    public static Proto.Receipt ToProto(this Receipt receipt)
    {
        Proto.Receipt message = new()
        {
            Name = receipt.Name,
            Order = receipt.OrderId.Name,
            Customer = receipt.CustomerId.Name,
            IssueTime = receipt.IssuedAt.ToProto(),
            SupplyDate = receipt.SuppliedOn.ToProto(),
            Seller = new() { DisplayName = receipt.Seller.Name, VatNumber = receipt.Seller.VatNumber },
            Total = receipt.Total.ToProto(),
        };
        message.Seller.AddressLines.AddRange(receipt.Seller.AddressLines);
        message.Lines.AddRange(receipt.Lines.Select(line => new Proto.Receipt.Types.Line
        {
            Title = line.Title,
            Quantity = line.Quantity,
            Amount = line.Amount.ToProto(),
        }));
        message.TaxLines.AddRange(receipt.Taxes.Select(tax => new Protos.Orders.V1.TaxLine
        {
            RateBasisPoints = tax.RateBasisPoints,
            Net = (tax.Gross - tax.Tax).ToProto(),
            Tax = tax.Tax.ToProto(),
            Gross = tax.Gross.ToProto(),
        }));
        return message;
    }
}
