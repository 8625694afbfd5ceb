using System.Collections.Immutable;
using Florist.Kernel;

namespace Florist.Orders;

/// <summary>
/// Who may track an order without an account: its links and until when they work. Changes by returning the next.
/// </summary>
public sealed record OrderTracking
{
    /// <summary>Links that are not revoked.</summary>
    public const int LinksMax = 10;

    /// <summary>The number of the sender's own link, which messages about the order carry.</summary>
    public const int SendersLink = 1;

    /// <summary>So long after its end an order can still be tracked.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromHours(48);

    // Revoked links are remembered for those who look at them; their numbers are never used again anyway.
    private const int RememberedMax = 30;

    /// <summary>Links ever opened; the number of the latest.</summary>
    public int LinkCount { get; init; }

    /// <summary>The links, oldest first.</summary>
    public ImmutableArray<TrackingLink> Links { get; init; } = [];

    /// <summary>When the links stop working; null while the order has not ended.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>True when the link of this number works at <paramref name="now"/>.</summary>
    public bool Admits(int number, DateTimeOffset now) =>
        !IsOver(now) && Links.Any(link => link.Number == number && link.RevokedAt is null);

    internal bool IsOver(DateTimeOffset now) => Until <= now;

    internal Outcome<OrderTracking> Open(DateTimeOffset now)
    {
        if (IsOver(now))
        {
            return Fault.Refused("TRACKING_OVER", "the order ended too long ago to be tracked");
        }

        if (Links.Count(link => link.RevokedAt is null) >= LinksMax)
        {
            return Fault.TooMany("TRACKING_LINKS_LIMIT", $"an order can have {LinksMax} tracking links")
                .With("linksMax", $"{LinksMax}");
        }

        TrackingLink opened = new() { Number = LinkCount + 1, CreatedAt = now };
        ImmutableArray<TrackingLink> kept = Links.Length < RememberedMax
            ? Links
            : Links.Remove(Links.First(link => link.RevokedAt is not null));
        return this with { LinkCount = opened.Number, Links = kept.Add(opened) };
    }

    internal Outcome<OrderTracking> Revoke(OrderId order, int number, DateTimeOffset now)
    {
        if (Links.FirstOrDefault(link => link.Number == number) is not { } known)
        {
            return Fault.NotFound(TrackingLink.NameOf(order, number));
        }

        return known.RevokedAt is null
            ? this with { Links = Links.Replace(known, known with { RevokedAt = now }) }
            : this;
    }

    // An order that a person opens again can be tracked again.
    internal OrderTracking As(bool hasEnded, DateTimeOffset now) =>
        hasEnded == Until is not null ? this : this with { Until = hasEnded ? now + KeptFor : null };
}

/// <summary>A link by which its holder tracks an order. Its token is made from its number and kept nowhere.</summary>
public sealed record TrackingLink
{
    /// <summary>Counts the links of the order, from 1; never used twice.</summary>
    public int Number { get; init; }

    /// <summary>When it was opened.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was revoked; null while it is good.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    internal static string NameOf(OrderId order, int number) => $"{order.Name}/trackingLinks/l{number}";
}

/// <summary>Opens a tracking link.</summary>
/// <param name="RequestId">Makes a repeat safe; null when the caller gave none.</param>
public sealed record OpenTrackingLink(string? RequestId);

/// <summary>Revokes a tracking link.</summary>
/// <param name="RequestId">Makes a repeat safe; null when the caller gave none.</param>
/// <param name="Number">Which.</param>
public sealed record RevokeTrackingLink(string? RequestId, int Number);
