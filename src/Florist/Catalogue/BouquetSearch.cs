using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Florist.Catalogue;

/// <summary>What somebody looks for in the catalogue. What is left out restricts nothing.</summary>
internal sealed record BouquetQuery
{
    /// <summary>Words, all of which have to be found; empty for browsing.</summary>
    public ImmutableArray<string> Words { get; init; } = [];

    /// <summary>For any of these.</summary>
    public ImmutableArray<OccasionCategory> Categories { get; init; } = [];

    /// <summary>With any of these.</summary>
    public ImmutableArray<FlowerColour> Colours { get; init; } = [];

    /// <summary>Currency of the prices.</summary>
    public string Currency { get; init; } = "GBP";

    /// <summary>Lowest price in minor units.</summary>
    public long? PriceMinorMin { get; init; }

    /// <summary>Highest price in minor units.</summary>
    public long? PriceMinorMax { get; init; }

    /// <summary>In season in this month, 1 to 12.</summary>
    public int? Month { get; init; }

    /// <summary>Only these.</summary>
    public ImmutableHashSet<BouquetId>? Available { get; init; }
}

/// <summary>
/// Finds bouquets by words and by what they are. Pure: the same catalogue and query give the same order. Relevance is
/// the sum, over the words, of the best place in which each is found: the title (100, as the beginning of a word 60), a
/// stem (50, 30), an occasion or colour (20, 12), the description (5, 3); a title that is the query is before
/// everything. Alike are ordered by their sales for the occasions asked for, then over all, then by id.
/// </summary>
internal static class BouquetSearch
{
    private const int WholeTitle = 10_000;

    /// <summary>The words of a text, as they are compared: lower case, without accents.</summary>
    public static ImmutableArray<string> WordsOf(string text)
    {
        StringBuilder plain = new(text.Length);
        string apart = text.Replace("ß", "ss", StringComparison.Ordinal).Normalize(NormalizationForm.FormD);
        foreach (Rune rune in apart.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)
            {
                plain.Append(Rune.IsLetterOrDigit(rune) ? Rune.ToLowerInvariant(rune).ToString() : " ");
            }
        }

        return [.. plain.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries)];
    }

    /// <summary>What fits the query, best first.</summary>
    public static ImmutableArray<Bouquet> Find(IEnumerable<Bouquet> bouquets, BouquetQuery query) => [.. bouquets
        .Where(bouquet => Fits(bouquet, query))
        .Select(bouquet => (Bouquet: bouquet, Relevance: Relevance(bouquet, query.Words)))
        .Where(found => found.Relevance >= 0)
        .OrderByDescending(found => found.Relevance)
        .ThenByDescending(found => SalesFor(found.Bouquet, query.Categories))
        .ThenBy(found => found.Bouquet.BestsellerRank)
        .ThenBy(found => found.Bouquet.Id.Value, StringComparer.Ordinal)
        .Select(found => found.Bouquet)];

    /// <summary>How relevant a bouquet is; less than 0 when a word is not found at all.</summary>
    public static int Relevance(Bouquet bouquet, ImmutableArray<string> words)
    {
        if (words.IsEmpty)
        {
            return 0;
        }

        ImmutableArray<(ImmutableArray<string> Words, int Whole, int Begin)> places = Places(bouquet);
        int sum = bouquet.Titles.Values.Any(title => WordsOf(title).SequenceEqual(words)) ? WholeTitle : 0;
        foreach (string word in words)
        {
            int best = places.Max(place => Score(place, word));
            if (best == 0)
            {
                return -1;
            }

            sum += best;
        }

        return sum;
    }

    private static bool Fits(Bouquet bouquet, BouquetQuery query) =>
        (query.Categories.IsEmpty || query.Categories.Any(bouquet.Scores.ContainsKey))
        && (query.Colours.IsEmpty || query.Colours.Any(bouquet.Colours.Contains))
        && (query.Month is not { } month || bouquet.Months.Contains(month))
        && (query.Available is null || query.Available.Contains(bouquet.Id))
        && FitsPrice(bouquet, query);

    private static bool FitsPrice(Bouquet bouquet, BouquetQuery query)
    {
        if (query.PriceMinorMin is null && query.PriceMinorMax is null)
        {
            return true;
        }

        return bouquet.Prices.TryGetValue(query.Currency, out long price)
            && price >= (query.PriceMinorMin ?? 0)
            && price <= (query.PriceMinorMax ?? long.MaxValue);
    }

    private static int SalesFor(Bouquet bouquet, ImmutableArray<OccasionCategory> categories) =>
        categories.Select(category => bouquet.Scores.GetValueOrDefault(category)).DefaultIfEmpty(0).Max();

    private static int Score((ImmutableArray<string> Words, int Whole, int Begin) place, string word) =>
        place.Words.Contains(word) ? place.Whole
        : place.Words.Any(one => one.StartsWith(word, StringComparison.Ordinal)) ? place.Begin
        : 0;

    private static ImmutableArray<(ImmutableArray<string> Words, int Whole, int Begin)> Places(Bouquet bouquet) =>
    [
        (Words(bouquet.Titles.Values), 100, 60),
        (Words(bouquet.Stems.SelectMany(part => part.Stem.Names.Values.Append(part.Stem.Kind))), 50, 30),
        (Words(bouquet.Categories.Select(OccasionCategories.NameOf).Concat(bouquet.Colours.Select(Word))), 20, 12),
        (Words(bouquet.Descriptions.Values), 5, 3),
    ];

    private static string Word(FlowerColour colour) => JsonNamingPolicy.SnakeCaseLower.ConvertName(colour.ToString());

    private static ImmutableArray<string> Words(IEnumerable<string> texts) =>
        [.. texts.SelectMany(text => WordsOf(text)).Distinct()];
}
