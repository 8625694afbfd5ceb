using System.Security.Cryptography;
using Florist.Customers;
using Florist.Kernel;

namespace Florist.Orders;

/// <summary>Quotes are stateless: a sealed text that says what was offered to whom for what.</summary>
internal static class OrderQuotes
{
    private const string Purpose = "quote";

    /// <summary>What a quote of these terms promises: for some minutes, but never beyond the cut-off.</summary>
    public static QuotedTerms Of(OrderTerms terms, OrdersOptions options, DateTimeOffset now)
    {
        DateTimeOffset expires = now.AddMinutes(options.QuoteMinutes);
        return new QuotedTerms(terms.Total, expires < terms.CutOffAt ? expires : terms.CutOffAt);
    }

    /// <summary>The quote as the caller keeps it.</summary>
    public static string Seal(QuotedTerms quoted, CustomerId customer, OrderDraft draft, ISeal seal) =>
        seal.Seal(Purpose, FloristJson.Write(new Quote(quoted, customer, HashOf(draft))));

    /// <summary>Opens a quote; Invalid for anything that is no quote of ours for this customer and draft.</summary>
    public static Outcome<QuotedTerms> Open(string text, CustomerId customer, OrderDraft draft, ISeal seal)
    {
        if (!seal.TryOpen(Purpose, text, out string? json))
        {
            return Fault.Invalid("quote", "QUOTE_INVALID", "is no quote of this shop");
        }

        Quote quote = FloristJson.Read<Quote>(json);
        return quote.Customer == customer && quote.DraftHash == HashOf(draft)
            ? quote.Terms
            : Fault.Invalid("quote", "QUOTE_OF_ANOTHER_ORDER", "was made for another order");
    }

    private static string HashOf(OrderDraft draft) =>
        Convert.ToHexStringLower(SHA256.HashData(FloristJson.WriteBytes(draft)).AsSpan(0, 16));

    private sealed record Quote(QuotedTerms Terms, CustomerId Customer, string DraftHash);
}
