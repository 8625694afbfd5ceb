using Florist.Kernel;

namespace Florist.Orders;

/// <summary>The money of an order: permits for calls to the provider, and their outcomes.</summary>
internal sealed partial class OrderGrain
{
    public async Task<Outcome<PaymentPermit>> BeginPayment(BeginPayment command)
    {
        if (!stored.State.Exists)
        {
            return Missing();
        }

        (PaymentPermit permit, PaymentBook book) = PaymentRules.Begin(stored.State, command, time.GetUtcNow());
        if (book != stored.State.Payment)
        {
            // An intent is nothing that watchers or holders of an etag need to know of: it makes no revision.
            OrderRecord intended = stored.State with { Payment = book };
            await Commit(intended.With(intended.Effects.Put(OrderIndex.Row(intended))));
        }

        return permit;
    }

    public async Task<Outcome<Done>> EndPayment(EndPayment command)
    {
        if (!stored.State.Exists)
        {
            return Missing();
        }

        // Its time may be over although nobody has woken it yet: then the payment came too late.
        DateTimeOffset now = time.GetUtcNow();
        await Lapse(now);
        OrderChange change = PaymentRules.End(stored.State, command);
        if (change is OrderPaid paid)
        {
            change = await Promised(paid);
        }
        else if (change is AmendmentPaid amendment)
        {
            change = await Moved(amendment);
        }

        if (change is not NothingChanged)
        {
            await Commit(Next(change, now));
            OrdersLog.PaymentEnded(
                log, stored.State.Id, command.Act, command.Number, command.Outcome.Kind, stored.State.PaymentState);
        }

        return Done.Value;
    }

    public async Task<Outcome<Done>> Compensate(CompensateOrder command)
    {
        if (!stored.State.Exists || command.Promise < 1 || command.Promise > stored.State.Promises.Promises.Length)
        {
            return Missing();
        }

        if (stored.State.Promises.Promises[command.Promise - 1].Compensation is { Granted: null })
        {
            await Commit(Next(new PromiseCompensated(command.Promise, command.Granted), time.GetUtcNow()));
            OrdersLog.Compensated(log, stored.State.Id, command.Promise, command.Granted);
        }

        return Done.Value;
    }

    public Task<Outcome<Done>> Settle(PaymentSettled settled) => EndPayment(new EndPayment(
        PaymentAct.Authorize,
        1,
        new PaymentOutcome(settled.Authorized ? PaymentKind.Done : PaymentKind.Declined, settled.Reference, null)));
}
