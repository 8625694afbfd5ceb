using System.Collections.Immutable;
using Florist.Kernel;
using Orleans.Runtime;

namespace Florist.Delivery;

/// <summary>What an entry of the deliveries' history is about.</summary>
public enum DeliveryNewsKind
{
    /// <summary>A courier reported a step.</summary>
    State,

    /// <summary>A courier reported an estimate.</summary>
    Eta,

    /// <summary>A courier remarked something to the shop.</summary>
    Note,

    /// <summary>Somebody gave a command.</summary>
    Command,
}

/// <summary>One entry of the history, as watchers learn of it: without anybody's words.</summary>
public sealed record DeliveryNews
{
    /// <summary>Counts the entries of the order, from 1, without gaps.</summary>
    public long Number { get; init; }

    /// <summary>The delivery.</summary>
    public DeliveryId Delivery { get; init; } = new("");

    /// <summary>What it is about.</summary>
    public DeliveryNewsKind Kind { get; init; }

    /// <summary>The state after it.</summary>
    public DeliveryState State { get; init; }

    /// <summary>When it happened, clamped to when we learnt of it.</summary>
    public DateTimeOffset OccurredAt { get; init; }

    /// <summary>When we learnt of it.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>What became of a report; null for a command.</summary>
    public Disposition? Disposition { get; init; }

    internal static DeliveryNews Of(DeliveryHistoryEntry entry) => new()
    {
        Number = entry.Number,
        Delivery = entry.Delivery,
        Kind = entry.Report switch
        {
            null => DeliveryNewsKind.Command,
            { State: not null } => DeliveryNewsKind.State,
            { Eta: not null } => DeliveryNewsKind.Eta,
            _ => DeliveryNewsKind.Note,
        },
        State = entry.State,
        OccurredAt = entry.OccurredAt,
        At = entry.At,
        Disposition = entry.Report is null ? null : entry.Disposition,
    };
}

/// <summary>
/// The last entries of the history, without gaps, so that a watcher can be told exactly what it missed.
/// </summary>
public sealed record RecentNews
{
    /// <summary>None yet.</summary>
    public static readonly RecentNews None = new();

    internal const int EntriesMax = 256;

    internal ImmutableArray<DeliveryNews> Entries { get; init; } = [];

    /// <summary>The entries behind a number; null when they do not reach back so far.</summary>
    /// <param name="number">The last number known; 0 for none.</param>
    /// <param name="last">The last number there is.</param>
    public ImmutableArray<DeliveryNews>? After(long number, long last)
    {
        if (number == last)
        {
            return [];
        }

        return number > last || Entries.IsEmpty || Entries[0].Number > number + 1
            ? null
            : Entries[(int)(number + 1 - Entries[0].Number)..];
    }

    internal RecentNews Add(DeliveryNews news) => new()
    {
        Entries = Entries.Length < EntriesMax ? Entries.Add(news) : Entries.RemoveAt(0).Add(news),
    };
}

/// <summary>What an order's grain remembers of its deliveries' history, read from its rows at activation.</summary>
public static class DeliveryMemory
{
    // The history holds commands too, few of them: a leg begins and ends at most 8 times.
    private const int RowsRead = SeenEvents.EventsMax + 80;

    /// <summary>Puts the memory into a book; called once, in <c>OnActivateAsync</c>.</summary>
    public static async Task<DeliveryBook> Remember(
        this DeliveryBook book, IGrainRows rows, GrainId order, CancellationToken cancellationToken)
    {
        ImmutableArray<GrainRow> read = await rows.Read(
            order, DeliveryHistory.RowKind, RowsRead, backwards: true, cancellationToken: cancellationToken);
        ImmutableArray<DeliveryHistoryEntry> entries =
            [.. read.Select(row => FloristJson.Read<DeliveryHistoryEntry>(row.Body)).Reverse()];
        return book with
        {
            Seen = new SeenEvents
            {
                Events =
                [
                    .. entries.Select(entry => entry.ToSeen()).OfType<SeenEvent>().TakeLast(SeenEvents.EventsMax),
                ],
            },
            News = new RecentNews
            {
                Entries = [.. entries.TakeLast(RecentNews.EntriesMax).Select(DeliveryNews.Of)],
            },
        };
    }
}
