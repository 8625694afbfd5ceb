using Florist.Kernel;
using Microsoft.Extensions.Logging;
using Orleans;

namespace Florist.Orders;

/// <summary>Reserves an amount and tells the order what became of it.</summary>
internal sealed class AuthorizePayment(IPaymentPort payments, PaymentDesk desk, IGrainFactory grains) : IOutboxHandler
{
    public string Topic => PaymentTopics.Authorize;

    public Task<OutboxResult> Handle(OutboxMessage message, CancellationToken cancellationToken)
    {
        PaymentRequest asked = message.Read<PaymentRequest>();
        return desk.Carry(
            new PaymentKey(asked.OrderId, PaymentAct.Authorize, asked.Number),
            (key, ct) => payments.Authorize(key, asked.Amount, asked.Token, ct),
            cancellationToken);
    }

    /// <summary>
    /// An earlier attempt whose answer was lost may have reserved the amount. It is looked up, and the order, once it
    /// has ended, gives back what came too late.
    /// </summary>
    public async Task Expired(OutboxMessage message, CancellationToken cancellationToken)
    {
        PaymentRequest asked = message.Read<PaymentRequest>();
        Outcome<OrderRecord> order = await grains.GetGrain<IOrderGrain>(asked.OrderId.Value).Get();
        if (order.Value is { State: OrderState.PendingPayment } || order.Value?.PendingChange?.Charge == asked.Number)
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

/// <summary>Takes what was reserved.</summary>
internal sealed class CapturePayment(IPaymentPort payments, PaymentDesk desk) : IOutboxHandler
{
    public string Topic => PaymentTopics.Capture;

    public Task<OutboxResult> Handle(OutboxMessage message, CancellationToken cancellationToken)
    {
        PaymentCapture asked = message.Read<PaymentCapture>();
        return desk.Carry(
            new PaymentKey(asked.OrderId, PaymentAct.Capture, asked.Number),
            (key, ct) => payments.Capture(key, asked.Reference, asked.Amount, ct),
            cancellationToken);
    }
}

/// <summary>Gives back what was reserved and will not be taken.</summary>
internal sealed class ReleasePayment(IPaymentPort payments, PaymentDesk desk) : IOutboxHandler
{
    public string Topic => PaymentTopics.Release;

    public Task<OutboxResult> Handle(OutboxMessage message, CancellationToken cancellationToken)
    {
        PaymentRelease asked = message.Read<PaymentRelease>();
        return desk.Carry(
            new PaymentKey(asked.OrderId, PaymentAct.Release, asked.Number),
            (key, ct) => payments.Release(key, asked.Reference, ct),
            cancellationToken);
    }
}

/// <summary>Gives back what was taken.</summary>
internal sealed class RefundPayment(IPaymentPort payments, PaymentDesk desk) : IOutboxHandler
{
    public string Topic => PaymentTopics.Refund;

    public Task<OutboxResult> Handle(OutboxMessage message, CancellationToken cancellationToken)
    {
        PaymentRefund asked = message.Read<PaymentRefund>();
        return desk.Carry(
            new PaymentKey(asked.OrderId, PaymentAct.Refund, asked.Number),
            (key, ct) => payments.Refund(key, asked.Reference, asked.Amount, ct),
            cancellationToken);
    }
}

/// <summary>
/// What every call to the payment provider goes through: a durable permit, a look-up where an earlier answer may be
/// missing, the call, and the news of its outcome.
/// </summary>
internal sealed class PaymentDesk(IPaymentPort payments, IGrainFactory grains, ILogger<PaymentDesk> log)
{
    // How long between two looks at a payment that its payer has to confirm. The webhook is faster, and may be lost.
    private static readonly TimeSpan ConfirmationWait = TimeSpan.FromSeconds(30);

    /// <summary>Makes the call, effectively once, and tells the order.</summary>
    /// <param name="key">Which call.</param>
    /// <param name="call">Makes it, with the idempotency key.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<OutboxResult> Carry(
        PaymentKey key,
        Func<string, CancellationToken, Task<PaymentOutcome>> call,
        CancellationToken cancellationToken)
    {
        IOrderPaymentsGrain order = grains.GetGrain<IOrderPaymentsGrain>(key.Order.Value);
        if ((await order.BeginPayment(new BeginPayment(key.Act, key.Number)))
            .Failed(out Fault? refused, out PaymentPermit? permit))
        {
            return OutboxResult.Retry(refused.Reason);
        }

        if (permit == PaymentPermit.Over)
        {
            return OutboxResult.Done;
        }

        CrashPoint.Hit(CrashPoint.PaymentIntent);
        PaymentOutcome outcome = permit.Ask
            ? await payments.Find(key.ToString(), cancellationToken)
            : await call(key.ToString(), cancellationToken);
        if (outcome.Kind == PaymentKind.NotFound)
        {
            outcome = permit.Call
                ? await call(key.ToString(), cancellationToken)
                : new PaymentOutcome(PaymentKind.Declined, null, "never_asked");
        }

        CrashPoint.Hit(CrashPoint.PaymentAnswered);
        if (outcome.Kind is PaymentKind.Unknown or PaymentKind.NotFound)
        {
            OrdersLog.PaymentPending(log, key.Order, outcome.Reason ?? "");
            return OutboxResult.Retry(outcome.Reason ?? "unknown outcome");
        }

        Outcome<Done> told = await order.EndPayment(new EndPayment(key.Act, key.Number, outcome));
        if (told.Fault is { } fault)
        {
            return OutboxResult.Retry(fault.Reason);
        }

        return outcome.Kind == PaymentKind.ActionRequired
            ? OutboxResult.Retry("the payer has to confirm it", ConfirmationWait)
            : OutboxResult.Done;
    }
}
