using System.Collections.Immutable;
using Florist.Catalogue;

namespace Florist.Tests.Catalogue;

public sealed class BouquetSearchTests
{
    private static readonly ImmutableArray<Bouquet> All = DemoCatalogue.Value.Bouquets;

    [Fact]
    public void A_title_that_is_the_whole_query_comes_first_and_a_title_before_a_stem()
    {
        ImmutableArray<Bouquet> found = Find("a dozen RED roses");
        ImmutableArray<Bouquet> roses = Find("rose");

        Assert.Equal("dozen-red-roses", found[0].Id.Value);
        int lastTitle = roses.ToList().FindLastIndex(HasRoseInTitle);
        int firstOther = roses.ToList().FindIndex(bouquet => !HasRoseInTitle(bouquet));
        Assert.True(firstOther > lastTitle, $"the first without it in its title is {firstOther}, the last with {lastTitle}");
    }

    [Theory]
    [InlineData("ROSÉN", "rosen")]
    [InlineData("weiße  Rose", "weisse,rose")]
    [InlineData("  ", "")]
    [InlineData("mum's", "mum,s")]
    public void Words_are_compared_without_case_and_accents(string text, string words) =>
        Assert.Equal(words, string.Join(',', BouquetSearch.WordsOf(text)));

    [Fact]
    public void Every_word_has_to_be_found_somewhere()
    {
        Assert.NotEmpty(Find("birthday rose"));
        Assert.Empty(Find("birthday helicopter"));
        Assert.All(Find("birthday rose"), bouquet => Assert.Contains(OccasionCategory.Birthday, bouquet.Categories));
    }

    [Fact]
    public void A_german_customer_finds_by_german_words()
    {
        Assert.NotEmpty(Find("Rosen"));
        Assert.Equal(Find("weiße"), Find("weisse"));
    }

    [Fact]
    public void Browsing_is_ordered_by_the_sales_for_the_occasion()
    {
        ImmutableArray<Bouquet> found =
            BouquetSearch.Find(All, new BouquetQuery { Categories = [OccasionCategory.Birthday] });

        Assert.Equal(found.OrderByDescending(bouquet => bouquet.Scores[OccasionCategory.Birthday])
            .ThenBy(bouquet => bouquet.BestsellerRank).Select(bouquet => bouquet.Id), found.Select(bouquet => bouquet.Id));
        Assert.Equal(All.OrderBy(bouquet => bouquet.BestsellerRank), BouquetSearch.Find(All, new BouquetQuery()));
    }

    [Fact]
    public void Colours_prices_months_and_stock_restrict_together()
    {
        BouquetQuery query = new()
        {
            Colours = [FlowerColour.Red, FlowerColour.Pink],
            Currency = "GBP",
            PriceMinorMin = 3000,
            PriceMinorMax = 4500,
            Month = 6,
        };

        ImmutableArray<Bouquet> found = BouquetSearch.Find(All, query);
        BouquetId one = found[0].Id;

        Assert.All(found, bouquet => Assert.True(
            bouquet.Prices["GBP"] is >= 3000 and <= 4500 && bouquet.Months.Contains(6)
            && (bouquet.Colours.Contains(FlowerColour.Red) || bouquet.Colours.Contains(FlowerColour.Pink))));
        Assert.Equal([one], BouquetSearch.Find(All, query with { Available = [one] }).Select(bouquet => bouquet.Id));
        Assert.Empty(BouquetSearch.Find(All, query with { Available = [] }));
        Assert.Empty(BouquetSearch.Find(All, query with { Currency = "JPY" }));
    }

    private static bool HasRoseInTitle(Bouquet bouquet) =>
        bouquet.Titles.Values.Any(title => BouquetSearch.WordsOf(title).Contains("rose"));

    private static ImmutableArray<Bouquet> Find(string text) =>
        BouquetSearch.Find(All, new BouquetQuery { Words = BouquetSearch.WordsOf(text) });
}
