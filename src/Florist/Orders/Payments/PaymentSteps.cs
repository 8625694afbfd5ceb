using System.Collections.Immutable;
using Florist.Kernel;

namespace Florist.Orders;

/// <summary>
/// How the money of an order moves. Pure: each step gives the order after it, with what is to be asked of the provider
/// among its effects.
/// </summary>
internal static class PaymentSteps
{
    /// <summary>Asks for another amount.</summary>
    /// <param name="order">The order.</param>
    /// <param name="amount">How much.</param>
    /// <param name="token">How it is paid.</param>
    /// <param name="until">When it is not wanted any more.</param>
    public static OrderRecord Ask(OrderRecord order, Money amount, string token, DateTimeOffset until)
    {
        Charge charge = new() { Number = order.Payment.Charges.Length + 1, Amount = amount };
        OrderRecord next = order with
        {
            Payment = order.Payment with { Charges = order.Payment.Charges.Add(charge) },
        };
        return Send(
            next,
            PaymentTopics.Authorize,
            PaymentAct.Authorize,
            charge.Number,
            new PaymentRequest(order.Id, amount, token) { Number = charge.Number },
            until);
    }

    /// <summary>The payer has to confirm a charge.</summary>
    public static OrderRecord AwaitPayer(OrderRecord order, int number, PaymentOutcome outcome) =>
        Settled(order, number, charge => charge with
        {
            State = ChargeState.ActionRequired,
            Reference = outcome.Reference,
            ActionUri = outcome.ActionUri,
        });

    /// <summary>A charge is reserved.</summary>
    public static OrderRecord Authorized(
        OrderRecord order, int number, PaymentOutcome outcome, OrdersOptions options)
    {
        OrderRecord next = Settled(order, number, charge => charge with
        {
            State = ChargeState.Authorized,
            Reference = outcome.Reference ?? charge.Reference ?? "",
            ActionUri = null,
            CaptureBy = outcome.AuthorizedUntil - TimeSpan.FromHours(options.CaptureHoursBeforeLapse),
        });
        return number == 1 ? next with { PaymentReference = next.Payment.Charges[0].Reference } : next;
    }

    /// <summary>A charge was declined.</summary>
    public static OrderRecord Declined(OrderRecord order, int number, string? reason) =>
        Settled(order, number, charge => charge with
        {
            State = ChargeState.Declined,
            ActionUri = null,
            Problem = reason,
        });

    /// <summary>
    /// Takes what is reserved once the flowers are ready, and before a reservation lapses. An order that costs nothing
    /// any more gives its reservation back instead.
    /// </summary>
    public static OrderRecord TakeWhatIsDue(OrderRecord order, DateTimeOffset now)
    {
        bool ready = order.State is OrderState.Ready or OrderState.InDelivery or OrderState.Completed;
        foreach (Charge charge in order.Payment.Charges.Where(charge => charge.State == ChargeState.Authorized))
        {
            if (ready || charge.CaptureBy <= now)
            {
                order = Take(order, charge);
            }
        }

        return order;
    }

    /// <summary>Gives everything back: what is reserved is released, what was taken is refunded.</summary>
    public static OrderRecord GiveBack(OrderRecord order, RefundCause cause, string? note, DateTimeOffset now)
    {
        foreach (Charge charge in order.Payment.Charges)
        {
            order = charge.State switch
            {
                ChargeState.Authorized => Release(order, charge),
                ChargeState.ActionRequired when charge.Reference is not null => Release(order, charge),
                ChargeState.Capturing or ChargeState.Captured =>
                    Refund(order, charge, order.Payment.LeftOf(charge), cause, note, now),
                _ => order,
            };
        }

        return order;
    }

    /// <summary>Gives one reservation back.</summary>
    public static OrderRecord GiveBack(OrderRecord order, int number) =>
        Release(order, order.Payment.Charges[number - 1]);

    /// <summary>Gives an amount back, of the latest charges first.</summary>
    /// <returns>The order; a refusal <c>REFUND_TOO_LARGE</c>; TooMany (<c>REFUNDS_LIMIT</c>).</returns>
    public static Outcome<OrderRecord> Return(
        OrderRecord order, Money amount, RefundCause cause, string? note, DateTimeOffset now)
    {
        Money left = order.Payment.Left(amount.Currency);
        if (amount.Minor > left.Minor)
        {
            return Fault.Refused("REFUND_TOO_LARGE", $"{left} can be given back, not {amount}")
                .With("left", left.ToString()).With("amount", amount.ToString());
        }

        if (order.Payment.Refunds.Length + order.Payment.Charges.Length > PaymentBook.RefundsMax)
        {
            return Fault.TooMany("REFUNDS_LIMIT", $"an order can have {PaymentBook.RefundsMax} refunds");
        }

        foreach (Charge charge in order.Payment.Charges.Reverse())
        {
            Money ofThis = order.Payment.LeftOf(charge);
            Money part = ofThis.Minor < amount.Minor ? ofThis : amount;
            order = Refund(order, charge, part, cause, note, now);
            amount -= part;
        }

        return order;
    }

    /// <summary>What follows from the provider's answer to a capture.</summary>
    public static OrderRecord EndCapture(OrderRecord order, Charge charge, PaymentOutcome outcome, DateTimeOffset now)
    {
        bool taken = outcome.Kind == PaymentKind.Done;
        if (!taken && order.State == OrderState.Cancelled)
        {
            return Release(order, charge);
        }

        OrderRecord next = Settled(order, charge.Number, before => before with
        {
            State = taken ? ChargeState.Captured : ChargeState.Failed,
            CaptureBy = null,
            Problem = taken ? null : outcome.Reason ?? "declined",
        });
        foreach (Refund refund in next.Payment.Refunds
            .Where(refund => refund.Charge == charge.Number && refund.State == RefundState.Waiting))
        {
            // Nothing was taken, so there is nothing to give back of it.
            next = taken
                ? Send(next with { Payment = next.Payment.With(refund with { State = RefundState.Pending }) }, refund)
                : next with { Payment = next.Payment.With(refund with { State = RefundState.Netted }) };
        }

        return next;
    }

