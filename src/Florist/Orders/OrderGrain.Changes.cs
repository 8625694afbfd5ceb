using Florist.Kernel;

namespace Florist.Orders;

/// <summary>Changes of an order that is confirmed and not yet begun.</summary>
internal sealed partial class OrderGrain
{
    public async Task<Outcome<OrderRecord>> Change(ChangeOrder command)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (!stored.State.Exists)
        {
            return Missing();
        }

        // What is known about the parties may have changed since; what was asked for makes the request.
        if (stored.State.Answered.Replays(command.RequestId, command.Draft, now, out Outcome<OrderAnswer> earlier))
        {
            return earlier.Then<OrderRecord>(_ => stored.State.Bare());
        }

        if (OrderChanges.Refusal(stored.State, command, now) is { } refusal)
        {
            return refusal;
        }

        if ((await Wanted(command, now)).Failed(out Fault? fault, out PendingChange? wanted))
        {
            return fault;
        }

        Money more = wanted.Terms.Total - stored.State.Terms.Total;
        if (command.ValidateOnly)
        {
            return stored.State.Bare() with { Draft = wanted.Draft, Contact = wanted.Contact, Terms = wanted.Terms };
        }

        if ((more.Minor > 0 ? Asked(command, wanted, more) : await MovedNow(wanted))
            .Failed(out fault, out OrderChange? change))
        {
            return fault;
        }

        await Commit(Remembered(command.RequestId, command.Draft, Next(change, now), now));
        OrdersLog.Changed(log, stored.State.Id, nameof(ChangeOrder), stored.State.State);
        return stored.State.Bare();
    }

    // The order as it is wanted, at today's day and at the prices that were promised.
    private async Task<Outcome<PendingChange>> Wanted(ChangeOrder command, DateTimeOffset now)
    {
        PendingChange wanted = new()
        {
            Draft = command.Draft,
            Contact = command.Context.Contact,
            Terms = stored.State.Terms,
            ExpiresAt = now.AddMinutes(options.Value.PaymentMinutes),
        };
        if (!OrderChanges.TouchesTerms(stored.State, command))
        {
            return wanted;
        }

        if ((await holds.DayOf(command.Draft, command.Context, now)).Failed(out Fault? far, out OrderDay? day))
        {
            return far;
        }

        if ((await holds.VoucherKept(command.Draft)).Failed(out Fault? gone, out OrderVoucher? voucher))
        {
            return gone;
        }

        return OrderPricing.Price(command.Draft, command.Context, day, catalogue, options.Value, now)
            .Then(terms => OrderPricing.Discounted(
                OrderChanges.AtPromisedPrices(stored.State.Terms, terms), voucher.Terms))
            .Then<PendingChange>(terms => wanted with
            {
                Terms = terms with { PlaceGeneration = stored.State.Terms.PlaceGeneration },
            });
    }

    // The difference is reserved first; the place is moved when it is.
    private Outcome<OrderChange> Asked(ChangeOrder command, PendingChange wanted, Money more)
    {
        if (command.PaymentToken is not { } token)
        {
            return Fault.Refused("PAYMENT_TOKEN_REQUIRED", $"the change costs {more} more: say how it is paid")
                .With("difference", more.ToString()).With("total", wanted.Terms.Total.ToString());
        }

        return stored.State.Payment.Charges.Length >= PaymentBook.ChargesMax
            ? Fault.TooMany("CHARGES_LIMIT", $"an order can be paid for in {PaymentBook.ChargesMax} parts")
            : new AmendmentAsked(
                wanted with { Charge = stored.State.Payment.Charges.Length + 1 }, more, token);
    }

    private async Task<Outcome<OrderChange>> MovedNow(PendingChange wanted) =>
        (await Moved(wanted)).Then<OrderChange>(terms => new OrderAmended(wanted with { Terms = terms }));

    // Paid for, the change holds only when its place is promised; else the difference is given back.
    private async Task<OrderChange> Moved(AmendmentPaid paid)
    {
        if (stored.State.PendingChange is not { } wanted || !OrderAmendments.CanStillChange(stored.State))
        {
            return paid;
        }

        Outcome<OrderTerms> moved = await Moved(wanted);
        if (moved.Failed(out Fault? gone, out OrderTerms? terms))
        {
            OrdersLog.SoldOut(log, stored.State.Id, gone.Reason);
            return paid;
        }

        return paid with { Terms = terms };
    }

    private async Task<Outcome<OrderTerms>> Moved(PendingChange wanted)
    {
        OrderRecord order = stored.State;
        bool isSame = order.Draft.DeliveryOn == wanted.Draft.DeliveryOn && order.Terms.Window == wanted.Terms.Window
            && order.Terms.Shop == wanted.Terms.Shop && order.Draft.Slot == wanted.Draft.Slot
            && order.Draft.Lines.SequenceEqual(wanted.Draft.Lines);
        return isSame || !OrderHolds.HasPlace(order.Terms)
            ? wanted.Terms with { Slot = isSame ? order.Terms.Slot : wanted.Terms.Slot }
            : await holds.Move(order, wanted.Draft, wanted.Terms);
    }
}
