using System.Globalization;
using Florist.Kernel;
using Florist.Protos.Delivery.V1;
using Grpc.Core;
using Proto = Florist.Protos.Delivery.V1;

namespace Florist.Delivery;

/// <summary>What couriers have to do.</summary>
internal sealed partial class CouriersService
{
    private const string ResumePurpose = "assignments";

    // What is revoked is cut off within five seconds.
    private static readonly TimeSpan StandingWait = TimeSpan.FromSeconds(3);

    public override async Task<ListAssignmentsResponse> ListAssignments(
        ListAssignmentsRequest request, ServerCallContext context)
    {
        CourierId courier = Permitted(request.Parent, "parent", Caller.Of(context)).OrThrow();
        string arguments = $"assignments\u001E{courier}";
        PageRequest page = PageRequest.Read(request.PageSize, request.PageToken, arguments, seal).OrThrow();
        Page<CourierAssignment> found = await queries.Assignments(courier, page, context.CancellationToken);
        ListAssignmentsResponse response = new() { NextPageToken = PageRequest.Token(found.Next, arguments, seal) };
        response.Assignments.AddRange(found.Items.Select(AssignmentMessages.ToProto));
        return response;
    }

    public override async Task WatchAssignments(
        WatchAssignmentsRequest request,
        IServerStreamWriter<WatchAssignmentsResponse> responseStream,
        ServerCallContext context)
    {
        Caller caller = Caller.Of(context);
        CourierId courier = Permitted(request.Courier, "courier", caller).OrThrow();
        string thing = $"{DeliveryNames.Courier(courier)}/assignments";
        using WatchSeat seat =
            watches.Enter(caller.Principal, caller.Kind == CallerKind.Service, thing).OrThrow();
        DeskPosition? from = ReadResume(request.ResumeToken, courier);
        WatchTerms terms = watches.Terms(context);
        bool isFirst = true;
        long told = terms.Clock.GetTimestamp();

        async Task<bool> Tell(DeskVersion version, bool isNews, CancellationToken cancellationToken)
        {
            if (!caller.IsInternal)
            {
                (await Registry(courier).Standing(caller.KeyId, producer: null)).OrThrow();
            }

            if (isNews || terms.Clock.GetElapsedTime(told) >= terms.Bookmark)
            {
                bool isSnapshot = isFirst && request.ResumeToken.Length == 0;
                await responseStream.WriteAsync(View(version, courier, isNews, isSnapshot), cancellationToken);
                told = terms.Clock.GetTimestamp();
                isFirst = false;
            }

            return true;
        }

        IAsyncEnumerable<DeskVersion> versions =
            grains.GetGrain<ICourierDeskGrain>(courier.Value).Watch(from, context.CancellationToken);
        await WatchLoop.Run(versions, terms with { Bookmark = StandingWait }, Tell, context.CancellationToken);
    }

    public override async Task<Proto.Delivery> AcceptOffer(AcceptOfferRequest request, ServerCallContext context)
    {
        (string order, DeliveryId id) = Named(request.Name);
        FieldChecks checks = new();
        string? requestId = checks.RequestId(request.RequestId);
        CourierId courier = Offered(request.Courier, context);
        Passed(checks);
        AcceptOffer command = new(requestId, id, courier);
        return Told(await grains.GetGrain<IDeliveryGrain>(order).Accept(command), context).ToProto(order);
    }

    public override async Task<Proto.Delivery> DeclineOffer(DeclineOfferRequest request, ServerCallContext context)
    {
        (string order, DeliveryId id) = Named(request.Name);
        FieldChecks checks = new();
        string? requestId = checks.RequestId(request.RequestId);
        string? reason = checks.OptionalText("reason", request.Reason, DispatchRules.ReasonLengthMax);
        CourierId courier = Offered(request.Courier, context);
        Passed(checks);
        DeclineOffer command = new(requestId, id, courier, reason);
        return Told(await grains.GetGrain<IDeliveryGrain>(order).Decline(command), context).ToProto(order);
    }

    private static CourierId Offered(string name, ServerCallContext context) =>
        Permitted(name, "courier", Caller.Of(context)).OrThrow();

    // A courier does not learn from the refusal whether there is such a delivery.
    private static DeliveryRecord Told(Outcome<DeliveryRecord> outcome, ServerCallContext context) =>
        Caller.Of(context).IsInternal || outcome.Fault?.Kind != FaultKind.NotFound
            ? outcome.OrThrow()
            : throw DispatchRules.NotOffered.ToException();

    private static (string Order, DeliveryId Delivery) Named(string name, string field = "name") =>
        DeliveryNames.TryDelivery(name, out string order, out DeliveryId delivery)
            ? (order, delivery)
            : throw DeliveryNames.Malformed(field, "orders/{order}/deliveries/{delivery}").ToException();

    private WatchAssignmentsResponse View(DeskVersion version, CourierId courier, bool isNews, bool isSnapshot)
    {
        bool isEmpty = version is { IsWhole: false, Assignments.IsEmpty: true, Ended.IsEmpty: true };
        WatchAssignmentsResponse response = new()
        {
            Change = !isNews || isEmpty
                ? WatchAssignmentsResponse.Types.Change.Bookmark
                : isSnapshot
                    ? WatchAssignmentsResponse.Types.Change.Snapshot
                    : version.IsWhole
                        ? WatchAssignmentsResponse.Types.Change.Reset
                        : WatchAssignmentsResponse.Types.Change.Update,
            ResumeToken = seal.Seal(ResumePurpose, string.Create(
                CultureInfo.InvariantCulture, $"{courier} {version.Position.Desk} {version.Position.Revision}")),
        };
        if (isNews)
        {
            response.Assignments.AddRange(version.Assignments.Select(AssignmentMessages.ToProto));
            response.Ended.AddRange(version.Ended);
        }

        return response;
    }

    // A token that is not ours begins anew, which the answer says; one of another courier is a mistake.
    private DeskPosition? ReadResume(string token, CourierId courier)
    {
        if (token.Length == 0 || !seal.TryOpen(ResumePurpose, token, out string? text)
            || text.Split(' ') is not [string madeFor, string desk, string revision])
        {
            return null;
        }

        return madeFor == courier.Value
            ? new DeskPosition(desk, long.Parse(revision, CultureInfo.InvariantCulture))
            : throw Fault.Invalid("resume_token", "TOKEN_OF_ANOTHER_COURIER", "was made for another courier")
                .ToException();
    }
}
