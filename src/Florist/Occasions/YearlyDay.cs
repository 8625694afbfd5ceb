using System.Text.Json.Serialization;

namespace Florist.Occasions;

/// <summary>A civil day that comes back: what day that is in a given year, <see cref="Occurrences"/> tells.</summary>
[JsonDerivedType(typeof(FixedDay), "fixed")]
[JsonDerivedType(typeof(WeekdayOfMonth), "weekday")]
[JsonDerivedType(typeof(EasterDay), "easter")]
[JsonDerivedType(typeof(HolidayDay), "holiday")]
public abstract record YearlyDay;

/// <summary>The same month and day every year.</summary>
public sealed record FixedDay : YearlyDay
{
    /// <summary>1 to 12.</summary>
    public int Month { get; init; } = 1;

    /// <summary>1 to the length of the month in a leap year.</summary>
    public int Day { get; init; } = 1;

    /// <summary>When 29 February is kept in common years; says nothing about other days.</summary>
    public LeapPolicy LeapPolicy { get; init; }
}

/// <summary>When 29 February is kept in years that have none (the words of RFC 7529).</summary>
public enum LeapPolicy
{
    /// <summary>On 28 February.</summary>
    Backward,

    /// <summary>On 1 March.</summary>
    Forward,

    /// <summary>Not at all.</summary>
    Omit,
}

/// <summary>A weekday of a month, as the second Sunday of May.</summary>
public sealed record WeekdayOfMonth : YearlyDay
{
    /// <summary>Stands for the last one of the month.</summary>
    public const int Last = -1;

    /// <summary>1 to 12.</summary>
    public int Month { get; init; } = 1;

    /// <summary>The weekday.</summary>
    public DayOfWeek Weekday { get; init; }

    /// <summary>
    /// Which one: 1 to 4, or <see cref="Last"/>. A fifth does not come every year, so it cannot be named.
    /// </summary>
    public int Ordinal { get; init; } = 1;
}

/// <summary>A number of days from Easter Sunday as the western churches count it.</summary>
public sealed record EasterDay : YearlyDay
{
    /// <summary>Furthest offset in either direction: from Septuagesima Sunday to beyond Corpus Christi.</summary>
    public const int OffsetDaysMax = 63;

    /// <summary>Negative before Easter, 0 for Easter Sunday; within <see cref="OffsetDaysMax"/>.</summary>
    public int OffsetDays { get; init; }
}

/// <summary>A holiday on the day that a country keeps it. The calendar of the recipient's country decides.</summary>
public sealed record HolidayDay : YearlyDay
{
    /// <summary>Which holiday.</summary>
    public Holiday Holiday { get; init; }

    /// <summary>CLDR region code of a country that <see cref="Holidays"/> knows.</summary>
    public string Country { get; init; } = "";
}

/// <summary>Holidays on which flowers are given.</summary>
public enum Holiday
{
    /// <summary>Mother's Day; Mothering Sunday in the United Kingdom and Ireland.</summary>
    MothersDay,

    /// <summary>Father's Day.</summary>
    FathersDay,

    /// <summary>Valentine's Day.</summary>
    ValentinesDay,

    /// <summary>International Women's Day.</summary>
    WomensDay,

    /// <summary>Easter Sunday.</summary>
    EasterSunday,

    /// <summary>Christmas Day.</summary>
    ChristmasDay,
}
