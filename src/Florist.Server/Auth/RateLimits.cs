using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Florist.Kernel;
using Microsoft.Extensions.Options;

namespace Florist.Server.Auth;

/// <summary>
/// Counts the calls of each principal, and of each address for those without a token, in token buckets. Holds a bounded
/// number of them: the older half goes when the younger is full, but for those that still call.
/// </summary>
internal sealed class RateLimits(IOptions<RateLimitsOptions> options)
{
    private const int NetworkBytes = 8;

    private readonly RateLimitsOptions limits = options.Value;
    private readonly Lock turning = new();
    private ConcurrentDictionary<BucketKey, TokenBucketRateLimiter> young = new();
    private ConcurrentDictionary<BucketKey, TokenBucketRateLimiter> old = new();

    /// <summary>Buckets held at present.</summary>
    public int Count => young.Count + old.Count;

    /// <summary>Takes one call from the caller's bucket.</summary>
    /// <param name="caller">Who calls.</param>
    /// <param name="address">From where; looked at for callers without a token.</param>
    /// <param name="pace">What sort of call.</param>
    /// <returns>Null when the call may be made; else after how long there will be room.</returns>
    public TimeSpan? Take(Caller caller, IPAddress? address, Pace pace)
    {
        if (!limits.Enabled || pace == Pace.Free)
        {
            return null;
        }

        BucketKey key = caller.Kind == CallerKind.Anonymous
            ? new BucketKey(pace, CallerKind.Anonymous, "", Network(address))
            : new BucketKey(pace, caller.Kind, caller.Id, UInt128.Zero);
        TokenBucketRateLimiter bucket = Find(key);
        bucket.TryReplenish();
        using RateLimitLease lease = bucket.AttemptAcquire();
        if (lease.IsAcquired)
        {
            return null;
        }

        return lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan wait) ? wait : TimeSpan.FromSeconds(1);
    }

    private TokenBucketRateLimiter Find(BucketKey key)
    {
        if (young.TryGetValue(key, out TokenBucketRateLimiter? bucket))
        {
            return bucket;
        }

        lock (turning)
        {
            if (young.Count >= limits.PrincipalsMax / 2)
            {
                old = young;
                young = new ConcurrentDictionary<BucketKey, TokenBucketRateLimiter>();
            }

            return young.GetOrAdd(key, k => old.TryRemove(k, out TokenBucketRateLimiter? kept) ? kept : Make(k));
        }
    }

    // Without a timer of its own: it is filled up for the time that has passed, when somebody looks.
    private TokenBucketRateLimiter Make(BucketKey key)
    {
        CallRatesOptions rates = RatesOf(key.Kind);
        double perSecond = key.Pace switch
        {
            Pace.Read => rates.Reads,
            Pace.List => rates.Lists,
            Pace.Stream => rates.Streams,
            _ => rates.Writes,
        };
        return new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
        {
            AutoReplenishment = false,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1 / perSecond),
            TokenLimit = (int)Math.Clamp(perSecond * rates.BurstSeconds, 1, int.MaxValue),
            QueueLimit = 0,
        });
    }

    private CallRatesOptions RatesOf(CallerKind kind) => kind switch
    {
        CallerKind.Customer => limits.Customer,
        CallerKind.Courier => limits.Courier,
        CallerKind.Staff => limits.Staff,
        CallerKind.Service => limits.Service,
        _ => limits.Anonymous,
    };

    // An address of version 6 is one of very many that its holder has; the network of 64 bits is who calls.
    private static UInt128 Network(IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address is null)
        {
            return UInt128.Zero;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        address.TryWriteBytes(bytes, out _);
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            bytes[NetworkBytes..].Clear();
        }

        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private readonly record struct BucketKey(Pace Pace, CallerKind Kind, string Id, UInt128 Network);
}
