using System.Collections.Immutable;

namespace Florist.Kernel;

/// <summary>
/// A postal address, with the meaning of <c>google.type.PostalAddress</c>. An address is a value: it is replaced whole.
/// </summary>
public sealed record PostalAddress
{
    /// <summary>At most so many address lines.</summary>
    public const int LinesMax = 5;

    /// <summary>Longest address line or other text of an address, in code points.</summary>
    public const int TextLengthMax = 70;

    /// <summary>Longest postal or sorting code, in code points.</summary>
    public const int CodeLengthMax = 20;

    /// <summary>CLDR region code of the country, in upper case; decides what the other fields mean.</summary>
    public string RegionCode { get; init; } = "";

    /// <summary>Postal code; null where the country has none or it is not known.</summary>
    public string? PostalCode { get; init; }

    /// <summary>State, province, canton; null where addresses do without.</summary>
    public string? AdministrativeArea { get; init; }

    /// <summary>City or town; null when not known.</summary>
    public string? Locality { get; init; }

    /// <summary>District or suburb; null when addresses do without.</summary>
    public string? Sublocality { get; init; }

    /// <summary>Street, number, building, in the order of printing; at most <see cref="LinesMax"/>.</summary>
    public ImmutableArray<string> Lines { get; init; } = [];

    /// <summary>The firm or institution; null for a private address.</summary>
    public string? Organization { get; init; }

    /// <summary>Equal when every field and every line is.</summary>
    public bool Equals(PostalAddress? other) => other is not null
        && RegionCode == other.RegionCode && PostalCode == other.PostalCode
        && AdministrativeArea == other.AdministrativeArea && Locality == other.Locality
        && Sublocality == other.Sublocality && Organization == other.Organization
        && Lines.AsSpan().SequenceEqual(other.Lines.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(RegionCode, PostalCode, Locality, Lines.Length);

    /// <summary>Reads the message, collecting what is wrong under <paramref name="field"/>; null when absent.</summary>
    /// <param name="message">The message; null when the request left it out.</param>
    /// <param name="field">Path of the field in the request, as <c>customer.address</c>.</param>
    /// <param name="checks">Gains a fault for each wrong field.</param>
    public static PostalAddress? Read(Google.Type.PostalAddress? message, string field, FieldChecks checks)
    {
        if (message is null)
        {
            return null;
        }

        string lines = $"{field}.address_lines";
        checks.That(message.AddressLines.Count <= LinesMax, lines, "TOO_MANY", $"more than {LinesMax} lines");
        return new PostalAddress
        {
            RegionCode = Regions.Read(message.RegionCode, $"{field}.region_code", checks) ?? "",
            PostalCode = checks.OptionalText($"{field}.postal_code", message.PostalCode, CodeLengthMax),
            AdministrativeArea = Text("administrative_area", message.AdministrativeArea),
            Locality = Text("locality", message.Locality),
            Sublocality = Text("sublocality", message.Sublocality),
            Organization = Text("organization", message.Organization),
            Lines = [.. message.AddressLines.Take(LinesMax)
                .Select((line, i) => checks.OptionalText($"{lines}[{i}]", line, TextLengthMax))
                .OfType<string>()],
        };

        string? Text(string name, string value) => checks.OptionalText($"{field}.{name}", value, TextLengthMax);
    }

    /// <summary>The message.</summary>
    public Google.Type.PostalAddress ToProto()
    {
        Google.Type.PostalAddress message = new()
        {
            RegionCode = RegionCode,
            PostalCode = PostalCode ?? "",
            AdministrativeArea = AdministrativeArea ?? "",
            Locality = Locality ?? "",
            Sublocality = Sublocality ?? "",
            Organization = Organization ?? "",
        };
        message.AddressLines.AddRange(Lines);
        return message;
    }
}
