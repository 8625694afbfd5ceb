using System.Collections.Immutable;
using Florist.Catalogue;

namespace Florist.ShopFloor;

/// <summary>What has to be said to the home that flowers go to. Pure.</summary>
internal static class CareLines
{
    private const string German = "de";

    // In the order of what does the most harm. True lilies are named always, whoever acknowledged them.
    private static readonly (Hazard Hazard, string English, string German)[] Lines =
    [
        (Hazard.TrueLily,
            "True lilies: deadly to cats, pollen and vase water included. Keep cats away.",
            "Echte Lilien: tödlich für Katzen, auch Pollen und Vasenwasser. Von Katzen fernhalten."),
        (Hazard.ToxicToDogs,
            "Poisonous to dogs that chew the stems.",
            "Giftig für Hunde, die an den Stielen kauen."),
        (Hazard.Nuts,
            "Comes with food that contains nuts or traces of them.",
            "Dabei ist etwas zu essen, das Nüsse oder Spuren davon enthält."),
        (Hazard.Pollen,
            "Sheds pollen.",
            "Gibt Pollen ab."),
        (Hazard.StrongScent,
            "Smells strongly.",
            "Duftet stark."),
    ];

    /// <summary>One sentence for each hazard of what was ordered.</summary>
    /// <param name="bouquets">What was ordered.</param>
    /// <param name="languageCode">BCP-47; German or English.</param>
    public static ImmutableArray<string> Of(IEnumerable<Bouquet> bouquets, string languageCode)
    {
        ImmutableSortedSet<Hazard> hazards = [.. bouquets.SelectMany(bouquet => bouquet.Hazards)];
        bool inGerman = languageCode.Split('-')[0].Equals(German, StringComparison.OrdinalIgnoreCase);
        return [.. Lines.Where(line => hazards.Contains(line.Hazard))
            .Select(line => inGerman ? line.German : line.English)];
    }
}
