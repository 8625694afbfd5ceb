using Florist.Kernel;
using Florist.Protos.Audit.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Entry = Florist.Protos.Audit.V1.AuditEntry;

namespace Florist.Audit;

/// <summary>gRPC face of the audit trail. Who may read it is for the edge alone to say.</summary>
internal sealed class AuditService(IAuditTrail trail, ISeal seal)
    : Protos.Audit.V1.AuditService.AuditServiceBase
{
    public override async Task<ListAuditEntriesResponse> ListAuditEntries(
        ListAuditEntriesRequest request, ServerCallContext context)
    {
        if (Caller.Of(context).Kind != CallerKind.Staff)
        {
            throw Fault.Denied("the audit trail is for auditors").ToException();
        }

        FilterExpression filter = AuditListing.Filters.Parse(request.Filter).OrThrow();
        string arguments = $"auditEntries\u001E{filter.ToFilterText()}";
        PageRequest page = PageRequest.Read(request.PageSize, request.PageToken, arguments, seal).OrThrow();
        Page<AuditEntry> found = await trail.List(filter, page, context.CancellationToken);
        ListAuditEntriesResponse response = new() { NextPageToken = PageRequest.Token(found.Next, arguments, seal) };
        response.AuditEntries.AddRange(found.Items.Select(ToProto));
        return response;
    }

    private static Entry ToProto(AuditEntry entry) => new()
    {
        Name = $"auditEntries/{entry.Id}",
        CreateTime = entry.MadeAt.ToTimestamp(),
        Principal = entry.Principal,
        Roles = { entry.Roles },
        OnBehalfOf = entry.OnBehalfOf ?? "",
        Method = entry.Method,
        Resources = { entry.Resources },
        Filter = entry.Filter ?? "",
        Status = entry.Status,
        Reason = entry.Reason ?? "",
        RequestId = entry.RequestId,
        Address = entry.Address,
    };
}
