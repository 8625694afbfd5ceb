using System.Collections.Immutable;
using System.Globalization;
using Florist.Kernel;

namespace Florist.Vouchers;

/// <summary>What a voucher is worth, and to whom. It never changes once it is issued.</summary>
public sealed record VoucherTerms
{
    /// <summary>Most uses of a voucher that can be counted.</summary>
    public const int UsageLimitMax = 100_000;

    /// <summary>Share of the lines in hundredths of a percent, 1 to 10000; 0 when it is worth an amount.</summary>
    public int PercentBasisPoints { get; init; }

    /// <summary>The amount, one a currency; empty when it is worth a share.</summary>
    public ImmutableArray<Money> Amounts { get; init; } = [];

    /// <summary>What the lines must come to at least, one a currency; a currency without has no minimum.</summary>
    public ImmutableArray<Money> Minimums { get; init; } = [];

    /// <summary>How many orders may use it, 1 to <see cref="UsageLimitMax"/>.</summary>
    public int UsageLimit { get; init; } = 1;

    /// <summary>How many orders of one customer may use it; null for as many as the limit allows.</summary>
    public int? PerCustomerLimit { get; init; }

    /// <summary>From when on it is valid; null for from the beginning.</summary>
    public DateTimeOffset? ValidFrom { get; init; }

    /// <summary>Until when; null for without end.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>The only customer who may use it; null for everybody.</summary>
    public string? CustomerId { get; init; }

    /// <summary>
    /// What it takes off the sum of the lines: never more than that sum. A share is rounded half away from zero, once.
    /// </summary>
    /// <returns>
    /// The amount; a refusal <c>VOUCHER_MINIMUM</c>, or <c>VOUCHER_CURRENCY</c> for a currency that it has no amount
    /// in.
    /// </returns>
    public Outcome<Money> DiscountOn(Money subtotal)
    {
        Money? minimum = In(Minimums, subtotal.Currency);
        if (minimum is { } least && subtotal.Minor < least.Minor)
        {
            return Fault.Refused("VOUCHER_MINIMUM", $"the voucher needs lines of at least {least}")
                .With("minimum", least.ToString()).With("subtotal", subtotal.ToString());
        }

        if (PercentBasisPoints > 0)
        {
            decimal share = (decimal)subtotal.Minor * PercentBasisPoints / 10_000;
            return new Money((long)Math.Round(share, MidpointRounding.AwayFromZero), subtotal.Currency);
        }

        return In(Amounts, subtotal.Currency) is { } amount
            ? amount.Minor < subtotal.Minor ? amount : subtotal
            : Fault.Refused("VOUCHER_CURRENCY", $"the voucher is worth nothing in {subtotal.Currency}")
                .With("currencyCode", subtotal.Currency);
    }

    private static Money? In(ImmutableArray<Money> amounts, string currency)
    {
        foreach (Money amount in amounts)
        {
            if (amount.Currency == currency)
            {
                return amount;
            }
        }

        return null;
    }
}

/// <summary>A voucher as others see it.</summary>
public sealed record VoucherView
{
    /// <summary>Its code.</summary>
    public string Code { get; init; } = "";

    /// <summary>What it is for, for the shop; null when not told.</summary>
    public string? Title { get; init; }

    /// <summary>What it is worth.</summary>
    public VoucherTerms Terms { get; init; } = new();

    /// <summary>Uses kept for orders whose payment is under way.</summary>
    public int ReservedCount { get; init; }

    /// <summary>Uses redeemed.</summary>
    public int RedeemedCount { get; init; }

    /// <summary>When it was issued.</summary>
    public DateTimeOffset IssuedAt { get; init; }

    /// <summary>Who issued it.</summary>
    public string IssuedBy { get; init; } = "";

    /// <summary>When it was ended; null while it was not.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>Grows with every change by the shop; uses leave it alone.</summary>
    public long Revision { get; init; }
}

/// <summary>Codes of vouchers, as people type them and as they are kept.</summary>
public static class VoucherCodes
{
    private const int LengthMin = 3;
    private const int LengthMax = 32;

    /// <summary>
    /// The one form of a code: upper case, no spaces; null for what can be none: 3 to 32 letters, digits and hyphens.
    /// </summary>
    public static string? Read(string text)
    {
        string code = text.Replace(" ", "", StringComparison.Ordinal).ToUpper(CultureInfo.InvariantCulture);
        bool fits = code.Length is >= LengthMin and <= LengthMax
            && code.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '-')
            && code[0] != '-' && code[^1] != '-';
        return fits ? code : null;
    }

    /// <summary>The code of a name <c>vouchers/{voucher}</c>, in either case; null for anything else.</summary>
    public static string? Named(string name) => name.Split('/') is ["vouchers", string code] ? Read(code) : null;

    /// <summary>The resource name of a code.</summary>
    public static string NameOf(string code) => $"vouchers/{code}";
}
