using Florist.Kernel;
using Microsoft.Extensions.Logging;
using Orleans;

namespace Florist.Orders;

/// <summary>Reserves what an order costs and tells the order what became of it.</summary>
internal sealed class AuthorizePayment(IPaymentPort payments, IGrainFactory grains, ILogger<AuthorizePayment> log)
    : IOutboxHandler
{
    public string Topic => OrderHistory.AuthorizeTopic;

    public async Task<OutboxResult> Handle(OutboxMessage message, CancellationToken cancellationToken)
    {
        PaymentRequest request = message.Read<PaymentRequest>();
        PaymentOutcome outcome =
            await payments.Authorize(message.Key, request.Amount, request.Token, cancellationToken);
        CrashPoint.Hit(CrashPoint.PaymentAnswered);
        if (outcome.Kind == PaymentKind.Unknown)
        {
            OrdersLog.PaymentPending(log, request.OrderId, outcome.Reason ?? "");
            return OutboxResult.Retry(outcome.Reason ?? "unknown outcome");
        }

        PaymentSettled settled = new(outcome.Kind == PaymentKind.Done, outcome.Reference);
        Outcome<Done> told = await grains.GetGrain<IOrderGrain>(request.OrderId.Value).Settle(settled);
        return told.Fault is { } fault ? OutboxResult.Retry(fault.Reason) : OutboxResult.Done;
    }

    /// <summary>
    /// An earlier attempt whose answer was lost may have reserved the amount. A repeat finds out, and the order, once
    /// it has ended, gives back what came too late.
    /// </summary>
    public async Task Expired(OutboxMessage message, CancellationToken cancellationToken)
    {
        OrderId id = message.Read<PaymentRequest>().OrderId;
        Outcome<OrderRecord> order = await grains.GetGrain<IOrderGrain>(id.Value).Get();
        if (order.Value is { State: OrderState.PendingPayment })
        {
            throw new InvalidOperationException("the order has not heard yet that its time is over");
        }

        OutboxResult result = await Handle(message, cancellationToken);
        if (!result.IsDone)
        {
            throw new InvalidOperationException($"what became of the payment is not known: {result.Reason}");
        }
    }
}

/// <summary>Gives back what was reserved for an order that will not be carried out.</summary>
internal sealed class ReleasePayment(IPaymentPort payments, ILogger<ReleasePayment> log) : IOutboxHandler
{
    public string Topic => OrderHistory.ReleaseTopic;

    public async Task<OutboxResult> Handle(OutboxMessage message, CancellationToken cancellationToken)
    {
        PaymentRelease request = message.Read<PaymentRelease>();
        PaymentOutcome outcome = await payments.Release(message.Key, request.Reference, cancellationToken);
        if (outcome.Kind == PaymentKind.Done)
        {
            return OutboxResult.Done;
        }

        // A refused release is for a person: the row is retried with back-off and parked in the end, never dropped.
        OrdersLog.PaymentPending(log, request.OrderId, outcome.Reason ?? "");
        return OutboxResult.Retry(outcome.Reason ?? "unknown outcome");
    }
}
