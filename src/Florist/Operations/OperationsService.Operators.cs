using System.Collections.Immutable;
using Florist.Kernel;
using Florist.Messaging;
using Florist.Protos.Operations.V1;
using Grpc.Core;
using PauseMessage = Florist.Protos.Operations.V1.SendPause;

namespace Florist.Operations;

/// <content>What operators look at and do.</content>
internal sealed partial class OperationsService
{
    private const string PauseCollection = "sendPauses/";

    private IParkedItemsGrain Desk => grains.GetGrain<IParkedItemsGrain>(IParkedItemsGrain.Key);

    private ISendPausesGrain Pauses => grains.GetGrain<ISendPausesGrain>(ISendPausesGrain.Key);

    public override async Task<EngineStatus> GetEngineStatus(GetEngineStatusRequest request, ServerCallContext context)
    {
        Operator(context);
        DateTimeOffset now = time.GetUtcNow();
        ImmutableArray<LaneReading> lanes = await readings.Lanes(now, context.CancellationToken);
        ImmutableArray<ParkedCount> counts = await parked.Counts(context.CancellationToken);
        EngineStatus status = new()
        {
            CurrentTime = now.ToProto(),
            Disk = room.Current.ToProto(),
            LastBackupTime = (await Desk.LastBackup()).At?.ToProto(),
        };
        status.Lanes.AddRange(lanes.Select(lane => lane.ToProto(now)));
        status.ParkedCounts.AddRange(counts.Select(count => count.ToProto()));
        status.SendPauses.AddRange((await Pauses.List()).Select(pause => pause.ToProto()));
        return status;
    }

    public override async Task<ListParkedItemsResponse> ListParkedItems(
        ListParkedItemsRequest request, ServerCallContext context)
    {
        Operator(context);
        FilterExpression filter = IParkedItems.Filters.Parse(request.Filter).OrThrow();
        string arguments = $"parkedItems\u001E{filter.ToFilterText()}";
        PageRequest page = PageRequest.Read(request.PageSize, request.PageToken, arguments, seal).OrThrow();
        Page<Kernel.ParkedItem> found = await parked.List(filter, page, context.CancellationToken);
        ListParkedItemsResponse response = new() { NextPageToken = PageRequest.Token(found.Next, arguments, seal) };
        response.ParkedItems.AddRange(found.Items.Select(item => item.ToProto()));
        return response;
    }

    public override async Task<RetryParkedItemsResponse> RetryParkedItems(
        RetryParkedItemsRequest request, ServerCallContext context)
    {
        FieldChecks checks = new();
        OperatorOrder order = OperationsMessages.ReadOrder(
            Operator(context), request.RequestId, request.Reason, checks);
        HandleParked command = OperationsMessages.ReadParked(
            order, ParkedVerb.Retry, request.Names, request.Filter, request.Etag, request.ValidateOnly, checks);
        Passed(checks);
        HandledItems handled = (await Desk.Handle(command)).OrThrow();
        return new RetryParkedItemsResponse { RetriedCount = handled.Count, More = handled.More };
    }

    public override async Task<DropParkedItemsResponse> DropParkedItems(
        DropParkedItemsRequest request, ServerCallContext context)
    {
        FieldChecks checks = new();
        OperatorOrder order = OperationsMessages.ReadOrder(
            Operator(context), request.RequestId, request.Reason, checks);
        HandleParked command = OperationsMessages.ReadParked(
            order, ParkedVerb.Drop, request.Names, request.Filter, request.Etag, request.ValidateOnly, checks);
        Passed(checks);
        HandledItems handled = (await Desk.Handle(command)).OrThrow();
        return new DropParkedItemsResponse { DroppedCount = handled.Count, More = handled.More };
    }

    public override async Task<PauseSendsResponse> PauseSends(PauseSendsRequest request, ServerCallContext context)
    {
        FieldChecks checks = new();
        OperatorOrder order = OperationsMessages.ReadOrder(
            Operator(context), request.RequestId, request.Reason, checks);
        PauseSends command = new(order, OperationsMessages.ReadScope(request, checks));
        Passed(checks);
        PausedSends paused = (await sends.Pause(command)).OrThrow();
        return new PauseSendsResponse { SendPause = paused.Pause.ToProto(), UnderWayCount = paused.UnderWay };
    }

    public override async Task<PauseMessage> ResumeSends(ResumeSendsRequest request, ServerCallContext context)
    {
        FieldChecks checks = new();
        OperatorOrder order = OperationsMessages.ReadOrder(
            Operator(context), request.RequestId, request.Reason, checks);
        bool isName = request.Name.StartsWith(PauseCollection, StringComparison.Ordinal);
        checks.That(isName, "name", "NAME_INVALID", "is not of the form sendPauses/{send_pause}");
        Passed(checks);
        ResumeSends command = new(
            order, request.Name[PauseCollection.Length..], request.Etag.Length == 0 ? null : request.Etag);
        return (await Pauses.Resume(command)).OrThrow().ToProto();
    }

    public override async Task<ListSendPausesResponse> ListSendPauses(
        ListSendPausesRequest request, ServerCallContext context)
    {
        Operator(context);
        const string arguments = "sendPauses";
        PageRequest page = PageRequest.Read(request.PageSize, request.PageToken, arguments, seal).OrThrow();
        Messaging.SendPause[] behind = [.. (await Pauses.List())
            .Where(pause => string.CompareOrdinal(pause.Scope.Id, page.After) > 0)
            .Take(page.Size + 1)];
        string? next = behind.Length > page.Size ? behind[page.Size - 1].Scope.Id : null;
        ListSendPausesResponse response = new() { NextPageToken = PageRequest.Token(next, arguments, seal) };
        response.SendPauses.AddRange(behind.Take(page.Size).Select(pause => pause.ToProto()));
        return response;
    }

    public override async Task<ListOperatorActionsResponse> ListOperatorActions(
        ListOperatorActionsRequest request, ServerCallContext context)
    {
        Operator(context);
        FilterExpression filter = IOperatorActions.Filters.Parse(request.Filter).OrThrow();
        string arguments = $"operatorActions\u001E{filter.ToFilterText()}";
        PageRequest page = PageRequest.Read(request.PageSize, request.PageToken, arguments, seal).OrThrow();
        Page<Kernel.OperatorAction> found = await actions.List(filter, page, context.CancellationToken);
        ListOperatorActionsResponse response = new() { NextPageToken = PageRequest.Token(found.Next, arguments, seal) };
        response.OperatorActions.AddRange(found.Items.Select(action => action.ToProto()));
        return response;
    }

    private static Caller Operator(ServerCallContext context)
    {
        Caller caller = Caller.Of(context);
        return caller.IsInternal ? caller : throw Fault.Denied("operations are for staff").ToException();
    }

    private static void Passed(FieldChecks checks)
    {
        if (checks.Fault is { } fault)
        {
            throw fault.ToException();
        }
    }
}
