using System.Globalization;
using Florist.Kernel;

namespace Florist.Delivery;

/// <summary>The history of an order's deliveries: child rows of the order, the last 1,000.</summary>
internal static class DeliveryHistory
{
    /// <summary>The kind of the child rows; the id is the entry's number, with leading zeros.</summary>
    public const string RowKind = "delivery-event";

    public const int EntriesMax = 1000;

    public static Effects Append(this Effects effects, DeliveryHistoryEntry entry)
    {
        effects = effects.Put(RowChange.PutChild(RowKind, RowId(entry.Number), FloristJson.Write(entry)));
        return entry.Number > EntriesMax
            ? effects.Put(RowChange.DeleteChild(RowKind, RowId(entry.Number - EntriesMax)))
            : effects;
    }

    private static string RowId(long number) => number.ToString("D10", CultureInfo.InvariantCulture);
}

/// <summary>One decided report, or one command.</summary>
internal sealed record DeliveryHistoryEntry
{
    /// <summary>Counts the entries of the order, from 1.</summary>
    public long Number { get; init; }

    public DeliveryId Delivery { get; init; } = new("");

    /// <summary>When we decided.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>When it happened, clamped to <see cref="At"/>; the report itself holds the device's time.</summary>
    public DateTimeOffset OccurredAt { get; init; }

    /// <summary>The state after it.</summary>
    public DeliveryState State { get; init; }

    /// <summary>The report; null for a command.</summary>
    public CourierReport? Report { get; init; }

    public Disposition Disposition { get; init; }

    public ReportFlags Flags { get; init; } = ReportFlags.None;

    public int Rule { get; init; }

    public string? Reason { get; init; }

    /// <summary>Hash of the report; null for a command.</summary>
    public string? Hash { get; init; }

    /// <summary>The command, as <c>Assign</c>; null for a report.</summary>
    public string? Command { get; init; }

    /// <summary>Who gave the command; null for a report.</summary>
    public DeliveryActor? By { get; init; }

    public SeenEvent? ToSeen() => Report is null || Hash is null
        ? null
        : new SeenEvent(Report.Courier, Report.EventId, Hash, Disposition, Flags, Reason, At);
}
