using System.Collections.Immutable;
using System.Text.Json;
using Florist.Kernel;

namespace Florist.Catalogue;

/// <summary>What bouquets can be filtered and ordered by: the fields that the contract of ListBouquets names.</summary>
internal static class BouquetListing
{
    public static readonly FilterSchema Filters = new(
        FilterField.TextSet("categories"),
        FilterField.TextSet("stems"),
        FilterField.TextSet("colors"),
        FilterField.TextSet("hazards"),
        FilterField.TextSet("months"),
        FilterField.Money("price_gbp"),
        FilterField.Money("price_eur"),
        FilterField.Integer("vase_life_days"),
        FilterField.Integer("bestseller_rank"));

    public static readonly OrderBySchema Orders =
        new("bestseller_rank", "price_gbp", "price_eur", "vase_life_days");

    public static readonly MemoryListing<Bouquet> Listing = new(Read, bouquet => bouquet.Id.Value);

    private static FilterValue? Read(Bouquet bouquet, string path) => path switch
    {
        "categories" => Set(bouquet.Categories.Select(OccasionCategories.NameOf)),
        "stems" => Set(bouquet.Stems.SelectMany(part => new[] { part.Stem.Id.Value, part.Stem.Kind }).Distinct()),
        "colors" => Set(bouquet.Colours.Select(Word)),
        "hazards" => Set(bouquet.Hazards.Select(Word)),
        "months" => Set(bouquet.Months.Select(month => ((Google.Type.Month)month).ToString().ToUpperInvariant())),
        "price_gbp" => Price(bouquet, "GBP"),
        "price_eur" => Price(bouquet, "EUR"),
        "vase_life_days" => new FilterValue.Integer(bouquet.VaseLifeDays),
        "bestseller_rank" => new FilterValue.Integer(bouquet.BestsellerRank),
        _ => throw new ArgumentOutOfRangeException(nameof(path), path, "a field that is not listed by"),
    };

    private static FilterValue.TextSet Set(IEnumerable<string> members) => new([.. members]);

    private static FilterValue.Money? Price(Bouquet bouquet, string currency) =>
        bouquet.PriceIn(currency) is { } price ? new FilterValue.Money(price.Minor) : null;

    private static string Word<TEnum>(TEnum value)
        where TEnum : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
