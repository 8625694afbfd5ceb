using Florist.Kernel;
using Florist.Protos.Delivery.V1;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;

namespace Florist.Delivery.Streaming;

/// <summary>Opens streams: from the call to Welcome, and off the list at the end.</summary>
internal sealed class CourierStreamHost(
    IGrainFactory grains,
    CourierIntake intake,
    CourierStreams streams,
    IIds ids,
    Jitter jitter,
    StreamClock clock,
    IOptions<DeliveryOptions> options,
    IHostApplicationLifetime lifetime,
    ILogger<CourierStreamHost> log)
{
    /// <summary>Serves one stream until it ends well.</summary>
    /// <exception cref="RpcException">It ended otherwise.</exception>
    public async Task Serve(ICourierWire wire, Caller caller, CancellationToken aborted)
    {
        StreamUpdatesRequest.Types.Hello hello = await ReadHello(wire, aborted);
        ProducerKey key = ReadKey(hello, caller).OrThrow();
        CourierSession? session = null;
        using StreamLease lease = streams.Enter(key, StreamTerms.SinceStart(clock.Time), () => session?.TakeOver())
            ?? throw StreamEnds.StreamsLimit(options.Value.StreamsPerCourierMax);
        ICourierGrain courier = grains.GetGrain<ICourierGrain>(key.Courier.Value);
        await Admit(courier, key, caller, lease.Gauge);
        ICourierProducerGrain producer = grains.GetGrain<ICourierProducerGrain>(key.ToString());
        StreamTerms terms = Terms(key, hello, caller);
        long committed = (await producer.Open(new OpenSession(terms.SessionId, hello.NextSequence))).OrThrow();
        session = new CourierSession(terms, committed, lease.Gauge, wire, producer, courier, intake.Decide, log);
        DeliveryLog.StreamOpened(log, terms.SessionId, key.Courier.Value, key.Producer, committed);
        string reason = "aborted";
        try
        {
            await session.Run(lifetime.ApplicationStopping, aborted);
            reason = "done";
        }
        catch (RpcException ended)
        {
            reason = ended.Status.Detail;
            throw;
        }
        finally
        {
            DeliveryLog.StreamEnded(log, terms.SessionId, key.Courier.Value, key.Producer, reason);
        }
    }

    /// <summary>True when the caller may speak for the courier: itself, or the shop on its behalf.</summary>
    public static bool SpeaksFor(Caller caller, CourierId courier) =>
        caller.IsInternal || (caller.Kind == CallerKind.Courier && caller.Id == courier.Value);

    // A stream may have ended before it could be stored that its producer is shut out.
    private async Task Admit(ICourierGrain courier, ProducerKey key, Caller caller, RejectionGauge gauge)
    {
        TimeSpan now = StreamTerms.SinceStart(clock.Time);
        if (gauge.IsTripped(now))
        {
            (int updates, int rejected) = gauge.Counts(now);
            await courier.Quarantine(new QuarantineProducer(key.Producer, updates, rejected));
            gauge.Clear();
        }

        Outcome<Done> standing = await courier.Standing(caller.KeyId, key.Producer);
        if (!(caller.IsInternal && standing.Fault?.Kind == FaultKind.Denied))
        {
            standing.OrThrow();
        }
    }

    private async Task<StreamUpdatesRequest.Types.Hello> ReadHello(ICourierWire wire, CancellationToken aborted)
    {
        TimeSpan patience = TimeSpan.FromSeconds(options.Value.HelloSecondsMax);
        try
        {
            StreamUpdatesRequest? first = await wire.Receive(aborted).WaitAsync(patience, clock.Time, aborted);
            return first?.Hello ?? throw StreamEnds.HelloExpected("the first message must be Hello");
        }
        catch (TimeoutException)
        {
            throw StreamEnds.HelloExpected($"Hello must come within {patience.TotalSeconds} seconds");
        }
    }

    private static Outcome<ProducerKey> ReadKey(StreamUpdatesRequest.Types.Hello hello, Caller caller)
    {
        if (DeliveryNames.CourierOf(hello.Courier) is not { } courier)
        {
            return DeliveryNames.Malformed("hello.courier", "couriers/{courier}");
        }

        if (!SpeaksFor(caller, courier))
        {
            return Fault.Denied("the caller may not speak for this courier");
        }

        FieldChecks checks = new();
        checks.That(
            DeliveryNames.IsId(hello.ProducerId),
            "hello.producer_id", "ID_INVALID", "must be 1 to 63 lower-case letters, digits and hyphens");
        checks.That(hello.NextSequence >= 1, "hello.next_sequence", "OUT_OF_RANGE", "must be 1 or more");
        checks.That(hello.MaxInFlight >= 0, "hello.max_in_flight", "NEGATIVE", "must not be negative");
        return checks.Fault is { } fault ? fault : new ProducerKey(courier, hello.ProducerId);
    }

    // Streams opened together, after a restart, should not all end together.
    private StreamTerms Terms(ProducerKey key, StreamUpdatesRequest.Types.Hello hello, Caller caller)
    {
        DeliveryOptions settings = options.Value;
        int window = hello.MaxInFlight > 0 ? Math.Min(hello.MaxInFlight, settings.StreamWindow) : settings.StreamWindow;
        TimeSpan lifetime = TimeSpan.FromMinutes(settings.StreamMinutesMax) * (0.9 + (0.2 * jitter.Next()));
        return new StreamTerms(key, ids.Next(), window, lifetime, settings, clock.Time)
        {
            KeyId = caller.KeyId,
            IsInternal = caller.IsInternal,
            ExpiresAt = StreamTerms.SinceStart(clock.Time) + (caller.ExpiresAt - TimeProvider.System.GetUtcNow()),
        };
    }
}
