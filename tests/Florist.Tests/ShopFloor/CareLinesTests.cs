using Florist.Catalogue;
using Florist.ShopFloor;
using Florist.Tests.Catalogue;

namespace Florist.Tests.ShopFloor;

public sealed class CareLinesTests
{
    [Fact]
    public void Every_bouquet_with_true_lilies_warns_of_cats_first()
    {
        Bouquet[] lilies = [.. DemoCatalogue.Value.Bouquets.Where(one => one.Hazards.Contains(Hazard.TrueLily))];

        Assert.NotEmpty(lilies);
        Assert.All(lilies, bouquet => Assert.StartsWith(
            "True lilies: deadly to cats", CareLines.Of([bouquet], "en")[0], StringComparison.Ordinal));
    }

    [Fact]
    public void Every_hazard_has_a_line_of_its_own_once()
    {
        Bouquet all = DemoCatalogue.Value.Bouquets[0] with { Hazards = [.. Enum.GetValues<Hazard>()] };

        Assert.Equal(Enum.GetValues<Hazard>().Length, CareLines.Of([all, all], "en").Distinct().Count());
    }

    [Theory]
    [InlineData("de", "Gibt Pollen ab.")]
    [InlineData("de-AT", "Gibt Pollen ab.")]
    [InlineData("fr", "Sheds pollen.")]
    [InlineData("en", "Sheds pollen.")]
    public void The_lines_are_in_the_language_of_those_who_bind(string languageCode, string line)
    {
        Bouquet bouquet = DemoCatalogue.Value.Bouquets[0] with { Hazards = [Hazard.Pollen] };

        Assert.Equal([line], CareLines.Of([bouquet], languageCode));
    }
}
