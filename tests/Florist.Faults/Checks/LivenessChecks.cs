using System.Collections.Immutable;
using Florist.Faults.Load;
using Florist.Messaging;
using Florist.Orders;

namespace Florist.Faults.Checks;

/// <summary>
/// I7, what must hold once faults have stopped and nothing is due any more: everything was carried out, and exactly as
/// often as it should be.
/// </summary>
internal sealed class LivenessChecks(Evidence evidence)
{
    private readonly List<string> violations = [];

    /// <summary>What does not hold; empty when all does.</summary>
    public ImmutableArray<string> Run()
    {
        foreach (StoredMessage left in evidence.Database.Outbox)
        {
            violations.Add($"I7 left in the outbox: {left}");
        }

        foreach (StoredWake wake in evidence.Database.Wakes.Values.Where(wake => wake.Parked || wake.Attempts > 0))
        {
            violations.Add($"I7 a grain that cannot be woken: {wake}");
        }

        foreach (Operation refused in evidence.Asked.Values.Where(operation => operation.Known == Known.Refused))
        {
            violations.Add($"I7 {refused.Asked} {refused.Tag} was refused: {refused.Refusal}");
        }

        Letters();
        Orders();
        return [.. violations];
    }

    private void Letters()
    {
        foreach (Letter letter in evidence.Letters)
        {
            int sent = evidence.Sent[letter.Key].Count();
            bool right = letter.Message.State switch
            {
                MessageState.Sent => letter.Message.Resent ? sent is 1 or 2 : sent == 1,
                MessageState.Uncertain => letter.Message is { IsOver: true, Channel: Customers.Channel.Email },
                MessageState.Suppressed or MessageState.Expired => sent == 0,
                _ => false,
            };
            Expect(right, $"I7 {letter.Key} was sent {sent} times: {letter.Message}");
        }
    }

    private void Orders()
    {
        ILookup<string, Letter> letters = evidence.Letters.ToLookup(letter => letter.Message.About.OrderId?.Value ?? "");
        foreach ((string id, OrderRecord order) in evidence.Orders)
        {
            Expect(order.State != OrderState.PendingPayment, $"I7 order {id} still waits for its payment");
            int paid = evidence.Payments.Count(payment =>
                payment.Key.Contains(id, StringComparison.Ordinal)
                && payment.Key.Contains("authorize", StringComparison.Ordinal));
            Expect(paid == 1, $"I7 order {id} was paid {paid} times");
            int purchases = evidence.Children[(order.CustomerId.Value, "purchase")]
                .Count(row => row.Id.EndsWith($"orders-{id}", StringComparison.Ordinal));
            bool everConfirmed = order.PaymentReference is not null && order.CurrentDelivery is not null;
            Expect(purchases == (everConfirmed ? 1 : 0), $"I7 order {id} ({order.State}) counts as {purchases} purchases");
            int confirmations = letters[id].Count(letter => letter.Message.Kind == MessageKind.OrderConfirmed);
            Expect(confirmations == (everConfirmed ? 1 : 0), $"I7 order {id} was confirmed in {confirmations} messages");
            Expect(
                order.State != OrderState.Completed || letters[id].Any(letter => letter.Message.Kind == MessageKind.Delivered),
                $"I7 nobody was told that order {id} is delivered");
        }
    }

    private void Expect(bool holds, string violation)
    {
        if (!holds)
        {
            violations.Add(violation);
        }
    }
}
