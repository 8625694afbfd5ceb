using System.Collections.Immutable;

namespace Florist.Customers;

/// <summary>
/// The paths of the <c>Customer</c> message that an update may name, and what each of them carries over.
/// </summary>
internal static class ProfilePaths
{
    private static readonly ImmutableArray<(string Path, Setter Set)> Setters =
    [
        ("given_name", (to, from) => to with { GivenName = from.GivenName }),
        ("family_name", (to, from) => to with { FamilyName = from.FamilyName }),
        ("email", (to, from) => to with { Email = from.Email }),
        ("mobile", (to, from) => to with { Mobile = from.Mobile }),
        ("region_code", (to, from) => to with { Country = from.Country }),
        ("language_code", (to, from) => to with { LanguageCode = from.LanguageCode }),
        ("time_zone", (to, from) => to with { TimeZone = from.TimeZone }),
        ("address", (to, from) => to with { Address = from.Address }),
        ("formality", (to, from) => to with { Formality = from.Formality }),
        ("birth_date", (to, from) => to with { BirthDate = from.BirthDate }),
        ("preferences", (to, from) => to with { Preferences = from.Preferences }),
        Preference("liked_stems", (to, from) => to with { LikedStems = from.LikedStems }),
        Preference("disliked_stems", (to, from) => to with { DislikedStems = from.DislikedStems }),
        Preference("liked_colors", (to, from) => to with { LikedColours = from.LikedColours }),
        Preference("disliked_colors", (to, from) => to with { DislikedColours = from.DislikedColours }),
        Preference("allergies", (to, from) => to with { Allergies = from.Allergies }),
        Preference("has_cats", (to, from) => to with { HasCats = from.HasCats }),
        Preference("has_dogs", (to, from) => to with { HasDogs = from.HasDogs }),
        Preference("price_range", (to, from) => to with { PriceRange = from.PriceRange }),
        Preference("channels", (to, from) => to with { Channels = from.Channels }),
        Preference("opt_ins", (to, from) => to with { OptIns = from.OptIns }),
    ];

    private delegate CustomerProfile Setter(CustomerProfile to, CustomerProfile from);

    /// <summary>All paths.</summary>
    public static ImmutableArray<string> All { get; } = [.. Setters.Select(setter => setter.Path)];

    /// <summary>True when an update of these paths may withdraw consent.</summary>
    public static bool MayWithdraw(ImmutableArray<string> paths) =>
        paths.Contains("preferences") || paths.Contains("preferences.opt_ins");

    /// <summary>The profile with the fields of these paths taken from another.</summary>
    public static CustomerProfile Merge(CustomerProfile to, CustomerProfile from, ImmutableArray<string> paths) =>
        Setters.Where(setter => paths.Contains(setter.Path))
            .Aggregate(to, (merged, setter) => setter.Set(merged, from));

    private static (string, Setter) Preference(string name, Func<Preferences, Preferences, Preferences> set) =>
        ($"preferences.{name}", (to, from) => to with { Preferences = set(to.Preferences, from.Preferences) });
}
