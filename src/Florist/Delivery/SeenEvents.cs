using System.Collections.Immutable;
using System.Security.Cryptography;
using Florist.Kernel;

namespace Florist.Delivery;

/// <summary>An event that was decided.</summary>
/// <param name="Courier">Whose.</param>
/// <param name="EventId">Which.</param>
/// <param name="Hash">Of all that it said.</param>
/// <param name="Disposition">What became of it.</param>
/// <param name="Flags">Remarks on it.</param>
/// <param name="Reason">Why; null where the disposition says it all.</param>
/// <param name="At">When it was decided.</param>
internal sealed record SeenEvent(
    CourierId Courier,
    string EventId,
    string Hash,
    Disposition Disposition,
    ReportFlags Flags,
    string? Reason,
    DateTimeOffset At);

/// <summary>
/// The memory of decided events, which makes a repeat a duplicate: the last 256 of an order's deliveries, at most 7
/// days old. It is no part of the state; its durable form is the history, one child row an event, from which it is
/// read.
/// </summary>
public sealed record SeenEvents
{
    /// <summary>Nothing seen yet.</summary>
    public static readonly SeenEvents None = new();

    internal const int EventsMax = 256;

    internal static readonly TimeSpan KeptFor = TimeSpan.FromDays(7);

    internal ImmutableArray<SeenEvent> Events { get; init; } = [];

    internal SeenEvent? Find(CourierId courier, string eventId, DateTimeOffset now)
    {
        foreach (SeenEvent seen in Events)
        {
            if (seen.EventId == eventId && seen.Courier == courier && seen.At + KeptFor > now)
            {
                return seen;
            }
        }

        return null;
    }

    internal SeenEvents Add(SeenEvent seen) => new()
    {
        Events = Events.Length < EventsMax ? Events.Add(seen) : Events.RemoveAt(0).Add(seen),
    };

    // The way that it came is left out: the same event by stream and by webhook is one event. So is what is made of a
    // time of ours, the estimate of who is "nearly there" included.
    internal static string HashOf(CourierReport report)
    {
        CourierReport said = report with { Source = ReportSource.Stream };
        said = report.TimeIsOurs == true ? said with { OccurTime = null, Eta = null } : said;
        return Convert.ToHexStringLower(SHA256.HashData(FloristJson.WriteBytes(said)).AsSpan(0, 16));
    }
}