    /// <summary>What follows from the provider's answer to a release.</summary>
    public static OrderRecord EndRelease(OrderRecord order, Charge charge, PaymentOutcome outcome) =>
        Settled(order, charge.Number, before => before with
        {
            State = outcome.Kind == PaymentKind.Done ? ChargeState.Released : ChargeState.Failed,
            CaptureBy = null,
            Problem = outcome.Kind == PaymentKind.Done ? null : outcome.Reason ?? "declined",
        });

    /// <summary>What follows from the provider's answer to a refund.</summary>
    public static OrderRecord EndRefund(OrderRecord order, Refund refund, PaymentOutcome outcome) => order with
    {
        Payment = order.Payment.With(refund with
        {
            State = outcome.Kind == PaymentKind.Done ? RefundState.Done : RefundState.Failed,
            AttemptedAt = null,
        }),
    };

    /// <summary>Where the payment of an order stands as a whole.</summary>
    public static PaymentState StateOf(OrderRecord order)
    {
        ImmutableArray<Charge> charges = order.Payment.Charges;
        if (charges.IsEmpty)
        {
            return order.PaymentState;
        }

        if (charges.Any(charge => charge.State == ChargeState.Failed) || charges[0].State == ChargeState.Declined)
        {
            return PaymentState.Failed;
        }

        if (charges[0].State is ChargeState.Pending or ChargeState.ActionRequired)
        {
            return PaymentState.Pending;
        }

        Charge[] taken = [.. charges.Where(charge => charge.State == ChargeState.Captured)];
        if (taken.Length == 0)
        {
            return charges.Any(charge => charge.State is ChargeState.Authorized or ChargeState.Capturing)
                ? PaymentState.Authorized
                : PaymentState.Refunded;
        }

        bool some = order.Payment.Refunds.Any(refund => IsOfWhatWasTaken(refund, taken));
        bool all = some && taken.All(charge => order.Payment.LeftOf(charge).Minor == 0);
        return all ? PaymentState.Refunded : some ? PaymentState.PartiallyRefunded : PaymentState.Paid;
    }

    // What was netted made the charge smaller before it was taken.
    private static bool IsOfWhatWasTaken(Refund refund, Charge[] taken) =>
        refund.State is RefundState.Pending or RefundState.Done or RefundState.Waiting
        && taken.Any(charge => charge.Number == refund.Charge);

    private static OrderRecord Take(OrderRecord order, Charge charge)
    {
        Money amount = order.Payment.LeftOf(charge);
        if (amount.Minor == 0)
        {
            return Release(order, charge);
        }

        OrderRecord next = order with
        {
            Payment = order.Payment.With(charge with { State = ChargeState.Capturing, AttemptedAt = null }),
        };
        PaymentCapture body = new(order.Id, charge.Number, charge.Reference ?? "", amount);
        return Send(next, PaymentTopics.Capture, PaymentAct.Capture, charge.Number, body);
    }

    private static OrderRecord Release(OrderRecord order, Charge charge)
    {
        OrderRecord next = order with
        {
            Payment = order.Payment.With(charge with
            {
                State = ChargeState.Releasing,
                ActionUri = null,
                CaptureBy = null,
                AttemptedAt = null,
            }),
        };
        PaymentRelease body = new(order.Id, charge.Reference ?? "") { Number = charge.Number };
        return Send(next, PaymentTopics.Release, PaymentAct.Release, charge.Number, body);
    }

    private static OrderRecord Refund(
        OrderRecord order, Charge charge, Money amount, RefundCause cause, string? note, DateTimeOffset now)
    {
        if (amount.Minor == 0)
        {
            return order;
        }

        Refund refund = new()
        {
            Number = order.Payment.Refunds.Length + 1,
            Charge = charge.Number,
            Amount = amount,
            Cause = cause,
            Note = note,
            DecidedAt = now,
            State = charge.State switch
            {
                ChargeState.Captured => RefundState.Pending,
                ChargeState.Capturing => RefundState.Waiting,
                _ => RefundState.Netted,
            },
        };
        OrderRecord next = order with
        {
            Payment = order.Payment with { Refunds = order.Payment.Refunds.Add(refund) },
        };
        return refund.State == RefundState.Pending ? Send(next, refund) : next;
    }

    private static OrderRecord Settled(OrderRecord order, int number, Func<Charge, Charge> change)
    {
        Charge charge = order.Payment.Charges[number - 1];
        return order with { Payment = order.Payment.With(change(charge) with { AttemptedAt = null }) };
    }

    private static OrderRecord Send(OrderRecord order, Refund refund)
    {
        string reference = order.Payment.Charge(refund.Charge)?.Reference ?? "";
        PaymentRefund body = new(order.Id, refund.Number, reference, refund.Amount);
        return Send(order, PaymentTopics.Refund, PaymentAct.Refund, refund.Number, body);
    }

    private static OrderRecord Send<TBody>(
        OrderRecord order, string topic, PaymentAct act, int number, TBody body, DateTimeOffset? until = null)
    {
        PaymentKey key = new(order.Id, act, number);
        return order.With(order.Effects.Send(
            OutboxMessage.Of(topic, key.ToString(), body, OutboxClass.Critical) with { ExpiresAt = until }));
    }
}
