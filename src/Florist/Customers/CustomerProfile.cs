using Florist.Kernel;

namespace Florist.Customers;

/// <summary>What a customer told about themselves and may change at any time.</summary>
public sealed record CustomerProfile
{
    /// <summary>Given name, at most 100 code points; empty when not known.</summary>
    public string GivenName { get; init; } = "";

    /// <summary>Family name, at most 100 code points; empty when not known.</summary>
    public string FamilyName { get; init; } = "";

    /// <summary>Canonical e-mail address; null when not known.</summary>
    public string? Email { get; init; }

    /// <summary>Mobile number in E.164; null when not known.</summary>
    public string? Mobile { get; init; }

    /// <summary>CLDR region code; in a command, empty takes that of the address, or GB.</summary>
    public string Country { get; init; } = "";

    /// <summary>BCP-47 tag; in a command, empty takes the language of the country.</summary>
    public string LanguageCode { get; init; } = "";

    /// <summary>IANA zone; in a command, empty takes the zone of the country.</summary>
    public string TimeZone { get; init; } = "";

    /// <summary>The customer's own address; null when not known.</summary>
    public PostalAddress? Address { get; init; }

    /// <summary>How to address the customer.</summary>
    public Formality Formality { get; init; }

    /// <summary>Day of birth; null when not told.</summary>
    public DateOnly? BirthDate { get; init; }

    /// <summary>Tastes, allergies, pets, channels and opt-ins.</summary>
    public Preferences Preferences { get; init; } = new();
}
