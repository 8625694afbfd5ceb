using NodaTime;
using NodaTime.TimeZones;

namespace Florist.Tests.Kernel.Reschedule;

/// <summary>Time-zone data of another edition, in which one zone keeps the time of another.</summary>
internal sealed class SwappedZones(string version, string zone, string keepsTimeOf) : IDateTimeZoneSource
{
    private static readonly TzdbDateTimeZoneSource Data = TzdbDateTimeZoneSource.Default;

    public string VersionId => version;

    /// <summary>Today's data.</summary>
    public static IDateTimeZoneProvider Today => DateTimeZoneProviders.Tzdb;

    /// <summary>Data by which a zone keeps the time of another.</summary>
    public static IDateTimeZoneProvider Where(string zone, string keepsTimeOf) =>
        new DateTimeZoneCache(new SwappedZones($"swapped: {zone}", zone, keepsTimeOf));

    public IEnumerable<string> GetIds() => Data.GetIds();

    public DateTimeZone ForId(string id) => Data.ForId(id == zone ? keepsTimeOf : id);

    public string? GetSystemDefaultId() => null;
}
