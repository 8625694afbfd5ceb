using System.Collections.Immutable;
using Florist.Kernel;

namespace Florist.Customers;

/// <summary>
/// What a customer's purchases come to, withdrawn ones left out. Always current: written in the same commit as the
/// purchase.
/// </summary>
public sealed record CustomerTraits
{
    /// <summary>Purchases, those at no charge included.</summary>
    public int OrderCount { get; init; }

    /// <summary>Days with at least one purchase.</summary>
    public int PurchaseDayCount { get; init; }

    /// <summary>Day of the first purchase; null before there is one.</summary>
    public DateOnly? FirstPurchaseOn { get; init; }

    /// <summary>Day of the latest purchase; null before there is one.</summary>
    public DateOnly? LastPurchaseOn { get; init; }

    /// <summary>What was spent, by ISO 4217 currency.</summary>
    public ImmutableSortedDictionary<string, CurrencySpend> Spend { get; init; } =
        ImmutableSortedDictionary.Create<string, CurrencySpend>(StringComparer.Ordinal);

    /// <summary>
    /// The currency of most purchases, the alphabetically first among equals; null before there is one.
    /// </summary>
    public string? MainCurrency()
    {
        string? main = null;
        int most = 0;
        foreach ((string currency, CurrencySpend spend) in Spend)
        {
            if (main is null || spend.OrderCount > most)
            {
                (main, most) = (currency, spend.OrderCount);
            }
        }

        return main;
    }

    /// <summary>What was spent in the main currency; null before there is a purchase.</summary>
    public Money? MainSpend() => MainCurrency() is { } currency ? new Money(Spend[currency].Minor, currency) : null;

    /// <summary>
    /// Mean amount of a purchase in the main currency, halves rounded up; null before there is a purchase.
    /// </summary>
    public Money? AverageOrderValue() => MainCurrency() is { } currency ? Spend[currency].Average(currency) : null;
}

/// <summary>What was spent in one currency.</summary>
/// <param name="OrderCount">Purchases in it, at least one.</param>
/// <param name="Minor">Their sum in minor units.</param>
public sealed record CurrencySpend(int OrderCount, long Minor)
{
    /// <summary>Mean amount of a purchase, halves rounded up.</summary>
    public Money Average(string currency) =>
        new((long)Math.Round((decimal)Minor / OrderCount, MidpointRounding.AwayFromZero), currency);
}

/// <summary>One purchase in a customer's history.</summary>
public sealed record Purchase
{
    /// <summary>
    /// Unique within the customer and the same at every repeat, of letters, digits and hyphens: <c>orders-{order}</c>
    /// for an order of this shop, <c>{source}-{ordinal}</c> for an imported one.
    /// </summary>
    public string Key { get; init; } = "";

    /// <summary>The civil day of the purchase.</summary>
    public DateOnly Day { get; init; }

    /// <summary>Pieces bought; at least 1.</summary>
    public int Units { get; init; }

    /// <summary>What was paid; not negative, may be nothing.</summary>
    public Money Amount { get; init; }

    /// <summary>True once its order was cancelled: it stays in the history and counts in no trait.</summary>
    public bool Withdrawn { get; init; }
}
