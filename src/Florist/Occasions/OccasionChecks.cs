using System.Collections.Immutable;
using Florist.Customers;
using Florist.Kernel;

namespace Florist.Occasions;

/// <summary>
/// Whether what a customer says about an occasion holds together. Fields are named as in the contract.
/// </summary>
internal static class OccasionChecks
{
    /// <summary>The details in canonical form, or everything that is wrong with them.</summary>
    public static Outcome<OccasionDetails> Check(OccasionDetails details, CustomerFacts customer, DateTimeOffset now)
    {
        FieldChecks checks = new();
        string title = checks.Text("occasion.title", details.Title, OccasionLimits.TitleLengthMax);
        CheckDay(details.Day, checks);
        if (details.FirstYear is { } year)
        {
            CheckFirstYear(details.Day, year, Zones.Day(now, customer.TimeZone), checks);
        }

        checks.That(
            details.Recipient is null || customer.Find(details.Recipient) is not null,
            "occasion.recipient",
            "RECIPIENT_UNKNOWN",
            "is not a recipient of this customer");
        checks.That(
            details.TimeZone is null || Zones.Known(details.TimeZone),
            "occasion.time_zone",
            "TIME_ZONE_UNKNOWN",
            "is not an IANA time zone");
        ImmutableArray<int> leadDays = LeadDays(details.LeadDays, "occasion.lead_days", checks);
        return checks.Fault is { } fault ? fault : details with { Title = title, LeadDays = leadDays };
    }

    /// <summary>Lead times, longest first.</summary>
    public static ImmutableArray<int> LeadDays(ImmutableArray<int> leadDays, string field, FieldChecks checks)
    {
        checks.That(
            leadDays.Length <= OccasionLimits.LeadTimesMax,
            field,
            "TOO_MANY",
            $"has more than {OccasionLimits.LeadTimesMax} lead times");
        checks.That(
            leadDays.All(days => days is >= 1 and <= OccasionLimits.LeadDaysMax),
            field,
            "OUT_OF_RANGE",
            $"must be 1 to {OccasionLimits.LeadDaysMax} days each");
        checks.That(leadDays.Distinct().Count() == leadDays.Length, field, "REPEATED", "names a lead time twice");
        return [.. leadDays.OrderDescending()];
    }

    private static void CheckDay(YearlyDay day, FieldChecks checks)
    {
        switch (day)
        {
            case FixedDay date:
                // 2024 has a 29 February: whether a year has one is for the leap policy to deal with.
                checks.That(
                    date.Month is >= 1 and <= 12 && date.Day >= 1 && date.Day <= DateTime.DaysInMonth(2024, date.Month),
                    "occasion.date",
                    "DATE_INVALID",
                    "is a day in no year");
                break;
            case WeekdayOfMonth weekday:
                checks.That(weekday.Month is >= 1 and <= 12, "occasion.weekday.month", "REQUIRED", "must be a month");
                checks.That(
                    weekday.Ordinal is (>= 1 and <= 4) or WeekdayOfMonth.Last,
                    "occasion.weekday.ordinal",
                    "OUT_OF_RANGE",
                    "must be 1 to 4, or -1 for the last one");
                break;
            case EasterDay easter:
                checks.That(
                    easter.OffsetDays is >= -EasterDay.OffsetDaysMax and <= EasterDay.OffsetDaysMax,
                    "occasion.easter_offset_days",
                    "OUT_OF_RANGE",
                    $"must be at most {EasterDay.OffsetDaysMax} days either way");
                break;
            case HolidayDay holiday:
                checks.That(
                    Holidays.Find(holiday.Holiday, holiday.Country) is not null,
                    "occasion.holiday.region_code",
                    "REGION_UNKNOWN",
                    "is not a region whose holidays are known");
                break;
        }
    }

    private static void CheckFirstYear(YearlyDay day, int year, DateOnly today, FieldChecks checks)
    {
        checks.That(
            year >= OccasionLimits.FirstYearMin && year <= today.Year,
            "occasion.date.year",
            "OUT_OF_RANGE",
            $"must be 0, or {OccasionLimits.FirstYearMin} to the present");
        checks.That(
            day is not FixedDay { Month: 2, Day: 29 } || year is < 1 or > 9999 || DateTime.IsLeapYear(year),
            "occasion.date",
            "DATE_INVALID",
            "is not a day of that year");
    }
}
