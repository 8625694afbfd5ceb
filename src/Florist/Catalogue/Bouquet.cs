using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Florist.Kernel;

namespace Florist.Catalogue;

/// <summary>Identifies a bouquet of the catalogue, as <c>garden-party</c>.</summary>
/// <param name="Value">Lower-case letters, digits and hyphens.</param>
public readonly record struct BouquetId(string Value) : IId<BouquetId>
{
    /// <inheritdoc/>
    public static BouquetId From(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>A bouquet as it is sold: its recipe, what it costs, when and for what it is given.</summary>
public sealed record Bouquet
{
    /// <summary>The language of texts that lack a translation.</summary>
    public const string LanguageDefault = "en";

    /// <summary>Its id; never reused for another bouquet.</summary>
    public required BouquetId Id { get; init; }

    /// <summary>Name by language (<c>en</c>, <c>de</c>); English is always there.</summary>
    public required ImmutableSortedDictionary<string, string> Titles { get; init; }

    /// <summary>One or two sentences by language; English is always there.</summary>
    public required ImmutableSortedDictionary<string, string> Descriptions { get; init; }

    /// <summary>The recipe; at least one stem.</summary>
    public required ImmutableArray<BouquetStem> Stems { get; init; }

    /// <summary>What comes with the flowers; usually nothing.</summary>
    public ImmutableArray<Gift> Gifts { get; init; } = [];

    /// <summary>Colours of its blossoms (foliage does not count).</summary>
    public required ImmutableSortedSet<FlowerColour> Colours { get; init; }

    /// <summary>Months, 1 to 12, in which it can be delivered.</summary>
    public required ImmutableSortedSet<int> Months { get; init; }

    /// <summary>
    /// How well it sells by what it is given for: 1 to 1000, more is better. Its keys are its categories.
    /// </summary>
    public required ImmutableSortedDictionary<OccasionCategory, int> Scores { get; init; }

    /// <summary>Price in minor units by ISO 4217 currency; GBP and EUR are always there. Tax included.</summary>
    public required ImmutableSortedDictionary<string, long> Prices { get; init; }

    /// <summary>All hazards of its stems and gifts.</summary>
    public required ImmutableSortedSet<Hazard> Hazards { get; init; }

    /// <summary>Days in a vase that the shop guarantees, from delivery.</summary>
    public required int VaseLifeDays { get; init; }

    /// <summary>Hours it survives out of water, which bounds repeated delivery attempts.</summary>
    public required int HoursWithoutWaterMax { get; init; }

    /// <summary>Place among all bouquets over all categories: 1 sells best. No two have the same.</summary>
    public required int BestsellerRank { get; init; }

    /// <summary>What it is given for.</summary>
    [JsonIgnore]
    public IEnumerable<OccasionCategory> Categories => Scores.Keys;

    /// <summary>
    /// Its name in the language nearest to a BCP-47 tag: <c>de-AT</c> reads <c>de</c>, the rest English.
    /// </summary>
    public string TitleIn(string languageCode) => In(Titles, languageCode);

    /// <summary>Its description in the language nearest to a BCP-47 tag, chosen as in <see cref="TitleIn"/>.</summary>
    public string DescriptionIn(string languageCode) => In(Descriptions, languageCode);

    /// <summary>Its price in a currency; null when it is not sold in that currency.</summary>
    public Money? PriceIn(string currency) =>
        Prices.TryGetValue(currency, out long minor) ? new Money(minor, currency) : null;

    private static string In(ImmutableSortedDictionary<string, string> texts, string languageCode) =>
        texts.GetValueOrDefault(languageCode.Split('-')[0].ToLowerInvariant()) ?? texts[LanguageDefault];
}

/// <summary>How many of a stem go into a bouquet.</summary>
/// <param name="Stem">The stem.</param>
/// <param name="Count">1 to 100.</param>
public sealed record BouquetStem(Stem Stem, int Count);

/// <summary>Something that is delivered with flowers.</summary>
public sealed record Gift
{
    /// <summary>Its id, as <c>hazelnut-pralines</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Name by language (<c>en</c>, <c>de</c>).</summary>
    public required ImmutableSortedDictionary<string, string> Names { get; init; }

    /// <summary>What it may do to whom; usually nothing.</summary>
    public ImmutableSortedSet<Hazard> Hazards { get; init; } = [];
}
