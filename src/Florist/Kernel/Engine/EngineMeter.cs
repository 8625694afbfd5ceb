using System.Collections.Frozen;
using System.Diagnostics.Metrics;

namespace Florist.Kernel;

/// <summary>Measurements of wake-ups and messages, by class and outcome.</summary>
internal static class EngineMeter
{
    private static readonly Meter Meter = new("Florist.Engine");

    private static readonly Counter<long> Wakes =
        Meter.CreateCounter<long>("florist.wakes", "{wake}", "Wake-ups, by class and outcome: done, failed, parked.");

    private static readonly Histogram<double> WakeLateness =
        Meter.CreateHistogram<double>("florist.wake.lateness", "s", "How long after it was due a wake-up was done.");

    private static readonly Counter<long> Messages = Meter.CreateCounter<long>(
        "florist.messages",
            "{message}", "Outbox messages, by topic and outcome: done, later, failed, parked, expired.");

    private static readonly Counter<long> LateDeadlines = Meter.CreateCounter<long>(
        "florist.late_deadlines", "{deadline}", "Deadlines kept so late that somebody may have noticed.");

    private static readonly Counter<long> Missed = Meter.CreateCounter<long>(
        "florist.missed_catchup", "{step}", "What came too late to be done and was skipped on record, by kind.");

    private static volatile EngineSight seen =
        new(DateTimeOffset.UnixEpoch, [], FrozenDictionary<ParkedSource, long>.Empty);

    private static readonly Counter<long> RetentionRemoved = Meter.CreateCounter<long>(
        "florist.retention.removed", "{item}", "What was taken away because of its age, by source.");

    private static readonly ObservableGauge<long> Due = Meter.CreateObservableGauge(
        "florist.engine.due",
        () => FromLanes(lane => lane.Due),
        "{item}",
        "Wake-ups and messages that are due and not done, by queue and lane; 10,000 stands for more.");

    private static readonly ObservableGauge<double> Lag = Meter.CreateObservableGauge(
        "florist.engine.lag",
        () => FromLanes(lane => lane.OldestDue is { } due ? Math.Max(0, (seen.At - due).TotalSeconds) : 0.0),
        "s",
        "How late the oldest wake-up or message is that is due and not done, by queue and lane.");

    private static readonly ObservableGauge<long> ParkedItems = Meter.CreateObservableGauge(
        "florist.engine.parked",
        () => Enum.GetValues<ParkedSource>().Select(source => new Measurement<long>(
            seen.Parked.GetValueOrDefault(source), new KeyValuePair<string, object?>("source", source.ToString()))),
        "{item}",
        "What waits for an operator, by source: Wake, Message, Send (its outcome is not known), Report (rejected).");

    /// <summary>Makes known what should stay 0, so that the first of it is seen as a change.</summary>
    public static void Begin()
    {
        LateDeadlines.Add(0);
        foreach (CatchUpKind kind in Enum.GetValues<CatchUpKind>())
        {
            Missed.Add(0, new KeyValuePair<string, object?>("kind", kind.ToString()));
        }

        foreach (WakeClass @class in Enum.GetValues<WakeClass>())
        {
            Wakes.Add(0, new("class", @class.ToString()), new("outcome", "parked"));
        }
    }

    /// <summary>Counts what was taken away because of its age.</summary>
    public static void Removed(string source, int count) =>
        RetentionRemoved.Add(count, new KeyValuePair<string, object?>("source", source));

    /// <summary>Tells what was seen to wait.</summary>
    public static void Waiting(EngineSight sight) => seen = sight;

    public static void LateDeadline() => LateDeadlines.Add(1);

    public static void Skipped(CatchUpKind kind) =>
        Missed.Add(1, new KeyValuePair<string, object?>("kind", kind.ToString()));

    public static void Woken(WakeClass @class, TimeSpan late)
    {
        Wake(@class, "done");
        WakeLateness.Record(late.TotalSeconds, new KeyValuePair<string, object?>("class", @class.ToString()));
    }

    public static void Wake(WakeClass @class, string outcome) =>
        Wakes.Add(1, new("class", @class.ToString()), new("outcome", outcome));

    public static void Message(string topic, string outcome) =>
        Messages.Add(1, new("topic", topic), new("outcome", outcome));

    private static IEnumerable<Measurement<T>> FromLanes<T>(Func<LaneReading, T> read)
        where T : struct => seen.Lanes.Select(lane => new Measurement<T>(
            read(lane),
            new KeyValuePair<string, object?>("queue", lane.Queue.ToString()),
            new KeyValuePair<string, object?>("lane", lane.Lane)));
}
