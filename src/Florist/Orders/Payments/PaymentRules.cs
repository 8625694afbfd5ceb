using Florist.Kernel;

namespace Florist.Orders;

/// <summary>Whether a call to the provider may be made, and what its answer means for the order. Pure.</summary>
internal static class PaymentRules
{
    /// <summary>
    /// What may be done for a call now, and the book with the intent; the same book for no new intent.
    /// </summary>
    public static (PaymentPermit Permit, PaymentBook Book) Begin(
        OrderRecord order, BeginPayment command, DateTimeOffset now)
    {
        PaymentBook book = order.Payment;
        if (command.Act == PaymentAct.Refund)
        {
            return book.Refund(command.Number) switch
            {
                { State: RefundState.Pending, AttemptedAt: null } refund =>
                    (PaymentPermit.First, book.With(refund with { AttemptedAt = now })),
                { State: RefundState.Pending } => (PaymentPermit.Again, book),
                _ => (PaymentPermit.Over, book),
            };
        }

        if (book.Charge(command.Number) is not { } charge)
        {
            return (PaymentPermit.Over, book);
        }

        if (command.Act == PaymentAct.Authorize)
        {
            return BeginAuthorize(order, charge, now);
        }

        bool open = charge.State
            == (command.Act == PaymentAct.Capture ? ChargeState.Capturing : ChargeState.Releasing);
        return (open, charge.AttemptedAt) switch
        {
            (false, _) => (PaymentPermit.Over, book),
            (true, null) => (PaymentPermit.First, book.With(charge with { AttemptedAt = now })),
            _ => (PaymentPermit.Again, book),
        };
    }

    /// <summary>What the provider's answer means for the order.</summary>
    public static OrderChange End(OrderRecord order, EndPayment command)
    {
        PaymentBook book = order.Payment;
        if (command.Outcome.Kind is PaymentKind.Unknown or PaymentKind.NotFound)
        {
            throw new ArgumentException("an outcome that is not known is no outcome", nameof(command));
        }

        return (command.Act, book.Charge(command.Number), book.Refund(command.Number)) switch
        {
            (PaymentAct.Authorize, { } charge, _) => Settle(order, charge, command.Outcome),
            (PaymentAct.Capture, { State: ChargeState.Capturing } charge, _) =>
                new ChargeTaken(charge.Number, command.Outcome),
            (PaymentAct.Release, { State: ChargeState.Releasing } charge, _) =>
                new ChargeReleased(charge.Number, command.Outcome),
            (PaymentAct.Refund, _, { State: RefundState.Pending } refund) =>
                new RefundSettled(refund.Number, command.Outcome),
            _ => new NothingChanged(),
        };
    }

    /// <summary>
    /// An order that was stored before its money had a book: the book says what the two fields of then said.
    /// </summary>
    public static OrderRecord Upgraded(OrderRecord order)
    {
        if (!order.Exists || !order.Payment.Charges.IsEmpty)
        {
            return order;
        }

        Charge charge = new()
        {
            Amount = order.Terms.Total,
            Reference = order.PaymentReference,
            State = order.PaymentState switch
            {
                PaymentState.Authorized => ChargeState.Authorized,
                PaymentState.Paid or PaymentState.PartiallyRefunded => ChargeState.Captured,
                PaymentState.Refunded => ChargeState.Releasing,
                PaymentState.Failed => ChargeState.Declined,
                _ => ChargeState.Pending,
            },

            // An attempt may have been made: to look it up first costs little.
            AttemptedAt = order.PaymentState is PaymentState.Pending or PaymentState.Refunded ? order.UpdatedAt : null,
        };
        return order with { Payment = new PaymentBook { Charges = [charge] } };
    }

    private static (PaymentPermit, PaymentBook) BeginAuthorize(OrderRecord order, Charge charge, DateTimeOffset now)
    {
        bool wanted = charge.Number == 1
            ? order.State == OrderState.PendingPayment
            : order.PendingChange?.Charge == charge.Number;
        return (charge.State, wanted, charge.AttemptedAt) switch
        {
            (ChargeState.Pending, true, null) =>
                (PaymentPermit.First, order.Payment.With(charge with { AttemptedAt = now })),
            (ChargeState.Pending, false, null) => (PaymentPermit.Over, order.Payment),
            (ChargeState.Pending, true, _) => (PaymentPermit.Again, order.Payment),
            (ChargeState.Pending, false, _) => (PaymentPermit.AskOnly, order.Payment),
            (ChargeState.ActionRequired, _, _) => (PaymentPermit.AskOnly, order.Payment),
            _ => (PaymentPermit.Over, order.Payment),
        };
    }

    private static OrderChange Settle(OrderRecord order, Charge charge, PaymentOutcome outcome)
    {
        if (charge.State is not (ChargeState.Pending or ChargeState.ActionRequired))
        {
            return new NothingChanged();
        }

        bool wanted = charge.Number == 1
            ? order.State == OrderState.PendingPayment
            : order.PendingChange?.Charge == charge.Number;
        return (outcome.Kind, wanted) switch
        {
            (PaymentKind.Done, true) when charge.Number == 1 => new OrderPaid(outcome),
            (PaymentKind.Done, true) => new AmendmentPaid(outcome),

            // It came too late: what was reserved is given back. A repeat finds that done.
            (PaymentKind.Done, false) => new PaymentCameLate(charge.Number, outcome),
            (PaymentKind.ActionRequired, true) when charge.State == ChargeState.Pending =>
                new PayerAsked(charge.Number, outcome),
            (PaymentKind.ActionRequired, false) => new PaymentCameLate(charge.Number, outcome),
            (PaymentKind.Declined, true) when charge.Number == 1 => new OrderLapsed(Declined: true),
            (PaymentKind.Declined, true) => new AmendmentDropped(Declined: true),
            _ => new NothingChanged(),
        };
    }
}
