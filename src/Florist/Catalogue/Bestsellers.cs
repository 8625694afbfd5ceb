using System.Collections.Immutable;

namespace Florist.Catalogue;

/// <summary>What to suggest to one customer for one occasion.</summary>
public sealed record BestsellerQuery
{
    /// <summary>What it is given for; bouquets of other categories are never suggested.</summary>
    public required OccasionCategory Category { get; init; }

    /// <summary>ISO 4217 code of the currency that the customer pays in.</summary>
    public required string Currency { get; init; }

    /// <summary>The civil day of delivery, which decides what is in season.</summary>
    public required DateOnly DeliveryOn { get; init; }

    /// <summary>Lowest price the customer has in mind, in minor units; null for none.</summary>
    public long? PriceMinorFrom { get; init; }

    /// <summary>Highest price the customer has in mind, in minor units; null for none.</summary>
    public long? PriceMinorUpTo { get; init; }

    /// <summary>Stems that must not be in it, in the words of <see cref="Tastes"/>.</summary>
    public ImmutableArray<string> DislikedStems { get; init; } = [];

    /// <summary>Colours that must not be in it, in the words of <see cref="Tastes"/>.</summary>
    public ImmutableArray<string> DislikedColours { get; init; } = [];

    /// <summary>Hazards that it must not have.</summary>
    public ImmutableArray<Hazard> AvoidedHazards { get; init; } = [];

    /// <summary>Bouquets that must not be suggested again, such as last year's.</summary>
    public ImmutableArray<BouquetId> Excluded { get; init; } = [];

    /// <summary>How many at most; at least 1.</summary>
    public int CountMax { get; init; } = 3;
}

/// <summary>How far the customer's price range had to be widened before anything was found.</summary>
public enum PriceWidening
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>By a quarter at both ends.</summary>
    Quarter,

    /// <summary>By a half at both ends.</summary>
    Half,

    /// <summary>The range was dropped.</summary>
    Dropped,
}

/// <summary>Suggested bouquets, best first.</summary>
/// <param name="Bouquets">Empty only when nothing lawful is on sale at any price.</param>
/// <param name="Widening">How far the price range was widened for it.</param>
public sealed record BestsellerAnswer(ImmutableArray<Bouquet> Bouquets, PriceWidening Widening);

/// <summary>
/// The bestsellers of a category for one customer. Season, dislikes, hazards and exclusions are laws; the price range
/// is a wish, widened step by step only while nothing is found.
/// </summary>
public static class Bestsellers
{
    /// <summary>The same catalogue and query always give the same answer.</summary>
    public static BestsellerAnswer For(ICatalogue catalogue, BestsellerQuery query)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.CountMax, 1);
        ImmutableArray<Bouquet> lawful = [.. catalogue.Bouquets
            .Where(bouquet => IsLawful(bouquet, query))
            .OrderByDescending(bouquet => bouquet.Scores[query.Category])
            .ThenBy(bouquet => bouquet.Id.Value, StringComparer.Ordinal)];
        foreach (PriceWidening widening in Enum.GetValues<PriceWidening>())
        {
            ImmutableArray<Bouquet> found = [.. lawful
                .Where(bouquet => IsInRange(bouquet.Prices[query.Currency], query, widening))
                .Take(query.CountMax)];
            if (!found.IsEmpty)
            {
                return new(found, widening);
            }
        }

        return new([], PriceWidening.Dropped);
    }

    private static bool IsLawful(Bouquet bouquet, BestsellerQuery query) =>
        bouquet.Scores.ContainsKey(query.Category)
        && bouquet.Prices.ContainsKey(query.Currency)
        && bouquet.Months.Contains(query.DeliveryOn.Month)
        && !query.Excluded.Contains(bouquet.Id)
        && Tastes.BouquetSuits(bouquet, query.DislikedStems, query.DislikedColours, query.AvoidedHazards);

    // In quarters of the wish, so that the comparison stays exact: 25% less is 3 quarters, 25% more is 5.
    private static bool IsInRange(long priceMinor, BestsellerQuery query, PriceWidening widening) => widening switch
    {
        PriceWidening.None => IsBetween(priceMinor, query, 4, 4),
        PriceWidening.Quarter => IsBetween(priceMinor, query, 3, 5),
        PriceWidening.Half => IsBetween(priceMinor, query, 2, 6),
        PriceWidening.Dropped => true,
        _ => throw new ArgumentOutOfRangeException(nameof(widening), widening, "an unknown widening"),
    };

    private static bool IsBetween(long priceMinor, BestsellerQuery query, int lowQuarters, int highQuarters)
    {
        Int128 price = (Int128)priceMinor * 4;
        return (query.PriceMinorFrom is not { } low || price >= (Int128)low * lowQuarters)
            && (query.PriceMinorUpTo is not { } high || price <= (Int128)high * highQuarters);
    }
}
