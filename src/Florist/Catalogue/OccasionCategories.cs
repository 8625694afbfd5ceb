using System.Collections.Frozen;
using System.Text.Json;

namespace Florist.Catalogue;

/// <summary>
/// The words for categories in events, filters and the data file: lower case with underscores, as <c>new_baby</c>.
/// </summary>
public static class OccasionCategories
{
    private static readonly FrozenDictionary<OccasionCategory, string> NameByCategory = Enum
        .GetValues<OccasionCategory>()
        .ToFrozenDictionary(
            category => category, category => JsonNamingPolicy.SnakeCaseLower.ConvertName(category.ToString()));

    private static readonly FrozenDictionary<string, OccasionCategory> CategoryByName =
        NameByCategory.ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

    /// <summary>The word for a category.</summary>
    public static string NameOf(OccasionCategory category) => NameByCategory[category];

    /// <summary>The category of a word; null for a word that names none, or for none.</summary>
    public static OccasionCategory? Find(string? name) =>
        name is not null && CategoryByName.TryGetValue(name, out OccasionCategory category) ? category : null;
}
