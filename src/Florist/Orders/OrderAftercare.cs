using Florist.Delivery;
using Florist.Kernel;

namespace Florist.Orders;

/// <summary>What staff may do about an order that went wrong. Pure.</summary>
internal static class OrderAftercare
{
    /// <summary>Whether an amount is given back.</summary>
    public static Outcome<OrderChange> Refund(OrderRecord order, RefundOrder command, DateTimeOffset now)
    {
        if (command.Etag is { } etag && etag != order.Etag)
        {
            return Fault.Stale(order.Id.Name);
        }

        if (order.State is OrderState.PendingPayment or OrderState.Expired)
        {
            return Fault.Refused("NOTHING_PAID", $"nothing is paid for {order.Id.Name}")
                .With("name", order.Id.Name).With("state", OrderWords.Of(order.State));
        }

        if (AmountOf(order, command).Failed(out Fault? wrong, out Money amount))
        {
            return wrong;
        }

        if (PaymentSteps.Return(order, amount, RefundCause.Staff, command.Reason, now)
            .Failed(out Fault? fault, out OrderRecord? next))
        {
            return fault;
        }

        bool ends = OrderRules.NeedsAttention(order) && next.Payment.Left(amount.Currency).Minor == 0;
        return new MoneyReturned(next, ends, new Cancellation(command.By, command.Reason));
    }

    /// <summary>Whether the same flowers are delivered again.</summary>
    public static Outcome<OrderChange> Redeliver(
        OrderRecord order, RedeliverOrder command, OrdersOptions options, DateTimeOffset now)
    {
        if (Attended(order, command.Etag).Failed(out Fault? wrong, out DeliveryRecord? before))
        {
            return wrong;
        }

        if (before.State != DeliveryState.Returned)
        {
            return Fault.Refused("FLOWERS_GONE", "the flowers did not come back: they can only be made anew")
                .With("name", order.Id.Name).With("delivery", before.Id.Value);
        }

        if (WindowOf(command.DeliveryOn, command.Window, options, now).Failed(out wrong, out DeliveryWindow? window))
        {
            return wrong;
        }

        if (before.Policy.FreshUntil is { } fresh && window.Until > fresh)
        {
            return Fault.Refused("NOT_FRESH", $"the flowers are fresh until {fresh:u}: they have to be made anew")
                .With("freshUntil", $"{fresh:O}");
        }

        return Anew(order, before, before.Policy with { Window = window }, OrderState.Ready, now);
    }

    /// <summary>Whether new flowers are bound and delivered.</summary>
    public static Outcome<OrderChange> Remake(
        OrderRecord order, RemakeOrder command, OrdersOptions options, DateTimeOffset now)
    {
        if (Attended(order, command.Etag).Failed(out Fault? wrong, out DeliveryRecord? before))
        {
            return wrong;
        }

        if (WindowOf(command.DeliveryOn, command.Window, options, now).Failed(out wrong, out DeliveryWindow? window))
        {
            return wrong;
        }

        DeliveryPolicy policy = before.Policy with
        {
            Window = window,
            FreshUntil = window.Until.AddHours(options.FreshHours),
        };
        return Anew(order, before, policy, OrderState.Confirmed, now);
    }

    private static Outcome<DeliveryRecord> Attended(OrderRecord order, string? etag)
    {
        if (etag is not null && etag != order.Etag)
        {
            return Fault.Stale(order.Id.Name);
        }

        if (order.HasEnded)
        {
            return OrderSteps.Ended(order);
        }

        return OrderRules.NeedsAttention(order) && order.CurrentDelivery is { } failed
            ? failed
            : Fault.Refused("NO_ATTENTION_NEEDED", $"the delivery of {order.Id.Name} has not failed")
                .With("name", order.Id.Name).With("state", OrderWords.Of(order.State));
    }

    // Staff promise it by hand: neither a cut-off nor a closed weekday binds them, but the past does.
    private static Outcome<DeliveryWindow> WindowOf(
        DateOnly day, DayWindow? asked, OrdersOptions options, DateTimeOffset now)
    {
        DayWindow window = asked ?? new DayWindow(options.DayStart, options.DayEnd);
        DateTimeOffset from = Zones.Instant(day, window.Start, options.TimeZone);
        DateTimeOffset until = Zones.Instant(day, window.End, options.TimeZone);
        if (from >= until)
        {
            return Fault.Invalid("delivery_window", "WINDOW_TOO_SHORT", "ends before it begins");
        }

        return until <= now
            ? Fault.Refused("WINDOW_PAST", $"the window ended at {until:u}").With("windowEnd", $"{until:O}")
            : new DeliveryWindow(from, until);
    }

    private static Outcome<OrderChange> Anew(
        OrderRecord order, DeliveryRecord before, DeliveryPolicy policy, OrderState state, DateTimeOffset now)
    {
        DeliveryId id = new(string.Create(
            System.Globalization.CultureInfo.InvariantCulture, $"d{order.Deliveries.Deliveries.Length + 1}"));
        return order.Deliveries
            .Open(order.Id.Value, new OpenDelivery(id, policy, before.Id), now, order.Effects)
            .Then<OrderChange>(step => new DeliveredAnew(step.Book, step.Effects, state));
    }

    private static Outcome<Money> AmountOf(OrderRecord order, RefundOrder command)
    {
        string currency = order.Terms.Total.Currency;
        if (command.Amount is { } amount)
        {
            return amount.Currency != currency
                ? Fault.Invalid("amount.currency_code", "CURRENCY_MISMATCH", $"is not {currency}, as the order is in")
                : amount.Minor <= 0
                    ? Fault.Invalid("amount", "OUT_OF_RANGE", "must be more than nothing")
                    : amount;
        }

        if (command.Lines.IsEmpty)
        {
            Money left = order.Payment.Left(currency);
            return left.Minor > 0
                ? left
                : Fault.Refused("REFUND_TOO_LARGE", $"{left} can be given back").With("left", left.ToString());
        }

        Money sum = Money.Zero(currency);
        for (int i = 0; i < command.Lines.Length; i++)
        {
            DraftLine asked = command.Lines[i];
            PricedLine? line = order.Terms.Lines.FirstOrDefault(line => line.Bouquet == asked.Bouquet);
            if (line is null || asked.Quantity < 1 || asked.Quantity > line.Quantity)
            {
                return Fault.Invalid($"lines[{i}]", "LINE_NOT_ORDERED", "is not among what was ordered");
            }

            sum += line.UnitPrice * asked.Quantity;
        }

        return sum;
    }
}
