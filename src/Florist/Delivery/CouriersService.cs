using System.Collections.Immutable;
using Florist.Delivery.Streaming;
using Florist.Kernel;
using Florist.Protos.Delivery.V1;
using Google.Protobuf.Collections;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;

namespace Florist.Delivery;

/// <summary>The RPCs of CourierService: reports to the orders that they are about, and answers back.</summary>
internal sealed class CouriersService(
    IGrainFactory grains,
    ICourierQueries queries,
    CourierIntake intake,
    CourierStreams streams,
    StreamClock clock,
    IOptions<DeliveryOptions> options,
    IHostApplicationLifetime lifetime,
    IIds ids,
    ISeal seal,
    ILogger<CouriersService> log) : CourierService.CourierServiceBase
{
    private const int BatchMax = 100;
    private const int ProducerLengthMax = 40;
    private const double LifetimeJitter = 0.1;

    public override async Task StreamUpdates(
        IAsyncStreamReader<StreamUpdatesRequest> requestStream,
        IServerStreamWriter<StreamUpdatesResponse> responseStream,
        ServerCallContext context)
    {
        GrpcWire wire = new(requestStream, responseStream);
        StreamUpdatesRequest.Types.Hello hello = await Hello(wire, context.CancellationToken);
        ProducerKey key = Producer(hello, Caller.Of(context));
        StreamTerms terms = Terms(key, hello);
        ICourierProducerGrain producer = grains.GetGrain<ICourierProducerGrain>(key.ToString());
        CourierSession session = new(terms, wire, producer, intake.Decide, log);
        using StreamLease lease = streams.Enter(key, terms.Now, session.TakeOver)
            ?? throw StreamEnds.StreamsLimit(options.Value.StreamsPerCourierMax);
        if (lease.Gauge.IsTripped(terms.Now))
        {
            throw StreamEnds.Quarantined();
        }

        OpenSession open = new(terms.SessionId, hello.NextSequence);
        long committed = (await producer.Open(open)).OrThrow();
        await session.Run(committed, lease.Gauge, lifetime.ApplicationStopping, context.CancellationToken);
    }

    public override async Task<ReportUpdatesResponse> ReportUpdates(
        ReportUpdatesRequest request, ServerCallContext context)
    {
        CourierId courier = Courier(request.Courier, "courier", Caller.Of(context));
        FieldChecks checks = new();
        string? requestId = checks.RequestId(request.RequestId);
        checks.That(request.Events.Count is > 0 and <= BatchMax, "events", "COUNT_INVALID", $"must be 1 to {BatchMax}");
        ThrowIfWrong(checks);
        ReportBatch batch = new(
            requestId, [.. request.Events.Select(sent => DeliveryMessages.Read(sent, courier, ReportSource.Unary))]);
        ICourierProducerGrain keeper =
            grains.GetGrain<ICourierProducerGrain>(ProducerKey.OfBatch(courier, requestId).ToString());
        EarlierBatch earlier = (await keeper.Earlier(batch)).OrThrow();
        ImmutableArray<ReportAnswer> answers = earlier.Answers
            ?? await DecideAndKeep(keeper, batch, request.Events, context.CancellationToken);
        ReportUpdatesResponse response = new();
        response.Results.AddRange(answers.Select(answer => answer.ToProto(0)));
        return response;
    }

    public override async Task<ListRejectedUpdatesResponse> ListRejectedUpdates(
        ListRejectedUpdatesRequest request, ServerCallContext context)
    {
        CourierId courier = Courier(request.Parent, "parent", Caller.Of(context));
        string arguments = $"rejectedUpdates\u001E{courier}";
        PageRequest page = PageRequest.Read(request.PageSize, request.PageToken, arguments, seal).OrThrow();
        Page<RejectedReport> found = await queries.Rejected(courier, page, context.CancellationToken);
        ListRejectedUpdatesResponse response = new() { NextPageToken = PageRequest.Token(found.Next, arguments, seal) };
        response.RejectedUpdates.AddRange(found.Items.Select(rejected => rejected.ToProto(courier)));
        return response;
    }

    private async Task<ImmutableArray<ReportAnswer>> DecideAndKeep(
        ICourierProducerGrain keeper,
        ReportBatch batch,
        RepeatedField<DeliveryEvent> events,
        CancellationToken cancellationToken)
    {
        // In order and one by one: the events of a batch may be about one delivery.
        ImmutableArray<ReportAnswer>.Builder answers = ImmutableArray.CreateBuilder<ReportAnswer>();
        foreach (AddressedReport report in batch.Reports)
        {
            answers.Add(await intake.Decide(report, cancellationToken));
        }

        ImmutableArray<RejectedReport> rejected =
        [
            .. answers.Select((answer, i) => (Answer: answer, Event: events[i]))
                .Where(pair => pair.Answer.Fault is { Kind: not FaultKind.Denied })
                .Select(pair => pair.Event.ToRejected(pair.Answer.Fault ?? new Fault(), 0)),
        ];
        EarlierBatch kept = (await keeper.Keep(new KeepBatch(batch, answers.ToImmutable(), rejected))).OrThrow();
        return kept.Answers ?? answers.ToImmutable();
    }

    private async Task<StreamUpdatesRequest.Types.Hello> Hello(GrpcWire wire, CancellationToken aborted)
    {
        Task<StreamUpdatesRequest?> first = wire.Receive(aborted);
        TimeSpan patience = TimeSpan.FromSeconds(options.Value.HelloSecondsMax);
        try
        {
            return (await first.WaitAsync(patience, clock.Time, aborted))?.Hello
                ?? throw StreamEnds.HelloExpected("the first message must be Hello");
        }
        catch (TimeoutException)
        {
            throw StreamEnds.HelloExpected($"Hello must come within {patience.TotalSeconds:0} seconds");
        }
    }

    private static ProducerKey Producer(StreamUpdatesRequest.Types.Hello hello, Caller caller)
    {
        CourierId courier = Courier(hello.Courier, "hello.courier", caller);
        FieldChecks checks = new();
        checks.That(
            hello.ProducerId.Length <= ProducerLengthMax && DeliveryNames.IsId(hello.ProducerId),
            "hello.producer_id",
            hello.ProducerId.Length == 0 ? "REQUIRED" : "ID_INVALID",
            $"must be 1 to {ProducerLengthMax} lower-case letters, digits and hyphens");
        checks.That(hello.NextSequence >= 1, "hello.next_sequence", "OUT_OF_RANGE", "must be 1 or more");
        checks.That(hello.MaxInFlight >= 0, "hello.max_in_flight", "OUT_OF_RANGE", "must not be negative");
        ThrowIfWrong(checks);
        return new ProducerKey(courier, hello.ProducerId);
    }

    private StreamTerms Terms(ProducerKey key, StreamUpdatesRequest.Types.Hello hello)
    {
        int window = hello.MaxInFlight == 0
            ? options.Value.StreamWindow
            : Math.Clamp(hello.MaxInFlight, 1, options.Value.StreamWindow);
        string session = ids.Next();

        // Streams that began together, as after a deploy, must not end together. The id is random enough to spread
        // them.
        double spread = LifetimeJitter * ((2.0 * (session[^1] % 16) / 15) - 1);
        TimeSpan life = TimeSpan.FromMinutes(options.Value.StreamMinutesMax) * (1 + spread);
        return new StreamTerms(key, session, window, life, options.Value, clock.Time);
    }

    // Permission comes first: a courier may only speak for itself.
    private static CourierId Courier(string name, string field, Caller caller)
    {
        CourierId courier = DeliveryNames.CourierOf(name)
            ?? throw DeliveryNames.Malformed(field, "couriers/{courier}").ToException();
        bool may = caller.IsInternal || (caller.Kind == CallerKind.Courier && caller.Id == courier.Value);
        return may ? courier : throw Fault.Denied("the caller may not speak for this courier").ToException();
    }

    private static void ThrowIfWrong(FieldChecks checks)
    {
        if (checks.Fault is { } fault)
        {
            throw fault.ToException();
        }
    }
}
