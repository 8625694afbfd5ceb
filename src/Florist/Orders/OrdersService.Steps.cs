using Florist.Kernel;
using Florist.Protos.Orders.V1;
using Grpc.Core;

namespace Florist.Orders;

/// <summary>What staff do to orders on the bench.</summary>
internal sealed partial class OrdersService
{
    public override async Task<Order> StartPreparing(StartPreparingRequest request, ServerCallContext context)
    {
        (IOrderGrain order, string? requestId) = await Steered(request.Name, request.RequestId, context);
        return (await order.StartPreparing(new StartPreparing(requestId, Tag(request.Etag)))).OrThrow().ToProto();
    }

    public override async Task<Order> MarkReady(MarkReadyRequest request, ServerCallContext context)
    {
        (IOrderGrain order, string? requestId) = await Steered(request.Name, request.RequestId, context);
        return (await order.MarkReady(new MarkReady(requestId, Tag(request.Etag)))).OrThrow().ToProto();
    }

    // The order that a command is for, and the command's request id.
    private async Task<(IOrderGrain Order, string? RequestId)> Steered(
        string name, string requestId, ServerCallContext context, FieldChecks? checks = null)
    {
        OrderRecord order = await Reached(name, context);
        checks ??= new FieldChecks();
        string? read = checks.RequestId(requestId);
        ThrowIfWrong(checks);
        return (Grain(order.Id), read);
    }

    private static string? Tag(string etag) => etag.Length == 0 ? null : etag;
}
