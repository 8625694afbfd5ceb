using System.Collections.Immutable;
using Florist.Delivery.Streaming;
using Florist.Kernel;
using Florist.Protos.Delivery.V1;
using Grpc.Core;
using Orleans;

namespace Florist.Delivery;

/// <summary>The RPCs of couriers: messages to reports and back.</summary>
internal sealed partial class CouriersService(
    IGrainFactory grains,
    CourierIntake intake,
    CourierStreamHost streams,
    ICourierQueries queries,
    IIds ids,
    ISeal seal,
    Watches watches,
    ProofLinks links)
    : Protos.Delivery.V1.CourierService.CourierServiceBase
{
    private const int BatchMax = 100;

    public override Task StreamUpdates(
        IAsyncStreamReader<StreamUpdatesRequest> requestStream,
        IServerStreamWriter<StreamUpdatesResponse> responseStream,
        ServerCallContext context) =>
        streams.Serve(new GrpcWire(requestStream, responseStream), Caller.Of(context), context.CancellationToken);

    public override async Task<ReportUpdatesResponse> ReportUpdates(
        ReportUpdatesRequest request, ServerCallContext context)
    {
        Caller caller = Caller.Of(context);
        CourierId courier = Permitted(request.Courier, "courier", caller).OrThrow();
        FieldChecks checks = new();
        string? requestId = checks.RequestId(request.RequestId);
        checks.That(request.Events.Count > 0, "events", "REQUIRED", "is required");
        checks.That(request.Events.Count <= BatchMax, "events", "TOO_MANY", $"more than {BatchMax} events");
        if (checks.Fault is { } fault)
        {
            throw fault.ToException();
        }

        ReportBatch batch = new(
            requestId, [.. request.Events.Select(sent => DeliveryMessages.Read(sent, courier, SourceOf(caller)))]);
        ICourierProducerGrain producer = grains.GetGrain<ICourierProducerGrain>(
            ProducerKey.OfBatch(courier, requestId).ToString());
        ImmutableArray<ReportAnswer>? answers = (await producer.Earlier(batch)).OrThrow().Answers
            ?? (await Decide(request, batch, producer, context.CancellationToken)).OrThrow().Answers;
        ReportUpdatesResponse response = new();
        response.Results.AddRange(answers?.Select(answer => answer.ToProto(0)) ?? []);
        return response;
    }

    public override async Task<ListRejectedUpdatesResponse> ListRejectedUpdates(
        ListRejectedUpdatesRequest request, ServerCallContext context)
    {
        CourierId courier = Permitted(request.Parent, "parent", Caller.Of(context)).OrThrow();
        string arguments = $"rejectedUpdates\u001E{courier}";
        PageRequest page = PageRequest.Read(request.PageSize, request.PageToken, arguments, seal).OrThrow();
        Page<RejectedReport> found = await queries.Rejected(courier, page, context.CancellationToken);
        ListRejectedUpdatesResponse response = new() { NextPageToken = PageRequest.Token(found.Next, arguments, seal) };
        response.RejectedUpdates.AddRange(found.Items.Select(rejected => rejected.ToProto(courier)));
        return response;
    }

    private async Task<Outcome<EarlierBatch>> Decide(
        ReportUpdatesRequest request,
        ReportBatch batch,
        ICourierProducerGrain producer,
        CancellationToken cancellationToken)
    {
        ImmutableArray<ReportAnswer> answers = await intake.DecideAll(batch.Reports, cancellationToken);
        ImmutableArray<RejectedReport> rejected =
        [
            .. request.Events.Zip(answers)
                .Where(decided => decided.Second.Fault is { } fault && fault.Kind != FaultKind.Denied)
                .Select(decided => decided.First.ToRejected(decided.Second.Fault ?? new Fault(), 0)),
        ];
        return await producer.Keep(new KeepBatch(batch, answers, rejected));
    }

    private static Outcome<CourierId> Permitted(string name, string field, Caller caller)
    {
        if (DeliveryNames.CourierOf(name) is not { } courier)
        {
            return DeliveryNames.Malformed(field, "couriers/{courier}");
        }

        return CourierStreamHost.SpeaksFor(caller, courier)
            ? courier
            : Fault.Denied("the caller may not speak for this courier");
    }

    private static ReportSource SourceOf(Caller caller) => caller.Kind switch
    {
        CallerKind.Staff => ReportSource.Manual,
        CallerKind.Service => ReportSource.Webhook,
        _ => ReportSource.Unary,
    };
}
