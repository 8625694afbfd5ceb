using NodaTime;
using NodaTime.TimeZones;

namespace Florist.Kernel;

/// <summary>
/// Civil time to instants. A time that a clock change skips moves forward by the length of the gap; one that it
/// repeats means the earlier of the two.
/// </summary>
public static class Zones
{
    /// <summary>True for an IANA zone id that the time zone database knows.</summary>
    public static bool Known(string zone) => DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is not null;

    /// <summary>The instant of a civil date and time in a zone.</summary>
    /// <exception cref="DateTimeZoneNotFoundException">
    /// The zone is not known; check with <see cref="Known"/> first.
    /// </exception>
    public static DateTimeOffset Instant(DateOnly day, TimeOnly time, string zone) =>
        Instant(day, time, zone, DateTimeZoneProviders.Tzdb);

    /// <summary>The instant of a civil date and time in a zone, as some time-zone data have it.</summary>
    /// <exception cref="DateTimeZoneNotFoundException">The data do not know the zone.</exception>
    public static DateTimeOffset Instant(DateOnly day, TimeOnly time, string zone, IDateTimeZoneProvider zones)
    {
        ArgumentNullException.ThrowIfNull(zones);
        LocalDateTime local = new LocalDate(day.Year, day.Month, day.Day)
            .At(LocalTime.FromTicksSinceMidnight(time.Ticks));
        return zones[zone]
            .ResolveLocal(local, Resolvers.LenientResolver)
            .ToInstant().ToDateTimeOffset();
    }

    /// <summary>The civil date in a zone at an instant.</summary>
    public static DateOnly Day(DateTimeOffset instant, string zone) => DateOnly.FromDateTime(Local(instant, zone));

    /// <summary>The civil date and time in a zone at an instant.</summary>
    public static DateTime Local(DateTimeOffset instant, string zone) =>
        NodaTime.Instant.FromDateTimeOffset(instant)
            .InZone(DateTimeZoneProviders.Tzdb[zone]).LocalDateTime.ToDateTimeUnspecified();
}
