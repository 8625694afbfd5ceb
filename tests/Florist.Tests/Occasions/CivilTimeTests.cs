using System.Globalization;
using Florist.Kernel;
using Florist.Occasions;

namespace Florist.Tests.Occasions;

/// <summary>Civil time where clocks and calendars are not even; the instants were worked out by hand.</summary>
public sealed class CivilTimeTests
{
    private static readonly int[] LeapYears =
    [
        2024, 2028, 2032, 2036, 2040, 2044, 2048, 2052, 2056, 2060, 2064, 2068, 2072, 2076, 2080, 2084, 2088, 2092,
        2096, 2104,
    ];

    [Theory]
    [InlineData("Europe/London", "2027-03-28T01:30", "2027-03-28T01:30Z")]
    [InlineData("Europe/Berlin", "2027-03-28T02:30", "2027-03-28T01:30Z")]
    [InlineData("America/New_York", "2027-03-14T02:30", "2027-03-14T07:30Z")]
    [InlineData("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:45Z")]
    [InlineData("America/Santiago", "2026-09-06T00:30", "2026-09-06T04:30Z")]
    public void A_time_that_the_clocks_skip_comes_later_by_what_they_skip(string zone, string local, string utc) =>
        Assert.Equal(DateTimeOffset.Parse(utc, CultureInfo.InvariantCulture), Instant(zone, local));

    [Theory]
    [InlineData("Europe/London", "2027-10-31T01:30", "2027-10-31T00:30Z")]
    [InlineData("Europe/Berlin", "2027-10-31T02:30", "2027-10-31T00:30Z")]
    [InlineData("America/New_York", "2027-11-07T01:30", "2027-11-07T05:30Z")]
    [InlineData("Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45Z")]
    [InlineData("America/Santiago", "2026-04-04T23:30", "2026-04-05T02:30Z")]
    public void A_time_that_the_clocks_repeat_is_the_first(string zone, string local, string utc) =>
        Assert.Equal(DateTimeOffset.Parse(utc, CultureInfo.InvariantCulture), Instant(zone, local));

    [Theory]
    [InlineData("Europe/London", 1, 30)]
    [InlineData("Europe/Berlin", 2, 30)]
    [InlineData("America/New_York", 2, 30)]
    [InlineData("America/New_York", 1, 30)]
    [InlineData("Australia/Lord_Howe", 2, 15)]
    [InlineData("America/Santiago", 0, 30)]
    [InlineData("America/Santiago", 23, 30)]
    public void A_reminder_at_such_an_hour_fires_once_on_every_civil_day_of_a_year(string zone, int hour, int minute)
    {
        TimeOnly time = new(hour, minute);
        List<DateTimeOffset> instants = [.. Enumerable.Range(0, 366)
            .Select(day => Zones.Instant(new DateOnly(2026, 3, 1).AddDays(day), time, zone))];

        Assert.Equal(instants.Order(), instants);
        Assert.Equal(366, instants.Select(instant => Zones.Day(instant, zone)).Distinct().Count());
    }

    [Theory]
    [InlineData(LeapPolicy.Backward, "02-28")]
    [InlineData(LeapPolicy.Forward, "03-01")]
    [InlineData(LeapPolicy.Omit, null)]
    public void A_leap_day_is_reminded_of_once_in_each_year_from_2024_to_2104_as_its_policy_says(
        LeapPolicy policy, string? inCommonYears)
    {
        Occasion leap = new()
        {
            Id = new OccasionId("leap"),
            CreatedAt = Books.At("2024-01-01T00:00:00Z"),
            Details = new OccasionDetails
            {
                Title = "Born on the day",
                Day = new FixedDay { Month = 2, Day = 29, LeapPolicy = policy },
                LeadDays = [10],
                TimeZone = "Europe/Berlin",
            },
        };
        OccasionBook book = new()
        {
            Customer = new("anna"),
            Policy = ReminderPolicy.Default with { Window = TimeSpan.Zero },
            Occasions = new OccasionBook().Occasions.Add("leap", leap),
        };

        // From wake-up to wake-up, as the grain goes: nine in the morning in Berlin's winter is eight in UTC.
        Dictionary<int, DateTimeOffset> fired = [];
        while (ReminderSchedule.NextDue(book) is { } due && due.Year <= 2104)
        {
            ReminderSettled settled = Assert.Single(ReminderSchedule.Due(book, due));
            Assert.Null(settled.Skipped);
            fired.Add(settled.Step.Date.Year, due);
            book = book.Apply(settled);
        }

        for (int year = 2024; year <= 2104; year++)
        {
            string? day = LeapYears.Contains(year) ? "02-29" : inCommonYears;
            DateTimeOffset? expected = day is null
                ? null
                : Books.At(string.Create(CultureInfo.InvariantCulture, $"{year}-{day}T08:00:00Z")).AddDays(-10);
            Assert.Equal((year, expected), (year, fired.TryGetValue(year, out DateTimeOffset at) ? at : null));
        }
    }

    private static DateTimeOffset Instant(string zone, string local)
    {
        DateTime civil = DateTime.Parse(local, CultureInfo.InvariantCulture);
        return Zones.Instant(DateOnly.FromDateTime(civil), TimeOnly.FromDateTime(civil), zone);
    }
}
