using Florist.Kernel;

namespace Florist.Messaging;

/// <summary>The hours in which no text message disturbs a customer, in the customer's civil time.</summary>
/// <param name="From">When they begin.</param>
/// <param name="Until">When they end; not later than <paramref name="From"/> means on the next day.</param>
internal readonly record struct QuietHours(TimeOnly From, TimeOnly Until)
{
    /// <summary>When the quiet that reigns at an instant ends; null when it is not quiet.</summary>
    /// <param name="now">The instant.</param>
    /// <param name="zone">IANA zone; one that is not known counts as UTC.</param>
    public DateTimeOffset? EndAfter(DateTimeOffset now, string zone)
    {
        string known = Zones.Known(zone) ? zone : "Etc/UTC";
        DateTime local = Zones.Local(now, known);
        TimeOnly time = TimeOnly.FromDateTime(local);
        DateOnly today = DateOnly.FromDateTime(local);
        bool overnight = Until <= From;
        bool quiet = overnight ? time >= From || time < Until : time >= From && time < Until;
        if (!quiet)
        {
            return null;
        }

        DateTimeOffset end = Zones.Instant(overnight && time >= From ? today.AddDays(1) : today, Until, known);

        // Where a clock change repeats the hour in which the quiet ends, its end may have passed and come again.
        return end > now ? end : null;
    }
}
