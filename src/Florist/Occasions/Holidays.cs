using System.Collections.Frozen;

namespace Florist.Occasions;

/// <summary>Which day a country keeps a holiday on. A new country is a new line, never a change of the rules.</summary>
internal static class Holidays
{
    // Mothering Sunday is the fourth Sunday of Lent: three weeks before Easter.
    private static readonly EasterDay MotheringSunday = new() { OffsetDays = -21 };
    private static readonly EasterDay AscensionDay = new() { OffsetDays = 39 };

    private static readonly WeekdayOfMonth SecondSundayOfMay =
        new() { Month = 5, Weekday = DayOfWeek.Sunday, Ordinal = 2 };

    private static readonly WeekdayOfMonth ThirdSundayOfJune =
        new() { Month = 6, Weekday = DayOfWeek.Sunday, Ordinal = 3 };

    private static readonly FrozenDictionary<(Holiday, string), YearlyDay> Days =
        new Dictionary<(Holiday, string), YearlyDay>
        {
            [(Holiday.MothersDay, "GB")] = MotheringSunday,
            [(Holiday.MothersDay, "IE")] = MotheringSunday,
            [(Holiday.MothersDay, "US")] = SecondSundayOfMay,
            [(Holiday.MothersDay, "DE")] = SecondSundayOfMay,
            [(Holiday.FathersDay, "GB")] = ThirdSundayOfJune,
            [(Holiday.FathersDay, "IE")] = ThirdSundayOfJune,
            [(Holiday.FathersDay, "US")] = ThirdSundayOfJune,
            [(Holiday.FathersDay, "DE")] = AscensionDay,
        }.ToFrozenDictionary();

    // Kept on the same day in every country of the table.
    private static readonly FrozenDictionary<Holiday, YearlyDay> DaysEverywhere = new Dictionary<Holiday, YearlyDay>
    {
        [Holiday.ValentinesDay] = new FixedDay { Month = 2, Day = 14 },
        [Holiday.WomensDay] = new FixedDay { Month = 3, Day = 8 },
        [Holiday.EasterSunday] = new EasterDay(),
        [Holiday.ChristmasDay] = new FixedDay { Month = 12, Day = 25 },
    }.ToFrozenDictionary();

    private static readonly FrozenSet<string> Countries =
        Days.Keys.Select(key => key.Item2).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The day; null for a country that is not in the table.</summary>
    public static YearlyDay? Find(Holiday holiday, string country)
    {
        if (!Countries.Contains(country))
        {
            return null;
        }

        return Days.GetValueOrDefault((holiday, country)) ?? DaysEverywhere.GetValueOrDefault(holiday);
    }
}
