using System.Collections.Immutable;
using Florist.Kernel;
using Florist.Protos.Orders.V1;
using Grpc.Core;

namespace Florist.Orders;

/// <summary>Reports on promises.</summary>
internal sealed partial class OrdersService
{
    public override async Task<SummarizePromisesResponse> SummarizePromises(
        SummarizePromisesRequest request, ServerCallContext context)
    {
        FieldChecks checks = new();
        PromiseReport asked = PromiseReports.Read(request, checks);
        ThrowIfWrong(checks);
        ImmutableArray<PromiseSummary> found = await promises.Summarize(asked, context.CancellationToken);
        SummarizePromisesResponse response = new();
        response.Statistics.AddRange(found.Select(one => PromiseReports.ToProto(one, asked.Grouping)));
        return response;
    }
}
