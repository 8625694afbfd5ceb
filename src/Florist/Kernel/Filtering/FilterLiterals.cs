using System.Globalization;
using System.Text.RegularExpressions;

namespace Florist.Kernel;

/// <summary>Reads literals into values of a field's type, exactly or not at all.</summary>
internal static partial class FilterLiterals
{
    // The range of google.protobuf.Duration: about 10,000 years.
    private const decimal DurationSecondsMax = 315_576_000_000m;

    // A decimal holds 28 digits without rounding.
    private const int DecimalDigitsMax = 28;

    /// <summary>The value; null when the text is no literal of the field's type. Not for texts.</summary>
    public static FilterValue? Read(FilterField field, string text) => field.Type switch
    {
        FilterFieldType.Integer => Integer(text),
        FilterFieldType.Decimal => Decimal(text, field.FractionDigits),
        FilterFieldType.Money => Money(text, field.FractionDigits),
        FilterFieldType.Date => Date(text),
        FilterFieldType.Timestamp => Timestamp(text),
        FilterFieldType.Duration => Duration(text),
        FilterFieldType.Boolean => Boolean(text),
        FilterFieldType.Enum => field.EnumValues.Contains(text) ? new FilterValue.Enum(text) : null,
        _ => throw new ArgumentOutOfRangeException(nameof(field), field.Type, null),
    };

    /// <summary>What the field takes, for the text of a fault.</summary>
    public static string Describe(FilterField field) => field.Type switch
    {
        FilterFieldType.Integer => "a whole number of 64 bits, without quotes",
        FilterFieldType.Decimal => $"a number with at most {field.FractionDigits} decimals, without quotes or exponent",
        FilterFieldType.Money => $"an amount with at most {field.FractionDigits} decimals, without quotes or currency",
        FilterFieldType.Date => "a day as YYYY-MM-DD",
        FilterFieldType.Timestamp => "a time of RFC 3339 with offset, as 2026-02-14T09:30:00Z, with at most 7 decimals",
        FilterFieldType.Duration => "seconds followed by s, as 20s or 1.5s, with at most 7 decimals",
        FilterFieldType.Boolean => "true or false, without quotes",
        FilterFieldType.Enum => $"one of {string.Join(", ", field.EnumValues)}",
        _ => throw new ArgumentOutOfRangeException(nameof(field), field.Type, null),
    };

    private static FilterValue.Integer? Integer(string text)
    {
        return Number().Match(text) is { Success: true } match && !match.Groups["fraction"].Success
            && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            ? new(value)
            : null;
    }

    private static FilterValue.Decimal? Decimal(string text, int fractionDigits) =>
        Exact(text, fractionDigits) is { } value ? new(value) : null;

    private static FilterValue.Money? Money(string text, int fractionDigits)
    {
        if (Exact(text, fractionDigits) is not { } amount)
        {
            return null;
        }

        // An amount beyond 64 bits of minor units is out of range, not rounded; a decimal of 28 digits times 10^2 fits.
        decimal minor = amount;
        for (int digit = 0; digit < fractionDigits; digit++)
        {
            if (Math.Abs(minor) > long.MaxValue)
            {
                return null;
            }

            minor *= 10;
        }

        return minor is >= long.MinValue and <= long.MaxValue ? new((long)minor) : null;
    }

    private static FilterValue.Date? Date(string text)
    {
        return DateOnly.TryParseExact(
            text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)
            ? new(day)
            : null;
    }

    private static FilterValue.Timestamp? Timestamp(string text)
    {
        if (Instant().Match(text) is not { Success: true } match
            || !DateTime.TryParseExact(
                match.Groups["day"].Value + match.Groups["clock"].Value,
                "yyyy-MM-ddHH:mm:ss",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out DateTime civil))
        {
            return null;
        }

        long offset = 0;
        if (match.Groups["sign"].Success)
        {
            int hours = int.Parse(match.Groups["hours"].ValueSpan, CultureInfo.InvariantCulture);
            int minutes = int.Parse(match.Groups["minutes"].ValueSpan, CultureInfo.InvariantCulture);
            offset = (hours * TimeSpan.TicksPerHour) + (minutes * TimeSpan.TicksPerMinute);
            offset = match.Groups["sign"].ValueSpan is "-" ? -offset : offset;
        }

        long fraction = long.Parse(match.Groups["fraction"].Value.PadRight(7, '0'), CultureInfo.InvariantCulture);
        long ticks = civil.Ticks + fraction - offset;
        return ticks >= DateTime.MinValue.Ticks && ticks <= DateTime.MaxValue.Ticks
            ? new(new DateTimeOffset(ticks, TimeSpan.Zero))
            : null;
    }

    private static FilterValue.Duration? Duration(string text)
    {
        return text is [.. var seconds, 's'] && Exact(seconds, fractionDigits: 7) is { } value
            && Math.Abs(value) <= DurationSecondsMax
            ? new(TimeSpan.FromTicks((long)(value * TimeSpan.TicksPerSecond)))
            : null;
    }

    private static FilterValue.Boolean? Boolean(string text) => text switch
    {
        "true" => new(true),
        "false" => new(false),
        _ => null,
    };

    private static decimal? Exact(string text, int fractionDigits)
    {
        Match match = Number().Match(text);
        int whole = match.Groups["whole"].Length;
        int fraction = match.Groups["fraction"].Length;
        return match.Success && fraction <= fractionDigits && whole + fraction <= DecimalDigitsMax
            ? decimal.Parse(text, NumberStyles.Number, CultureInfo.InvariantCulture)
            : null;
    }

    [GeneratedRegex(@"^-?(?<whole>[0-9]+)(\.(?<fraction>[0-9]+))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex(
        @"^(?<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt](?<clock>[0-9]{2}:[0-9]{2}:[0-9]{2})(\.(?<fraction>[0-9]{1,7})0{0,2})?"
        + @"([Zz]|(?<sign>[+-])(?<hours>[01][0-9]|2[0-3]):(?<minutes>[0-5][0-9]))\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Instant();
}
