using Florist.Messaging;

namespace Florist.Tests.Messaging;

public sealed class QuietHoursTests
{
    private static readonly QuietHours Nights = Letters.Quiet;

    [Theory]
    [InlineData("2026-11-23T20:59:59Z", null)]
    [InlineData("2026-11-23T21:00:00Z", "2026-11-24T08:00:00Z")]
    [InlineData("2026-11-23T23:59:59Z", "2026-11-24T08:00:00Z")]
    [InlineData("2026-11-24T00:00:00Z", "2026-11-24T08:00:00Z")]
    [InlineData("2026-11-24T07:59:59Z", "2026-11-24T08:00:00Z")]
    [InlineData("2026-11-24T08:00:00Z", null)]
    [InlineData("2026-11-24T12:00:00Z", null)]
    public void A_night_is_quiet_from_its_begin_until_its_end(string now, string? end) =>
        Assert.Equal(At(end), Nights.EndAfter(At(now) ?? default, "Europe/London"));

    [Theory]
    // The clocks go forward at 01:00 UTC on 28 March 2027: the night is an hour shorter.
    [InlineData("2027-03-27T22:00:00Z", "Europe/London", "2027-03-28T07:00:00Z")]
    // They go back at 01:00 UTC on 31 October 2027.
    [InlineData("2027-10-30T21:00:00Z", "Europe/London", "2027-10-31T08:00:00Z")]
    [InlineData("2026-11-23T12:00:00Z", "Asia/Tokyo", "2026-11-23T23:00:00Z")]
    [InlineData("2026-11-23T10:00:00Z", "America/New_York", "2026-11-23T13:00:00Z")]
    [InlineData("2026-11-23T22:00:00Z", "No/Such_Zone", "2026-11-24T08:00:00Z")]
    public void The_night_is_the_customers_own(string now, string zone, string end) =>
        Assert.Equal(At(end), Nights.EndAfter(At(now) ?? default, zone));

    [Theory]
    [InlineData("2026-11-23T12:59:00Z", null)]
    [InlineData("2026-11-23T13:00:00Z", "2026-11-23T15:00:00Z")]
    [InlineData("2026-11-23T15:00:00Z", null)]
    public void Quiet_hours_may_lie_within_a_day(string now, string? end) =>
        Assert.Equal(
            At(end), new QuietHours(new TimeOnly(13, 0), new TimeOnly(15, 0)).EndAfter(At(now) ?? default, "Etc/UTC"));

    [Fact]
    public void The_end_is_never_quiet_itself_in_any_zone_at_any_hour_of_two_years()
    {
        foreach (string zone in new[] { "Europe/London", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata" })
        {
            for (DateTimeOffset now = Letters.Morning; now < Letters.Morning.AddYears(2); now = now.AddMinutes(97))
            {
                if (Nights.EndAfter(now, zone) is { } end)
                {
                    Assert.InRange(end - now, TimeSpan.FromTicks(1), TimeSpan.FromHours(12));
                    Assert.Null(Nights.EndAfter(end, zone));
                }
            }
        }
    }

    private static DateTimeOffset? At(string? text) =>
        text is null ? null : DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
