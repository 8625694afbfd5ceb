using Florist.Catalogue;

namespace Florist.Tests.Catalogue;

public class DemoCatalogueTests
{
    private static readonly ICatalogue Demo = DemoCatalogue.Value;

    [Fact]
    public void At_least_forty_bouquets_are_on_sale()
    {
        Assert.InRange(Demo.Bouquets.Length, 40, 60);
    }

    [Fact]
    public void Every_stem_is_used_by_a_bouquet()
    {
        HashSet<StemId> used = [.. Demo.Bouquets.SelectMany(bouquet => bouquet.Stems).Select(part => part.Stem.Id)];

        Assert.Empty(Demo.Stems.Where(stem => !used.Contains(stem.Id)));
    }

    [Theory]
    [InlineData(OccasionCategory.Valentines, 2)]
    [InlineData(OccasionCategory.WomensDay, 3)]
    [InlineData(OccasionCategory.MothersDay, 3)]
    [InlineData(OccasionCategory.MothersDay, 5)]
    [InlineData(OccasionCategory.Easter, 3)]
    [InlineData(OccasionCategory.Easter, 4)]
    [InlineData(OccasionCategory.FathersDay, 6)]
    [InlineData(OccasionCategory.Christmas, 12)]
    public void A_feast_has_a_choice_of_bouquets_in_its_month(OccasionCategory category, int month)
    {
        Assert.True(Choice(category, month).Count() >= 3);
    }

    [Fact]
    public void What_can_happen_in_any_month_has_a_choice_in_every_month_also_for_homes_with_cats_and_dogs()
    {
        foreach (OccasionCategory category in new[]
        {
            OccasionCategory.Birthday, OccasionCategory.Anniversary, OccasionCategory.NewBaby, OccasionCategory.GetWell,
            OccasionCategory.ThankYou, OccasionCategory.Congratulations, OccasionCategory.JustBecause,
            OccasionCategory.Sympathy,
        })
        {
            for (int month = 1; month <= 12; month++)
            {
                Assert.Contains(
                    Choice(category, month),
                    bouquet => !bouquet.Hazards.Contains(Hazard.TrueLily)
                        && !bouquet.Hazards.Contains(Hazard.ToxicToDogs));
            }
        }
    }

    [Fact]
    public void Bouquets_with_true_lilies_say_so_in_both_languages_and_others_that_claim_to_be_safe_are()
    {
        foreach (Bouquet bouquet in Demo.Bouquets)
        {
            bool warnsOfCats = bouquet.Descriptions["en"].Contains("Not for homes with cats", StringComparison.Ordinal)
                || bouquet.Descriptions["en"].Contains("not for homes with cats", StringComparison.Ordinal);
            Assert.Equal(bouquet.Hazards.Contains(Hazard.TrueLily), warnsOfCats);
            if (bouquet.Descriptions["en"].Contains("cats and dogs", StringComparison.Ordinal)
                || bouquet.Descriptions["en"].Contains("cats or dogs", StringComparison.Ordinal))
            {
                Assert.DoesNotContain(Hazard.TrueLily, bouquet.Hazards);
                Assert.DoesNotContain(Hazard.ToxicToDogs, bouquet.Hazards);
            }
        }
    }

    [Fact]
    public void Sympathy_bouquets_are_ranked_and_ranks_are_a_permutation()
    {
        Assert.Equal(
            Enumerable.Range(1, Demo.Bouquets.Length),
            Demo.Bouquets.Select(bouquet => bouquet.BestsellerRank).Order());
    }

    [Theory]
    [InlineData("de-AT", "Zwölf rote Rosen")]
    [InlineData("de", "Zwölf rote Rosen")]
    [InlineData("en-GB", "A Dozen Red Roses")]
    [InlineData("fr-FR", "A Dozen Red Roses")]
    [InlineData("", "A Dozen Red Roses")]
    public void Titles_are_read_in_the_nearest_language(string languageCode, string title)
    {
        Bouquet? roses = Demo.Find(new BouquetId("dozen-red-roses"));

        Assert.Equal(title, roses?.TitleIn(languageCode));
    }

    private static IEnumerable<Bouquet> Choice(OccasionCategory category, int month) => Demo.Bouquets
        .Where(bouquet => bouquet.Scores.ContainsKey(category) && bouquet.Months.Contains(month));
}
