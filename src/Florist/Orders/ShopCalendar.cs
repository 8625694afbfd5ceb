using Florist.Kernel;

namespace Florist.Orders;

/// <summary>When the shop delivers and until when it takes orders for a day. Pure; all in the shop's zone.</summary>
internal static class ShopCalendar
{
    /// <summary>Until when orders for a day are taken; null when nothing is delivered on that weekday.</summary>
    public static DateTimeOffset? CutOff(DateOnly day, OrdersOptions options) =>
        options.CutOffs.TryGetValue(day.DayOfWeek, out TimeOnly time)
            ? Zones.Instant(day, time, options.TimeZone)
            : null;

    /// <summary>The first day, from today on, for which an order is taken at <paramref name="now"/>.</summary>
    public static DateOnly FirstOpenDay(DateTimeOffset now, OrdersOptions options)
    {
        DateOnly day = Zones.Day(now, options.TimeZone);

        // At least one weekday has a cut-off, so eight days always hold one that is still to come.
        while (CutOff(day, options) is not { } cutOff || cutOff <= now)
        {
            day = day.AddDays(1);
        }

        return day;
    }

    /// <summary>The last day for which an order is taken at <paramref name="now"/>.</summary>
    public static DateOnly LastOpenDay(DateTimeOffset now, OrdersOptions options) =>
        Zones.Day(now, options.TimeZone).AddDays(options.HorizonDays);
}
