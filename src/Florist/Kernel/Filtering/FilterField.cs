using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Florist.Kernel;

/// <summary>What kind of value a filterable field holds; decides which operators and which literals fit it.</summary>
public enum FilterFieldType
{
    /// <summary>A text: all comparisons, by code point and with regard to case; wildcards with = and !=.</summary>
    Text,

    /// <summary>A set of texts: <c>:</c> only, for one exact member.</summary>
    TextSet,

    /// <summary>A whole number of 64 bits: all comparisons.</summary>
    Integer,

    /// <summary>An exact decimal number: all comparisons.</summary>
    Decimal,

    /// <summary>An amount in one currency, written in its main unit, kept in minor units: all comparisons.</summary>
    Money,

    /// <summary>A civil day, written <c>YYYY-MM-DD</c>: all comparisons.</summary>
    Date,

    /// <summary>An instant in RFC 3339 notation: all comparisons.</summary>
    Timestamp,

    /// <summary>A length of time in seconds, such as <c>20s</c> or <c>1.5s</c>: all comparisons.</summary>
    Duration,

    /// <summary><c>true</c> or <c>false</c>: = and != only.</summary>
    Boolean,

    /// <summary>One of the declared names: = and != only.</summary>
    Enum,
}

/// <summary>A field that a filter may name. Made by the factory of its type.</summary>
public sealed partial record FilterField
{
    /// <summary>Most digits behind the point that a decimal field can have.</summary>
    public const int FractionDigitsMax = 18;

    private FilterField(string path, FilterFieldType type)
    {
        if (!IsPath(path))
        {
            throw new ArgumentException($"'{path}' is not a path of lower-snake-case names", nameof(path));
        }

        Path = path;
        Type = type;
    }

    /// <summary>The path from the resource down, as <c>state</c> or <c>shipping_address.postal_code</c>.</summary>
    public string Path { get; }

    /// <summary>The kind of value.</summary>
    public FilterFieldType Type { get; }

    /// <summary>The lawful names of an enum field; empty for every other type.</summary>
    public ImmutableArray<string> EnumValues { get; private init; } = [];

    /// <summary>The most digits behind the point of a decimal or money field; 0 for every other type.</summary>
    public int FractionDigits { get; private init; }

    /// <summary>A text field.</summary>
    public static FilterField Text(string path) => new(path, FilterFieldType.Text);

    /// <summary>A field that holds a set of texts.</summary>
    public static FilterField TextSet(string path) => new(path, FilterFieldType.TextSet);

    /// <summary>A whole number.</summary>
    public static FilterField Integer(string path) => new(path, FilterFieldType.Integer);

    /// <summary>A decimal number.</summary>
    /// <param name="path">See <see cref="Path"/>.</param>
    /// <param name="fractionDigits">0 to <see cref="FractionDigitsMax"/>; a literal with more is refused.</param>
    public static FilterField Decimal(string path, int fractionDigits) =>
        new(path, FilterFieldType.Decimal) { FractionDigits = Fraction(fractionDigits) };

    /// <summary>An amount of money, all of it in one currency.</summary>
    /// <param name="path">See <see cref="Path"/>.</param>
    /// <param name="fractionDigits">Digits of the currency's minor unit; a literal with more is refused.</param>
    public static FilterField Money(string path, int fractionDigits = 2) =>
        new(path, FilterFieldType.Money) { FractionDigits = Fraction(fractionDigits) };

    /// <summary>A civil day.</summary>
    public static FilterField Date(string path) => new(path, FilterFieldType.Date);

    /// <summary>An instant.</summary>
    public static FilterField Timestamp(string path) => new(path, FilterFieldType.Timestamp);

    /// <summary>A length of time.</summary>
    public static FilterField Duration(string path) => new(path, FilterFieldType.Duration);

    /// <summary>A yes or no.</summary>
    public static FilterField Boolean(string path) => new(path, FilterFieldType.Boolean);

    /// <summary>One of these names.</summary>
    public static FilterField Enum(string path, params ImmutableArray<string> values)
    {
        if (values.IsDefaultOrEmpty)
        {
            throw new ArgumentException("an enum field needs at least one value", nameof(values));
        }

        return new(path, FilterFieldType.Enum) { EnumValues = values };
    }

    /// <summary>Two fields are the same when path and type are.</summary>
    public bool Equals(FilterField? other) => other is not null && Path == other.Path && Type == other.Type;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Path, Type);

    internal static bool IsPath(string text) => PathPattern().IsMatch(text);

    private static int Fraction(int digits)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(digits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(digits, FractionDigitsMax);
        return digits;
    }

    [GeneratedRegex(@"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex PathPattern();
}
