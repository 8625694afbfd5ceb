using Florist.Kernel;
using Microsoft.Extensions.Options;

namespace Florist.Delivery.Streaming;

/// <summary>
/// The streams of this process: how many a courier holds, and which stream of a producer is the last. What must hold
/// across processes and restarts is the producer grain's; this only spares a stream that was taken over the wait.
/// </summary>
internal sealed class CourierStreams(IOptions<DeliveryOptions> options)
{
    // Producers name themselves, so what is remembered of them must not grow with the names.
    private const int GaugesMax = 1000;

    private readonly Lock changing = new();
    private readonly Dictionary<CourierId, Dictionary<string, StreamLease>> live = [];
    private readonly Dictionary<ProducerKey, RejectionGauge> gauges = [];

    /// <summary>Counts a stream in, and tells the one before of the same producer that it was taken over.</summary>
    /// <returns>The lease, to be disposed at the end; null when the courier holds too many streams.</returns>
    public StreamLease? Enter(ProducerKey key, TimeSpan now, Action takenOver)
    {
        StreamLease? before;
        StreamLease lease;
        lock (changing)
        {
            Dictionary<string, StreamLease> streams = live.GetValueOrDefault(key.Courier) ?? [];
            streams.TryGetValue(key.Producer, out before);
            if (before is null && streams.Count >= options.Value.StreamsPerCourierMax)
            {
                return null;
            }

            lease = new StreamLease(this, key, Gauge(key, now), takenOver);
            streams[key.Producer] = lease;
            live[key.Courier] = streams;
        }

        before?.TakeOver();
        return lease;
    }

    public void Leave(StreamLease lease)
    {
        lock (changing)
        {
            if (live.TryGetValue(lease.Key.Courier, out Dictionary<string, StreamLease>? streams)
                && streams.GetValueOrDefault(lease.Key.Producer) == lease)
            {
                streams.Remove(lease.Key.Producer);
            }

            if (streams is { Count: 0 })
            {
                live.Remove(lease.Key.Courier);
            }
        }
    }

    private RejectionGauge Gauge(ProducerKey key, TimeSpan now)
    {
        if (gauges.TryGetValue(key, out RejectionGauge? known))
        {
            return known;
        }

        if (gauges.Count >= GaugesMax)
        {
            foreach ((ProducerKey idle, _) in gauges.Where(gauge => gauge.Value.IsIdle(now)).ToList())
            {
                gauges.Remove(idle);
            }
        }

        return gauges[key] = new RejectionGauge(options.Value.QuarantineUpdatesMin);
    }
}

/// <summary>One stream's place.</summary>
internal sealed class StreamLease(CourierStreams streams, ProducerKey key, RejectionGauge gauge, Action takenOver)
    : IDisposable
{
    public ProducerKey Key => key;

    public RejectionGauge Gauge => gauge;

    public void TakeOver() => takenOver();

    public void Dispose() => streams.Leave(this);
}
