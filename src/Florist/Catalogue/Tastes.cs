using System.Collections.Immutable;

namespace Florist.Catalogue;

/// <summary>
/// What the words of a customer's or recipient's preferences mean in the catalogue. They are lower-case words joined by
/// hyphens, as <c>white-iris</c>, <c>lily</c>, <c>soft-pink</c> and <c>pollen</c>.
/// </summary>
public static class Tastes
{
    /// <summary>True when the word names the stem: by its id, or by its kind in any colour.</summary>
    public static bool Names(string word, Stem stem) => Same(word, stem.Id.Value) || Same(word, stem.Kind);

    /// <summary>True when the word names the colour or a shade of it: <c>soft-pink</c> is a pink.</summary>
    public static bool Names(string word, FlowerColour colour)
    {
        string name = colour.ToString();
        return Same(word, name) || word.EndsWith($"-{name}", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// The hazards to keep out of a home, from what its people are allergic to and which pets live there.
    /// </summary>
    /// <param name="allergies">Words; one that names no hazard may name a stem, see <see cref="BouquetSuits"/>.</param>
    /// <param name="hasCats">Cats live there: no true lilies.</param>
    /// <param name="hasDogs">Dogs live there: nothing that is poisonous to them.</param>
    public static ImmutableArray<Hazard> HazardsFor(IEnumerable<string> allergies, bool hasCats, bool hasDogs)
    {
        ImmutableSortedSet<Hazard>.Builder hazards = ImmutableSortedSet.CreateBuilder<Hazard>();
        foreach (string allergy in allergies)
        {
            if (HazardOf(allergy) is { } hazard)
            {
                hazards.Add(hazard);
            }
        }

        if (hasCats)
        {
            hazards.Add(Hazard.TrueLily);
        }

        if (hasDogs)
        {
            hazards.Add(Hazard.ToxicToDogs);
        }

        return [.. hazards];
    }

    /// <summary>True when the bouquet has none of the stems, colours and hazards.</summary>
    /// <param name="bouquet">The bouquet.</param>
    /// <param name="dislikedStems">Words for stems; allergies may stand among them.</param>
    /// <param name="dislikedColours">Words for colours.</param>
    /// <param name="avoidedHazards">As from <see cref="HazardsFor"/>.</param>
    public static bool BouquetSuits(
        Bouquet bouquet,
        ImmutableArray<string> dislikedStems,
        ImmutableArray<string> dislikedColours,
        ImmutableArray<Hazard> avoidedHazards) =>
        !avoidedHazards.Any(bouquet.Hazards.Contains)
        && !dislikedColours.Any(word => bouquet.Colours.Any(colour => Names(word, colour)))
        && !dislikedStems.Any(word => bouquet.Stems.Any(used => Names(word, used.Stem)));

    private static Hazard? HazardOf(string allergy) => allergy.ToLowerInvariant() switch
    {
        "pollen" or "hay-fever" => Hazard.Pollen,
        "nut" or "nuts" => Hazard.Nuts,
        "scent" or "strong-scent" or "fragrance" => Hazard.StrongScent,
        "true-lily" => Hazard.TrueLily,
        _ => null,
    };

    private static bool Same(string word, string name) =>
        string.Equals(word, name, StringComparison.OrdinalIgnoreCase);
}
