using System.Collections.Immutable;
using Florist.Customers;
using Florist.Delivery;
using Florist.Kernel;
using Florist.Messaging;
using Florist.Orders;

namespace Florist.Tests.Simulation;

/// <summary>What must have been done once nothing fails any more: I7, and that money and promises balance.</summary>
internal sealed class EndChecks(Simulation simulation)
{
    private Oracle Oracle => simulation.Oracle;

    /// <summary>Nothing that is due has been left lying for longer than two polls.</summary>
    public void CheckNothingIsOverdue()
    {
        DateTimeOffset latest = simulation.Clock.GetUtcNow() - (2 * SimulatedEngine.PollMax);
        foreach (string overdue in Oracle.List(
            """
            SELECT grain_key FROM wake WHERE parked = 1 OR not_before < $1
            UNION ALL SELECT key || ' (' || COALESCE(reason, '') || ')' FROM outbox WHERE parked = 1 OR not_before < $1
            """,
            row => row.GetString(0),
            latest))
        {
            simulation.Broken("I7", $"{overdue} is due and nobody does it");
        }
    }

    /// <summary>Weeks later every order, payment and message has come to an end.</summary>
    public void CheckEverythingCameToAnEnd()
    {
        foreach (OrderLife life in simulation.Orders)
        {
            if (PromiseChecks.OrderOf(Oracle, life.Id) is { } order)
            {
                CheckOrder(life, order);
            }
        }

        foreach (Reservation reservation in simulation.Payments.Reservations.Values)
        {
            CheckMoney(reservation);
        }

        foreach (CustomerLife customer in simulation.Customers)
        {
            CheckMessages(customer);
            CheckPurge(customer);
        }
    }

    private void CheckOrder(OrderLife life, OrderRecord order)
    {
        Claim("I7", order.State != OrderState.PendingPayment, $"order {life.Id} still waits for its payment");
        bool wasConfirmed = order.PaymentReference is not null && order.Deliveries.Deliveries.Length > 0;
        bool isPurged = PromiseChecks.CustomerOf(Oracle, life.Customer.Id) is { PurgedAt: not null };
        ImmutableArray<bool> purchases = Oracle.List(
            "SELECT body FROM grain_row WHERE owner = $1 AND kind = 'purchase' AND id LIKE $2",
            row => FloristJson.Read<Purchase>(row.GetString(0)).Withdrawn,
            $"customer/{life.Customer.Id}",
            $"%:orders-{life.Id}");
        Claim(
            "I7",
            isPurged || purchases.SequenceEqual(wasConfirmed ? [order.State == OrderState.Cancelled] : []),
            $"order {life.Id} is {order.State} and stands among the purchases: {string.Join(", ", purchases)}");

        bool isTold = life.IsPlain && life.Truth is not null && wasConfirmed
            && life.Reports.Values.All(report => report.Call.IsDone);
        Claim(
            "F11",
            !isTold || order.CurrentDelivery?.State == life.Truth,
            $"order {life.Id} is {order.CurrentDelivery?.State} and its courier said {life.Truth}");
    }

    private void CheckMoney(Reservation reservation)
    {
        string id = reservation.Key[..reservation.Key.IndexOf(':', StringComparison.Ordinal)];
        OrderRecord? order = PromiseChecks.OrderOf(Oracle, id);
        bool isOwed = order is { State: not (OrderState.Cancelled or OrderState.Expired) };
        Claim("I4", order is not null, $"{reservation.Reference} is reserved for an order that is not there");
        Claim("I4", reservation.Amount == order?.Terms.Total, $"{reservation.Reference} is not what {id} costs");
        bool isReturned = reservation.IsReleased
            || (reservation.Taken is { } all && all.Minor == reservation.ReturnedMinor);
        Claim(
            "MONEY",
            isOwed != isReturned,
            $"order {id} is {order?.State} and its money is {(isReturned ? "given back" : "kept")}");
        Claim(
            "MONEY",
            order is not { State: OrderState.Completed } || reservation.Taken is not null,
            $"order {id} is delivered and its money was never taken");

        long decided = order?.Payment.Refunds
            .Where(refund => refund.State != RefundState.Failed).Sum(refund => refund.Amount.Minor) ?? 0;
        long less = reservation.Taken is { } taken ? reservation.Amount.Minor - taken.Minor : 0;
        Claim(
            "MONEY",
            reservation.IsReleased || less + reservation.ReturnedMinor == decided,
            $"order {id} decided to give back {decided}, and {less} + {reservation.ReturnedMinor} was");
        Claim("MONEY", order?.Payment.HasProblem != true, $"the money of order {id} does not move");
    }

    private void CheckMessages(CustomerLife customer)
    {
        foreach (MessageRecord message in Oracle.List(
            "SELECT body FROM grain_row WHERE owner = $1 AND kind = $2",
            row => FloristJson.Read<MessageRecord>(row.GetString(0)),
            MessageShelf.Of(customer.Id).ToString(),
            MessageRecord.RowKind))
        {
            bool isRecent = message.DecidedAt > simulation.Now - TimeSpan.FromDays(2);
            Claim("I7", message.IsOver || isRecent, $"message {customer.Id}.{message.Id} is {message.State} for ever");
        }
    }

    private void CheckPurge(CustomerLife customer)
    {
        if (PromiseChecks.CustomerOf(Oracle, customer.Id) is not { PurgedAt: { } purgedAt }
            || purgedAt > simulation.Now - TimeSpan.FromDays(1))
        {
            return;
        }

        ImmutableArray<string> left = Oracle.List(
            "SELECT owner || ' ' || kind || ' ' || id FROM grain_row WHERE owner IN ($1, $2, $3)",
            row => row.GetString(0),
            $"customer/{customer.Id}",
            $"occasions/{customer.Id}",
            MessageShelf.Of(customer.Id).ToString());
        Claim("PURGE", left.IsEmpty, $"{customer.Id} is purged, but there is still {left.FirstOrDefault()}");
    }

    private void Claim(string invariant, bool holds, string otherwise)
    {
        if (!holds)
        {
            simulation.Broken(invariant, otherwise);
        }
    }
}
