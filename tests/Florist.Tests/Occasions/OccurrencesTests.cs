using Florist.Occasions;

namespace Florist.Tests.Occasions;

public class OccurrencesTests
{
    private static readonly HolidayDay MotheringSunday = new() { Holiday = Holiday.MothersDay, Country = "GB" };

    [Theory]
    [InlineData("2024-03-10")]
    [InlineData("2025-03-30")]
    [InlineData("2026-03-15")]
    [InlineData("2027-03-07")]
    [InlineData("2028-03-26")]
    [InlineData("2029-03-11")]
    [InlineData("2030-03-31")]
    public void Mothering_Sunday_is_three_weeks_before_Easter(string expected)
    {
        DateOnly day = Day(expected);

        Assert.Equal(day, Occurrences.InYear(MotheringSunday, day.Year));
        Assert.Equal(day, Occurrences.InYear(MotheringSunday with { Country = "IE" }, day.Year));
    }

    [Fact]
    public void Mothering_Sunday_lies_between_1_March_and_4_April_and_falls_on_the_clock_change_in_the_known_years()
    {
        List<int> changes = [];
        for (int year = 2024; year <= 2104; year++)
        {
            DateOnly sunday = Occurrences.InYear(MotheringSunday, year) ?? throw new InvalidOperationException();
            Assert.Equal(DayOfWeek.Sunday, sunday.DayOfWeek);
            Assert.InRange(sunday, new DateOnly(year, 3, 1), new DateOnly(year, 4, 4));
            if (sunday == Occurrences.InYear(LastSundayOfMarch, year))
            {
                changes.Add(year);
            }
        }

        Assert.Equal([2025, 2028, 2030, 2033, 2041, 2044, 2049], changes.TakeWhile(year => year < 2050));
    }

    [Fact]
    public void Mothering_Sunday_meets_Womens_Day_in_the_known_years()
    {
        HolidayDay womensDay = new() { Holiday = Holiday.WomensDay, Country = "GB" };

        Assert.Equal(
            [2043, 2054, 2065],
            Enumerable.Range(2024, 46).Where(year =>
                Occurrences.InYear(MotheringSunday, year) == Occurrences.InYear(womensDay, year)));
    }

    // The earliest and latest possible dates, and those around the rule's exceptions.
    [Theory]
    [InlineData("1818-03-22")]
    [InlineData("1943-04-25")]
    [InlineData("1954-04-18")]
    [InlineData("1981-04-19")]
    [InlineData("2000-04-23")]
    [InlineData("2008-03-23")]
    [InlineData("2024-03-31")]
    [InlineData("2025-04-20")]
    [InlineData("2026-04-05")]
    [InlineData("2027-03-28")]
    [InlineData("2038-04-25")]
    [InlineData("2049-04-18")]
    [InlineData("2076-04-19")]
    [InlineData("2100-03-28")]
    [InlineData("2285-03-22")]
    public void Easter_is_where_the_tables_have_it(string expected)
    {
        Assert.Equal(Day(expected), Occurrences.EasterSunday(Day(expected).Year));
    }

    [Theory]
    [InlineData(Holiday.MothersDay, "US", "2026-05-10")]
    [InlineData(Holiday.MothersDay, "DE", "2026-05-10")]
    [InlineData(Holiday.MothersDay, "US", "2022-05-08")]
    [InlineData(Holiday.MothersDay, "US", "2027-05-09")]
    [InlineData(Holiday.MothersDay, "US", "2028-05-14")]
    [InlineData(Holiday.FathersDay, "US", "2026-06-21")]
    [InlineData(Holiday.FathersDay, "GB", "2025-06-15")]
    [InlineData(Holiday.FathersDay, "DE", "2026-05-14")]
    [InlineData(Holiday.ValentinesDay, "IE", "2100-02-14")]
    [InlineData(Holiday.WomensDay, "DE", "2027-03-08")]
    [InlineData(Holiday.ChristmasDay, "GB", "2099-12-25")]
    [InlineData(Holiday.EasterSunday, "US", "2027-03-28")]
    public void A_holiday_follows_the_country(Holiday holiday, string country, string expected)
    {
        HolidayDay day = new() { Holiday = holiday, Country = country };

        Assert.Equal(Day(expected), Occurrences.InYear(day, Day(expected).Year));
    }

