using System.Globalization;
using System.Net;
using System.Text;
using Florist.Kernel;
using Florist.Orders;

namespace Florist.Receipts;

/// <summary>Writes a receipt out. Pure: the same receipt always reads the same.</summary>
internal static class ReceiptText
{
    private const int TitleColumns = 44;
    private const int AmountColumns = 14;

    /// <summary>As text, in columns.</summary>
    public static string Plain(Receipt receipt)
    {
        StringBuilder text = new();
        foreach (string line in Head(receipt))
        {
            text.Append(line).Append('\n');
        }

        text.Append('\n');
        foreach ((string what, Money amount) in Rows(receipt))
        {
            text.Append(what.PadRight(TitleColumns)).Append(Written(amount).PadLeft(AmountColumns)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>As a page of its own.</summary>
    public static string Html(Receipt receipt)
    {
        StringBuilder text = new();
        text.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
            .Append(Safe($"Receipt {receipt.Id}")).Append("</title></head><body>\n<p>")
            .AppendJoin("<br>\n", Head(receipt).Select(Safe)).Append("</p>\n<table>\n");
        foreach ((string what, Money amount) in Rows(receipt))
        {
            text.Append("<tr><td>").Append(Safe(what)).Append("</td><td style=\"text-align:right\">")
                .Append(Safe(Written(amount))).Append("</td></tr>\n");
        }

        return text.Append("</table>\n</body></html>\n").ToString();
    }

    private static IEnumerable<string> Head(Receipt receipt)
    {
        yield return receipt.Seller.Name;
        foreach (string line in receipt.Seller.AddressLines)
        {
            yield return line;
        }

        if (receipt.Seller.VatNumber.Length > 0)
        {
            yield return $"VAT number {receipt.Seller.VatNumber}";
        }

        yield return $"Receipt {receipt.Id} ({receipt.Shop}), order {receipt.OrderId}";
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"Issued {receipt.IssuedAt.UtcDateTime:yyyy-MM-dd}, supplied {receipt.SuppliedOn:yyyy-MM-dd}");
    }

    private static IEnumerable<(string What, Money Amount)> Rows(Receipt receipt)
    {
        foreach (ReceiptLine line in receipt.Lines)
        {
            yield return (string.Create(CultureInfo.InvariantCulture, $"{line.Quantity} x {line.Title}"), line.Amount);
        }

        yield return ("Total", receipt.Total);
        foreach (TaxLine tax in receipt.Taxes)
        {
            string rate = (tax.RateBasisPoints / 100m).ToString("0.##", CultureInfo.InvariantCulture);
            yield return ($"Net at {rate} %", tax.Gross - tax.Tax);
            yield return ($"VAT {rate} %", tax.Tax);
        }
    }

    private static string Written(Money amount) => amount.ToString();

    private static string Safe(string text) => WebUtility.HtmlEncode(text);
}
