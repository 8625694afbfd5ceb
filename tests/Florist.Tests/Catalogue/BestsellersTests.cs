using System.Collections.Immutable;
using Florist.Catalogue;

namespace Florist.Tests.Catalogue;

public class BestsellersTests
{
    private static readonly ICatalogue Demo = DemoCatalogue.Value;

    private static readonly BestsellerQuery Valentine = new()
    {
        Category = OccasionCategory.Valentines,
        Currency = "GBP",
        DeliveryOn = new DateOnly(2027, 2, 14),
    };

    [Fact]
    public void The_best_of_the_category_come_first()
    {
        BestsellerAnswer answer = Bestsellers.For(Demo, Valentine);

        Assert.Equal(
            ["dozen-red-roses", "two-dozen-red-roses", "roses-and-truffles"],
            answer.Bouquets.Select(bouquet => bouquet.Id.Value));
        Assert.Equal(PriceWidening.None, answer.Widening);
    }

    [Fact]
    public void Excluded_disliked_and_hazardous_bouquets_are_never_suggested()
    {
        BestsellerAnswer answer = Bestsellers.For(Demo, Valentine with
        {
            Excluded = [new("dozen-red-roses")],
            AvoidedHazards = Tastes.HazardsFor(["nuts"], hasCats: true, hasDogs: false),
            CountMax = 10,
        });

        Assert.Equal(
            ["two-dozen-red-roses", "single-rose"], answer.Bouquets.Select(bouquet => bouquet.Id.Value));
    }

    [Theory]
    [InlineData("rose")]
    [InlineData("Rose")]
    public void A_disliked_kind_rules_out_every_colour_of_it(string word)
    {
        BestsellerAnswer answer = Bestsellers.For(Demo, Valentine with { DislikedStems = [word], CountMax = 100 });

        Assert.Empty(answer.Bouquets);
        Assert.Equal(PriceWidening.Dropped, answer.Widening);
    }

    [Fact]
    public void A_disliked_stem_leaves_its_other_colours()
    {
        BestsellerQuery birthday = Valentine with { Category = OccasionCategory.Birthday, CountMax = 100 };

        ImmutableArray<Bouquet> found = Bestsellers.For(Demo, birthday with { DislikedStems = ["blue-iris"] }).Bouquets;

        Assert.DoesNotContain(found, bouquet => bouquet.Id.Value == "blue-iris");
        Assert.True(found.Length < Bestsellers.For(Demo, birthday).Bouquets.Length);
    }

    [Fact]
    public void A_shade_of_a_disliked_colour_counts_as_the_colour()
    {
        ImmutableArray<Bouquet> found = Bestsellers
            .For(Demo, Valentine with { DislikedColours = ["dark-red"], CountMax = 100 }).Bouquets;

        Assert.Equal(["roses-and-truffles"], found.Select(bouquet => bouquet.Id.Value));
    }

    [Theory]
    [InlineData(4500, 4500, PriceWidening.None, "dozen-red-roses")]
    [InlineData(5000, 7000, PriceWidening.Quarter, "dozen-red-roses")]
    [InlineData(1700, 1800, PriceWidening.Quarter, "single-rose")]
    [InlineData(3000, 3000, PriceWidening.Half, "dozen-red-roses")]
    [InlineData(100, 200, PriceWidening.Dropped, "dozen-red-roses")]
    [InlineData(100000, null, PriceWidening.Dropped, "dozen-red-roses")]
    public void The_price_range_is_widened_only_until_something_is_found(
        int from, int? upTo, PriceWidening widening, string first)
    {
        BestsellerAnswer answer = Bestsellers.For(
            Demo, Valentine with { PriceMinorFrom = from, PriceMinorUpTo = upTo });

        Assert.Equal(widening, answer.Widening);
        Assert.Equal(first, answer.Bouquets[0].Id.Value);
    }

    [Fact]
    public void Whatever_is_asked_the_laws_hold_and_something_lawful_is_found_if_there_is_any()
    {
        Random random = new(20270214);
        ImmutableArray<string> kinds = [.. Demo.Stems.Select(stem => stem.Kind).Distinct()];
        for (int round = 0; round < 2000; round++)
        {
            BestsellerQuery query = new()
            {
                Category = random.GetItems(Enum.GetValues<OccasionCategory>(), 1)[0],
                Currency = random.Next(2) == 0 ? "GBP" : "EUR",
                DeliveryOn = new DateOnly(2027, 1, 1).AddDays(random.Next(365)),
                PriceMinorFrom = random.Next(2) == 0 ? null : random.Next(9000),
                PriceMinorUpTo = random.Next(2) == 0 ? null : random.Next(9000),
                DislikedStems = [.. random.GetItems(kinds.AsSpan(), random.Next(4))],
                DislikedColours = [.. random.GetItems(Enum.GetNames<FlowerColour>(), random.Next(2))],
                AvoidedHazards = [.. random.GetItems(Enum.GetValues<Hazard>(), random.Next(3))],
                Excluded = [.. random.GetItems(Demo.Bouquets.AsSpan(), 5).Select(bouquet => bouquet.Id)],
                CountMax = random.Next(1, 5),
            };

            BestsellerAnswer answer = Bestsellers.For(Demo, query);

            Assert.All(answer.Bouquets, bouquet => Assert.True(Lawful(bouquet, query)));
            Assert.Equal(Demo.Bouquets.Any(bouquet => Lawful(bouquet, query)), !answer.Bouquets.IsEmpty);
            Assert.True(answer.Bouquets.Length <= query.CountMax);
        }
    }

    // Said again here, and differently, so that a mistake in the rule is not repeated by its test.
    private static bool Lawful(Bouquet bouquet, BestsellerQuery query) =>
        bouquet.Categories.Contains(query.Category)
        && bouquet.Months.Contains(query.DeliveryOn.Month)
        && bouquet.Stems.All(used => !query.DislikedStems.Contains(used.Stem.Kind))
        && bouquet.Colours.All(colour => !query.DislikedColours.Contains(colour.ToString()))
        && !bouquet.Hazards.Overlaps(query.AvoidedHazards)
        && !query.Excluded.Contains(bouquet.Id);
}
