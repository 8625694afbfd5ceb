using System.Collections.Immutable;

namespace Florist.Customers;

/// <summary>
/// The paths of the <c>Recipient</c> message that an update may name, and what each of them carries over.
/// </summary>
internal static class RecipientPaths
{
    private static readonly ImmutableArray<(string Path, Func<Recipient, Recipient, Recipient> Set)> Setters =
    [
        ("given_name", (to, from) => to with { GivenName = from.GivenName }),
        ("family_name", (to, from) => to with { FamilyName = from.FamilyName }),
        ("relationship", (to, from) => to with { Relationship = from.Relationship }),
        ("address", (to, from) => to with { Address = from.Address }),
        ("phone", (to, from) => to with { Phone = from.Phone }),
        ("liked_stems", (to, from) => to with { LikedStems = from.LikedStems }),
        ("disliked_stems", (to, from) => to with { DislikedStems = from.DislikedStems }),
        ("liked_colors", (to, from) => to with { LikedColours = from.LikedColours }),
        ("disliked_colors", (to, from) => to with { DislikedColours = from.DislikedColours }),
        ("allergies", (to, from) => to with { Allergies = from.Allergies }),
        ("has_cats", (to, from) => to with { HasCats = from.HasCats }),
        ("has_dogs", (to, from) => to with { HasDogs = from.HasDogs }),
        ("announcement_allowed", (to, from) => to with { AnnouncementAllowed = from.AnnouncementAllowed }),
        ("deceased", (to, from) => to with { Deceased = from.Deceased }),
    ];

    /// <summary>All paths.</summary>
    public static ImmutableArray<string> All { get; } = [.. Setters.Select(setter => setter.Path)];

    /// <summary>The recipient with the fields of these paths taken from another.</summary>
    public static Recipient Merge(Recipient to, Recipient from, ImmutableArray<string> paths) =>
        Setters.Where(setter => paths.Contains(setter.Path))
            .Aggregate(to, (merged, setter) => setter.Set(merged, from));
}
