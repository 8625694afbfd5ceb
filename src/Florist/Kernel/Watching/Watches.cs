using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Florist.Kernel;

/// <summary>
/// The watches of this process: who holds how many of what, and how long each lasts. A watcher needs nothing of it but
/// a seat, which it leaves at its end.
/// </summary>
internal sealed class Watches(IOptions<WatchOptions> options, WatchClock clock)
{
    private readonly Lock changing = new();
    private readonly Dictionary<string, Dictionary<string, int>> seats = new(StringComparer.Ordinal);

    /// <summary>Counts a watch in.</summary>
    /// <param name="principal">Who watches.</param>
    /// <param name="isService">True for one of the shop's own systems, which stands for many people.</param>
    /// <param name="thing">What is watched.</param>
    /// <returns>The seat, to be left at the end; TooMany (<c>WATCHES_LIMIT</c>).</returns>
    public Outcome<WatchSeat> Enter(string principal, bool isService, string thing)
    {
        WatchOptions limits = options.Value;
        (int allMax, int thingMax) = isService
            ? (limits.PerServiceMax, limits.PerServiceMax)
            : (limits.PerPrincipalMax, limits.PerThingMax);
        lock (changing)
        {
            Dictionary<string, int> own = seats.GetValueOrDefault(principal) ?? new(StringComparer.Ordinal);
            int ofThing = own.GetValueOrDefault(thing);
            if (ofThing >= thingMax)
            {
                return Full($"more than {thingMax} watches of {thing}", thingMax);
            }

            if (own.Values.Sum() >= allMax)
            {
                return Full($"more than {allMax} watches", allMax);
            }

            own[thing] = ofThing + 1;
            seats[principal] = own;
        }

        return new WatchSeat(this, principal, thing);
    }

    /// <summary>How long a watch lasts and how often it gives a sign of life.</summary>
    public WatchTerms Terms(ServerCallContext context)
    {
        int minutes = IsBrowser(context) ? options.Value.BrowserMinutesMax : options.Value.MinutesMax;
        TimeSpan lifetime = TimeSpan.FromMinutes(minutes);

        // A token is good for no longer than it says, however long a watch may last.
        TimeSpan left = Caller.Of(context).ExpiresAt - TimeProvider.System.GetUtcNow() ?? lifetime;
        lifetime = left < lifetime ? left > TimeSpan.Zero ? left : TimeSpan.Zero : lifetime;
        return new WatchTerms(TimeSpan.FromSeconds(options.Value.BookmarkSeconds), lifetime, clock.Time);
    }

    internal void Leave(string principal, string thing)
    {
        lock (changing)
        {
            Dictionary<string, int> own = seats[principal];
            own[thing]--;
            if (own[thing] == 0)
            {
                own.Remove(thing);
            }

            if (own.Count == 0)
            {
                seats.Remove(principal);
            }
        }
    }

    // Browsers name the page that asks, and whoever speaks gRPC-Web or HTTP/1.1 is one or stands before one.
    private static bool IsBrowser(ServerCallContext context)
    {
        HttpRequest request = context.GetHttpContext().Request;
        return request.Headers.ContainsKey("origin") || request.Headers.ContainsKey("x-grpc-web")
            || HttpProtocol.IsHttp11(request.Protocol);
    }

    private static Fault Full(string text, int max) =>
        Fault.TooMany("WATCHES_LIMIT", text).With("watchesMax", $"{max}");
}

/// <summary>The place of one watch.</summary>
internal sealed class WatchSeat(Watches watches, string principal, string thing) : IDisposable
{
    private int left;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref left, 1) == 0)
        {
            watches.Leave(principal, thing);
        }
    }
}

/// <summary>What holds for one watch.</summary>
/// <param name="Bookmark">Without news there is a sign of life so often.</param>
/// <param name="Lifetime">After this long it is ended well.</param>
/// <param name="Clock">Real time: signs of life are no time of the shop's.</param>
internal sealed record WatchTerms(TimeSpan Bookmark, TimeSpan Lifetime, TimeProvider Clock);

/// <summary>The clock of watches, apart from the product's, which a sandbox may turn.</summary>
internal sealed record WatchClock(TimeProvider Time);
