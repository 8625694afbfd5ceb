using System.Globalization;
using Florist.Kernel;

namespace Florist.Tests.Kernel;

public sealed class ZonesTests
{
    [Theory]
    [InlineData("2026-07-01T09:00", "Europe/London", "2026-07-01T08:00Z")]
    [InlineData("2026-03-29T01:30", "Europe/London", "2026-03-29T01:30Z")]
    [InlineData("2026-10-25T01:30", "Europe/London", "2026-10-25T00:30Z")]
    [InlineData("2026-03-08T02:15", "America/New_York", "2026-03-08T07:15Z")]
    [InlineData("2026-11-01T01:59", "America/New_York", "2026-11-01T05:59Z")]
    public void A_skipped_time_moves_forward_and_a_repeated_one_is_the_earlier(string local, string zone, string utc)
    {
        DateTime civil = DateTime.Parse(local, CultureInfo.InvariantCulture);

        DateTimeOffset instant = Zones.Instant(DateOnly.FromDateTime(civil), TimeOnly.FromDateTime(civil), zone);

        Assert.Equal(DateTimeOffset.Parse(utc, CultureInfo.InvariantCulture), instant);
    }

    [Fact]
    public void The_civil_day_is_the_zones_own()
    {
        DateTimeOffset instant = new(2026, 2, 13, 23, 30, 0, TimeSpan.Zero);

        Assert.Equal(new DateOnly(2026, 2, 13), Zones.Day(instant, "Europe/London"));
        Assert.Equal(new DateOnly(2026, 2, 14), Zones.Day(instant, "Europe/Berlin"));
    }

    [Theory]
    [InlineData("Europe/Oslo", true)]
    [InlineData("Mars/Olympus", false)]
    [InlineData("", false)]
    public void Only_zones_of_the_database_are_known(string zone, bool known) => Assert.Equal(known, Zones.Known(zone));
}
