namespace Florist.Occasions;

/// <summary>The civil days on which a yearly day falls. No zone and no clock has a part in it.</summary>
internal static class Occurrences
{
    /// <summary>The last year that is looked at; behind it the calendar of the framework ends.</summary>
    public const int YearMax = 9998;

    /// <summary>
    /// The occurrence in a year; null when that year has none, as 29 February with <see cref="LeapPolicy.Omit"/>.
    /// </summary>
    public static DateOnly? InYear(YearlyDay day, int year) => day switch
    {
        FixedDay { Month: 2, Day: 29 } leap when !DateTime.IsLeapYear(year) => InCommonYear(leap.LeapPolicy, year),
        FixedDay same => new DateOnly(year, same.Month, same.Day),
        WeekdayOfMonth weekday => WeekdayIn(weekday, year),
        EasterDay easter => EasterSunday(year).AddDays(easter.OffsetDays),
        HolidayDay holiday => InYear(RuleOf(holiday), year),
        _ => throw new ArgumentOutOfRangeException(nameof(day), day, "a yearly day without a rule"),
    };

    /// <summary>
    /// The first occurrence on or after a day; null when none comes before <see cref="YearMax"/> ends.
    /// </summary>
    public static DateOnly? Next(YearlyDay day, DateOnly from) =>
        From(day, from.Year).Cast<DateOnly?>().FirstOrDefault(occurrence => occurrence >= from);

    /// <summary>All occurrences from a year on, in order.</summary>
    public static IEnumerable<DateOnly> From(YearlyDay day, int year)
    {
        for (int next = year; next <= YearMax; next++)
        {
            if (InYear(day, next) is { } occurrence)
            {
                yield return occurrence;
            }
        }
    }

    /// <summary>Easter Sunday of the western churches, by the computus of Meeus, Jones and Butcher.</summary>
    public static DateOnly EasterSunday(int year)
    {
        int golden = year % 19;
        int century = year / 100;
        int yearOfCentury = year % 100;
        int lunarCorrection = (century - ((century + 8) / 25) + 1) / 3;
        int fullMoon = ((19 * golden) + century - (century / 4) - lunarCorrection + 15) % 30;
        int weekday = (32 + (2 * (century % 4)) + (2 * (yearOfCentury / 4)) - fullMoon - (yearOfCentury % 4)) % 7;
        int late = (golden + (11 * fullMoon) + (22 * weekday)) / 451;
        int dayOfMarch = fullMoon + weekday - (7 * late) + 22;
        return new DateOnly(year, 3, 1).AddDays(dayOfMarch - 1);
    }

    private static DateOnly? InCommonYear(LeapPolicy policy, int year) => policy switch
    {
        LeapPolicy.Backward => new DateOnly(year, 2, 28),
        LeapPolicy.Forward => new DateOnly(year, 3, 1),
        LeapPolicy.Omit => null,
        _ => throw new ArgumentOutOfRangeException(nameof(policy), policy, "an unknown leap policy"),
    };

    private static DateOnly WeekdayIn(WeekdayOfMonth day, int year)
    {
        if (day.Ordinal == WeekdayOfMonth.Last)
        {
            DateOnly last = new(year, day.Month, DateTime.DaysInMonth(year, day.Month));
            return last.AddDays(-DaysBetween(day.Weekday, last.DayOfWeek));
        }

        DateOnly first = new(year, day.Month, 1);
        return first.AddDays(DaysBetween(first.DayOfWeek, day.Weekday) + (7 * (day.Ordinal - 1)));
    }

    private static int DaysBetween(DayOfWeek from, DayOfWeek to) => ((int)to - (int)from + 7) % 7;

    private static YearlyDay RuleOf(HolidayDay day) => Holidays.Find(day.Holiday, day.Country)
        ?? throw new InvalidOperationException($"no rule for {day.Holiday} in {day.Country}");
}
