using System.Collections.Immutable;
using Florist.Kernel;

namespace Florist.Customers;

/// <summary>What may be done to a customer, decided from the state alone.</summary>
internal static class CustomerRules
{
    private static readonly DateOnly BirthDateMin = new(1900, 1, 1);

    public static Outcome<CustomerChange> Create(
        CustomerRecord record, CreateCustomer command, CustomerId id, DateTimeOffset now)
    {
        // Purged ones too: orders and messages still carry the id, and it must not come to mean somebody else.
        if (record.CreatedAt is not null)
        {
            return Fault.Exists(id.Name);
        }

        CustomerProfile profile = WithDefaults(command.Profile);
        return Mistake(profile, ProfilePaths.All, now) is { } fault ? fault : new ProfileSet(profile);
    }

    public static Outcome<CustomerChange> Update(
        CustomerRecord record, UpdateCustomer command, CustomerId id, DateTimeOffset now)
    {
        if (Obstacle(record, id) is { } obstacle)
        {
            return obstacle;
        }

        if (!Etags.Matches(command.Etag, record.Revision))
        {
            return Fault.Stale(id.Name);
        }

        CustomerProfile profile = WithDefaults(ProfilePaths.Merge(record.Profile, command.Values, command.Paths));
        return Mistake(profile, command.Paths, now) is { } fault ? fault : new ProfileSet(profile);
    }

    public static Outcome<CustomerChange> Delete(
        CustomerRecord record, DeleteCustomer command, CustomerId id, DateTimeOffset now, TimeSpan purgeAfter)
    {
        if (!record.Exists || record.DeletedAt is not null)
        {
            return Fault.NotFound(id.Name);
        }

        return Etags.Matches(command.Etag, record.Revision)
            ? new CustomerDeleted(now + purgeAfter)
            : Fault.Stale(id.Name);
    }

    public static Outcome<CustomerChange> Undelete(CustomerRecord record, UndeleteCustomer command, CustomerId id)
    {
        if (!record.Exists)
        {
            return Fault.NotFound(id.Name);
        }

        if (record.DeletedAt is null)
        {
            return Fault.Exists(id.Name);
        }

        return Etags.Matches(command.Etag, record.Revision) ? new CustomerUndeleted() : Fault.Stale(id.Name);
    }

    /// <summary>True when a deleted customer's data must go.</summary>
    public static bool IsPurgeDue(CustomerRecord record, DateTimeOffset now) =>
        record.Exists && record.PurgeAt is { } at && at <= now;

    /// <summary>Why nothing of this customer can be changed; null when it can.</summary>
    public static Fault? Obstacle(CustomerRecord record, CustomerId id) => record switch
    {
        { Exists: false } => Fault.NotFound(id.Name),
        { DeletedAt: not null } => Fault.Refused("CUSTOMER_DELETED", $"{id.Name} is deleted; undelete it first")
            .With("name", id.Name),
        _ => null,
    };

    /// <summary>The profile with country, language and zone filled in where they are empty.</summary>
    public static CustomerProfile WithDefaults(CustomerProfile profile)
    {
        string country = profile.Country is { Length: > 0 } told
            ? told
            : profile.Address?.RegionCode ?? CountryDefaults.Country;
        return profile with
        {
            Country = country,
            LanguageCode = Or(profile.LanguageCode, CountryDefaults.LanguageOf(country)),
            TimeZone = Or(profile.TimeZone, CountryDefaults.ZoneOf(country)),
        };
    }

    /// <summary>Records whatever is both liked and disliked.</summary>
    public static void CheckTastes(
        FieldChecks checks, string field, ImmutableArray<string> liked, ImmutableArray<string> disliked)
    {
        foreach (string both in liked.Intersect(disliked))
        {
            checks.Add(field, "LIKED_AND_DISLIKED", $"{both} is both liked and disliked");
        }
    }

    // Only what the paths touch: an imported customer without a name can still get an e-mail address.
    private static Fault? Mistake(CustomerProfile profile, ImmutableArray<string> paths, DateTimeOffset now)
    {
        FieldChecks checks = new();
        if (paths.Contains("given_name") || paths.Contains("family_name"))
        {
            checks.That(
                profile.GivenName.Length + profile.FamilyName.Length > 0,
                "customer.given_name", "REQUIRED", "is required when there is no family name");
        }

        if (profile.BirthDate is { } born && paths.Contains("birth_date"))
        {
            checks.That(
                born >= BirthDateMin && born <= Zones.Day(now, profile.TimeZone),
                "customer.birth_date", "BIRTH_DATE_INVALID", "is before 1900, or in the future");
        }

        if (paths.Any(path => path.StartsWith("preferences", StringComparison.Ordinal)))
        {
            Preferences tastes = profile.Preferences;
            CheckTastes(checks, "customer.preferences.disliked_stems", tastes.LikedStems, tastes.DislikedStems);
            CheckTastes(checks, "customer.preferences.disliked_colors", tastes.LikedColours, tastes.DislikedColours);
        }

        return checks.Fault;
    }

    private static string Or(string told, string otherwise) => told.Length > 0 ? told : otherwise;
}
