using System.Collections.Immutable;
using Florist.Kernel;
using Florist.Protos.Orders.V1;
using Grpc.Core;

namespace Florist.Orders;

/// <summary>What staff do to orders, on the bench and when something went wrong.</summary>
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

    public override async Task<Order> RefundOrder(RefundOrderRequest request, ServerCallContext context)
    {
        FieldChecks checks = new();
        Money? amount = ProtoValues.ReadMoney(request.Amount, "amount", checks);
        checks.That(
            amount is null || request.Lines.Count == 0, "lines", "AMBIGUOUS", "either amount or lines, not both");
        checks.That(request.Lines.Count <= OrderLimits.LinesMax, "lines", "TOO_MANY", "are more than an order has");
        string? reason = checks.OptionalText("reason", request.Reason, OrderLimits.NoteLengthMax);
        ImmutableArray<DraftLine> lines =
            [.. request.Lines.Select(line => new DraftLine(DraftMessages.BouquetOf(line.Bouquet), line.Quantity))];
        (IOrderGrain order, string? requestId) = await Steered(request.Name, request.RequestId, context, checks);
        RefundOrder command =
            new(requestId, Tag(request.Etag), Caller.Of(context).Principal, amount, lines, reason);
        return (await order.Refund(command)).OrThrow().ToProto();
    }

    public override async Task<Order> RedeliverOrder(RedeliverOrderRequest request, ServerCallContext context)
    {
        FieldChecks checks = new();
        (DateOnly day, DayWindow? window) = NewWindow(request.DeliveryDate, request.DeliveryWindow, checks);
        (IOrderGrain order, string? requestId) = await Steered(request.Name, request.RequestId, context, checks);
        RedeliverOrder command = new(requestId, Tag(request.Etag), day, window);
        return (await order.Redeliver(command)).OrThrow().ToProto();
    }

    public override async Task<Order> RemakeOrder(RemakeOrderRequest request, ServerCallContext context)
    {
        FieldChecks checks = new();
        (DateOnly day, DayWindow? window) = NewWindow(request.DeliveryDate, request.DeliveryWindow, checks);
        (IOrderGrain order, string? requestId) = await Steered(request.Name, request.RequestId, context, checks);
        RemakeOrder command = new(requestId, Tag(request.Etag), day, window);
        return (await order.Remake(command)).OrThrow().ToProto();
    }

    private static (DateOnly Day, DayWindow? Window) NewWindow(
        Google.Type.Date? date, DeliveryWindow? window, FieldChecks checks) =>
        (DraftMessages.Day(date, "delivery_date", checks),
            window is null ? null : DraftMessages.Window(window, "delivery_window", checks));

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
