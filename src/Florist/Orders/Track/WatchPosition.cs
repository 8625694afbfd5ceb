using System.Globalization;
using Florist.Kernel;

namespace Florist.Orders;

/// <summary>
/// How far a watcher had come, as its resume token says. The token is bound to the order and to what sort of principal
/// watched; it gives no authority.
/// </summary>
internal sealed record WatchPosition(OrderPosition Seen, bool IsKnown)
{
    /// <summary>The sort of principal that watches by a tracking link.</summary>
    public const string ByLink = "link";

    private const string Purpose = "watch";

    /// <summary>A watch from the beginning.</summary>
    public static readonly WatchPosition Start = new(OrderPosition.Start, IsKnown: true);

    // Where it stopped is not known, so it begins anew.
    private static readonly WatchPosition Lost = new(OrderPosition.Start, IsKnown: false);

    /// <summary>The change that the first message brings, unless the order has ended.</summary>
    public WatchChange First => this == Start
        ? WatchChange.Snapshot
        : IsKnown ? WatchChange.Update : WatchChange.Reset;

    /// <summary>The sort of principal of a caller.</summary>
    public static string ClassOf(Caller caller) => caller.IsInternal ? "internal" : "own";

    /// <summary>The token of a version.</summary>
    public static string Token(OrderRecord order, string principalClass, ISeal seal) => seal.Seal(
        Purpose,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{order.Id} {order.Revision} {order.Deliveries.HistoryCount} {principalClass}"));

    /// <summary>Reads a token; Invalid when it was made for another order.</summary>
    public static Outcome<WatchPosition> Read(string token, OrderRecord order, string principalClass, ISeal seal)
    {
        if (token.Length == 0)
        {
            return Start;
        }

        if (!seal.TryOpen(Purpose, token, out string? text)
            || text.Split(' ') is not [string id, string revision, string number, string madeFor])
        {
            return Lost;
        }

        if (id != order.Id.Value)
        {
            return Fault.Invalid("resume_token", "TOKEN_OF_ANOTHER_ORDER", "was made for another order");
        }

        OrderPosition seen = new(
            long.Parse(revision, CultureInfo.InvariantCulture), long.Parse(number, CultureInfo.InvariantCulture));

        // A revision that the order does not have comes from a copy of the data that was restored since.
        return madeFor == principalClass && seen.Revision <= order.Revision
            ? new WatchPosition(seen, IsKnown: true)
            : Lost;
    }
}

/// <summary>Which change each message of a watch brings.</summary>
internal sealed class WatchProgress(WatchPosition from)
{
    private WatchChange first = from.First;
    private long seen = from.Seen.Revision;
    private bool begun;

    /// <summary>The changes to tell of a version, in order; two when a lost watcher comes after the end.</summary>
    public IEnumerable<WatchChange> Of(OrderVersion version, bool isNews)
    {
        WatchChange change = Next(version, isNews);
        first = WatchChange.Update;
        seen = version.Order.Revision;
        begun = true;
        bool hasEnded = version.Order.HasEnded;
        return hasEnded
            ? change == WatchChange.Reset ? [WatchChange.Reset, WatchChange.Final] : [WatchChange.Final]
            : [change];
    }

    private WatchChange Next(OrderVersion version, bool isNews)
    {
        if (!isNews || (!begun && first == WatchChange.Update && version.Order.Revision == seen))
        {
            return WatchChange.Bookmark;
        }

        return first == WatchChange.Update && version.News is null ? WatchChange.Reset : first;
    }
}
