using System.Text;
using Florist.Catalogue;

namespace Florist.Tests.Catalogue;

public class CatalogueFileTests
{
    private const string Smallest = """
        {
          "edition": "test",
          "stems": [
            { "id": "red-rose", "kind": "rose", "latinName": "Rosa", "names": { "en": "Red rose", "de": "Rote Rose" },
              "colours": ["red"] },
            { "id": "white-lily", "kind": "lily", "latinName": "Lilium candidum",
              "names": { "en": "White lily", "de": "Weiße Lilie" },
              "colours": ["white"], "hazards": ["true_lily", "pollen"] },
            { "id": "salal", "kind": "salal", "latinName": "Gaultheria shallon",
              "names": { "en": "Salal", "de": "Salal" }, "colours": ["green"], "foliage": true }
          ],
          "gifts": [
            { "id": "pralines", "names": { "en": "Pralines", "de": "Pralinen" }, "hazards": ["nuts"] }
          ],
          "bouquets": [
            {
              "id": "lilies-and-roses",
              "titles": { "en": "Lilies & Roses", "de": "Lilien & Rosen" },
              "descriptions": { "en": "Both.", "de": "Beides." },
              "stems": { "red-rose": 5, "white-lily": 3, "salal": 2 },
              "gifts": ["pralines"],
              "months": [6, 7],
              "scores": { "birthday": 500 },
              "prices": { "GBP": 3000, "EUR": 3500 },
              "vaseLifeDays": 7,
              "hoursWithoutWaterMax": 10
            }
          ]
        }
        """;

    [Fact]
    public void Hazards_and_colours_of_a_bouquet_come_from_its_stems_and_gifts_and_foliage_has_no_colour()
    {
        Bouquet bouquet = Assert.Single(Read(Smallest).Bouquets);

        Assert.Equal([Hazard.TrueLily, Hazard.Pollen, Hazard.Nuts], bouquet.Hazards);
        Assert.Equal([FlowerColour.White, FlowerColour.Red], bouquet.Colours);
    }

    [Theory]
    [InlineData("\"kind\": \"rose\",", "", "line 5, $.stems[0]")]
    [InlineData("\"colours\": [\"red\"]", "\"colours\": [\"crimson\"]", "line 5, $.stems[0].colours")]
    [InlineData("\"colours\": [\"red\"]", "\"colours\": []", "$.stems[0].colours: is empty")]
    [InlineData("\"months\": [6, 7]", "\"months\": [6, 13]", "$.bouquets[0].months: must be")]
    [InlineData("\"months\": [6, 7]", "\"months\": [6, 6]", "$.bouquets[0].months: must be")]
    [InlineData("\"months\": [6, 7]", "\"months\": []", "$.bouquets[0].months: must be")]
    [InlineData("\"months\": [6, 7]", "\"season\": [6, 7]", ", $.bouquets[0].season")]
    [InlineData("\"salal\": 2", "\"fern\": 2", "$.bouquets[0].stems.fern: is no stem")]
    [InlineData("\"salal\": 2", "\"salal\": 0", "$.bouquets[0].stems.salal: 0 must be")]
    [InlineData("\"salal\": 2", "\"red-rose\": 2", "$.bouquets[0].stems")]
    [InlineData("\"red-rose\": 5, \"white-lily\": 3, ", "", "$.bouquets[0].stems: has no blossom")]
    [InlineData("\"GBP\": 3000, ", "", "$.bouquets[0].prices.GBP: is missing")]
    [InlineData("\"EUR\": 3500", "\"EUR\": 0", "$.bouquets[0].prices.EUR: 0 must be")]
    [InlineData("\"EUR\": 3500", "\"EUR\": 3500, \"USD\": 4000", "$.bouquets[0].prices.USD: is no currency")]
    [InlineData("\"EUR\": 3500", "\"EUR\": 35.5", "$.bouquets[0].prices")]
    [InlineData("[\"pralines\"]", "[\"fudge\"]", "$.bouquets[0].gifts[0]: 'fudge' is no gift")]
    [InlineData(", \"de\": \"Lilien & Rosen\"", "", "$.bouquets[0].titles.de: is missing")]
    [InlineData("\"Lilien & Rosen\"", "\" Lilien\"", "$.bouquets[0].titles.de: must be a trimmed text")]
    [InlineData("\"birthday\": 500", "\"birthday\": 1001", "$.bouquets[0].scores: must be 1 to 1000")]
    [InlineData("\"birthday\": 500", "\"wedding\": 500", "$.bouquets[0].scores")]
    [InlineData("\"true_lily\", \"pollen\"", "\"pollen\"", "$.stems[1].hazards: true_lily must be said")]
    [InlineData("\"latinName\": \"Rosa\"", "\"latinName\": \"Hemerocallis fulva\"", "$.stems[0].hazards: true_lily")]
    [InlineData("\"id\": \"salal\"", "\"id\": \"red-rose\"", "$.stems[2].id: 'red-rose' stands there twice")]
    [InlineData("\"id\": \"lilies-and-roses\"", "\"id\": \"Lilies\"", "$.bouquets[0].id: 'Lilies' must match")]
    [InlineData("\"edition\": \"test\"", "\"edition\": null", "$.edition")]
    public void A_mistake_is_reported_with_its_place(string right, string wrong, string place)
    {
        Assert.Contains(right, Smallest, StringComparison.Ordinal);

        CatalogueException refused = Assert.Throws<CatalogueException>(
            () => Read(Smallest.Replace(right, wrong, StringComparison.Ordinal)));

        Assert.Contains(refused.Mistakes, mistake => mistake.Contains(place, StringComparison.Ordinal));
    }

    [Fact]
    public void All_mistakes_are_reported_at_once()
    {
        string twice = Smallest
            .Replace("\"vaseLifeDays\": 7", "\"vaseLifeDays\": 0", StringComparison.Ordinal)
            .Replace("\"GBP\": 3000", "\"GBP\": -1", StringComparison.Ordinal);

        Assert.Equal(2, Assert.Throws<CatalogueException>(() => Read(twice)).Mistakes.Length);
    }

    [Fact]
    public void A_file_that_cannot_be_read_stops_the_start_and_is_named()
    {
        CatalogueOptions options = new() { File = "/nowhere/catalogue.json" };

        string failure = Assert.Single(new CatalogueOptionsValidator().Validate(null, options).Failures ?? []);

        Assert.Contains("/nowhere/catalogue.json", failure, StringComparison.Ordinal);
    }

    private static CatalogueSnapshot Read(string json) =>
        CatalogueFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(json)));
}
