using System.Collections.Immutable;
using System.Globalization;
using Florist.Kernel;
using Florist.Orders;
using NodaTime;

namespace Florist.Occasions;

/// <summary>
/// The shop's side of every schedule: when in the day reminders leave, and until when an order is possible.
/// </summary>
internal sealed record ReminderPolicy
{
    public static readonly ReminderPolicy Default = new();

    // A reminder cannot be moved earlier than this in search of a day on which the shop still takes the order.
    private const int DaysWithoutDeliveryMax = 14;

    /// <summary>Civil time from which reminders leave.</summary>
    public TimeOnly WindowStart { get; init; } = new(9, 0);

    /// <summary>Reminders are spread over this long; zero sends all at once.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromHours(3);

    /// <summary>IANA zone of the shop.</summary>
    public string ShopZone { get; init; } = "Europe/London";

    /// <summary>
    /// Until when the shop takes orders for the same day; nothing is delivered on a weekday that is missing.
    /// </summary>
    public ImmutableSortedDictionary<DayOfWeek, TimeOnly> CutOffs { get; init; } =
        Enum.GetValues<DayOfWeek>().ToImmutableSortedDictionary(day => day, _ => new TimeOnly(14, 0));

    /// <summary>The time-zone data that make instants of civil times.</summary>
    public IDateTimeZoneProvider TimeZones { get; init; } = DateTimeZoneProviders.Tzdb;

    /// <summary>All that a schedule depends on and that a new version or another setting may change.</summary>
    public string Signature => string.Create(
        CultureInfo.InvariantCulture,
        $"{TimeZones.VersionId}; {WindowStart:HH:mm:ss}+{Window}; {ShopZone}")
        + string.Concat(CutOffs.Select(day => string.Create(
            CultureInfo.InvariantCulture, $"; {day.Key} {day.Value:HH:mm:ss}")));

    /// <summary>The policy of these settings; until when orders are taken is for Orders to say.</summary>
    public static ReminderPolicy Of(
        OccasionsOptions occasions, OrdersOptions orders, IDateTimeZoneProvider timeZones)
    {
        return new()
        {
            TimeZones = timeZones,
            WindowStart = occasions.WindowStart,
            Window = TimeSpan.FromMinutes(occasions.WindowMinutes),
            ShopZone = orders.TimeZone,
            CutOffs = orders.CutOffs.ToImmutableSortedDictionary(),
        };
    }

    /// <summary>The instant of a civil time in a zone.</summary>
    public DateTimeOffset Instant(DateOnly day, TimeOnly time, string zone) =>
        Zones.Instant(day, time, zone, TimeZones);

    /// <summary>
    /// The last instant to order flowers for a day. Where nothing is delivered on that day they have to come before it.
    /// </summary>
    public DateTimeOffset CutOff(DateOnly day)
    {
        for (int before = 0; before <= DaysWithoutDeliveryMax; before++)
        {
            DateOnly delivery = day.AddDays(-before);
            if (CutOffs.TryGetValue(delivery.DayOfWeek, out TimeOnly time))
            {
                return Instant(delivery, time, ShopZone);
            }
        }

        throw new InvalidOperationException("the shop delivers on no weekday");
    }
}