    [Theory]
    [InlineData(LeapPolicy.Backward, 2023, "2023-02-28")]
    [InlineData(LeapPolicy.Backward, 2024, "2024-02-29")]
    [InlineData(LeapPolicy.Backward, 2100, "2100-02-28")]
    [InlineData(LeapPolicy.Forward, 2027, "2027-03-01")]
    [InlineData(LeapPolicy.Forward, 2028, "2028-02-29")]
    [InlineData(LeapPolicy.Forward, 2100, "2100-03-01")]
    [InlineData(LeapPolicy.Omit, 2096, "2096-02-29")]
    [InlineData(LeapPolicy.Omit, 2097, null)]
    [InlineData(LeapPolicy.Omit, 2100, null)]
    [InlineData(LeapPolicy.Omit, 2104, "2104-02-29")]
    public void A_leap_day_is_kept_in_common_years_as_its_policy_says(LeapPolicy policy, int year, string? expected)
    {
        Assert.Equal(expected is null ? null : Day(expected), Occurrences.InYear(LeapDay(policy), year));
    }

    [Fact]
    public void The_default_keeps_a_leap_day_on_the_28th_in_common_years()
    {
        Assert.Equal(new DateOnly(2027, 2, 28), Occurrences.InYear(new FixedDay { Month = 2, Day = 29 }, 2027));
    }

    [Fact]
    public void The_policy_moves_no_day_but_the_leap_day()
    {
        FixedDay day = new() { Month = 2, Day = 28, LeapPolicy = LeapPolicy.Omit };

        Assert.Equal(new DateOnly(2027, 2, 28), Occurrences.InYear(day, 2027));
    }

    [Fact]
    public void An_omitted_leap_day_waits_eight_years_around_2100()
    {
        Assert.Equal(
            new DateOnly(2104, 2, 29), Occurrences.Next(LeapDay(LeapPolicy.Omit), new DateOnly(2096, 3, 1)));
    }

    [Theory]
    [InlineData("2027-03-07", "2027-03-07")]
    [InlineData("2027-03-08", "2028-03-26")]
    [InlineData("2026-12-31", "2027-03-07")]
    public void The_next_occurrence_may_be_today_or_in_another_year(string from, string expected)
    {
        Assert.Equal(Day(expected), Occurrences.Next(MotheringSunday, Day(from)));
    }

    [Theory]
    [InlineData(DayOfWeek.Monday, 5, WeekdayOfMonth.Last, "2027-05-31")]
    [InlineData(DayOfWeek.Sunday, 2, WeekdayOfMonth.Last, "2028-02-27")]
    [InlineData(DayOfWeek.Tuesday, 2, WeekdayOfMonth.Last, "2028-02-29")]
    [InlineData(DayOfWeek.Sunday, 3, WeekdayOfMonth.Last, "2030-03-31")]
    [InlineData(DayOfWeek.Friday, 1, 1, "2027-01-01")]
    [InlineData(DayOfWeek.Thursday, 1, 1, "2027-01-07")]
    [InlineData(DayOfWeek.Thursday, 11, 4, "2026-11-26")]
    [InlineData(DayOfWeek.Saturday, 8, 4, "2026-08-22")]
    public void A_weekday_of_a_month_is_counted_from_its_first_or_last_day(
        DayOfWeek weekday, int month, int ordinal, string expected)
    {
        WeekdayOfMonth day = new() { Month = month, Weekday = weekday, Ordinal = ordinal };

        Assert.Equal(Day(expected), Occurrences.InYear(day, Day(expected).Year));
    }

    [Fact]
    public void Every_rule_gives_at_most_one_day_of_its_own_year_from_2024_to_2104()
    {
        List<YearlyDay> rules =
        [
            LeapDay(LeapPolicy.Backward), LeapDay(LeapPolicy.Forward), LeapDay(LeapPolicy.Omit),
            new EasterDay { OffsetDays = -EasterDay.OffsetDaysMax },
            new EasterDay { OffsetDays = EasterDay.OffsetDaysMax },
            LastSundayOfMarch, MotheringSunday,
            .. Enum.GetValues<Holiday>().Select(holiday => new HolidayDay { Holiday = holiday, Country = "DE" }),
        ];
        foreach (YearlyDay rule in rules)
        {
            Assert.All(
                Enumerable.Range(2024, 81),
                year => Assert.Equal(year, Occurrences.InYear(rule, year)?.Year ?? year));
        }
    }

    [Theory]
    [InlineData("gb")]
    [InlineData("FR")]
    [InlineData("")]
    public void A_country_that_is_not_in_the_table_has_no_holidays(string country)
    {
        Assert.Null(Holidays.Find(Holiday.ChristmasDay, country));
    }

    private static WeekdayOfMonth LastSundayOfMarch =>
        new() { Month = 3, Weekday = DayOfWeek.Sunday, Ordinal = WeekdayOfMonth.Last };

    private static FixedDay LeapDay(LeapPolicy policy) => new() { Month = 2, Day = 29, LeapPolicy = policy };

    private static DateOnly Day(string iso) =>
        DateOnly.ParseExact(iso, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
