using Florist.Kernel;

namespace Florist.Orders;

/// <summary>What every change of an order carries along: its number, its index row, its messages.</summary>
internal static class OrderEffects
{
    /// <summary>An order after everything that follows from its state by itself.</summary>
    public static OrderRecord Changed(OrderRecord order, OrdersOptions options, DateTimeOffset now)
    {
        OrderRecord next = PromiseSteps.Review(PaymentSteps.TakeWhatIsDue(order, now), options, now);
        next = next with
        {
            PaymentState = PaymentSteps.StateOf(next),
            Revision = next.Revision + 1,
            UpdatedAt = now,
            Tracking = next.Tracking.As(next.HasEnded, now),
        };
        return next.With(next.Effects.Put(OrderIndex.Row(next)));
    }

    /// <summary>The order with a message in the outbox, once for an order and word.</summary>
    public static OrderRecord Send<TBody>(
        OrderRecord order,
        string topic,
        string word,
        TBody body,
        OutboxClass @class = OutboxClass.Notice,
        DateTimeOffset? expiresAt = null) =>
        order.With(order.Effects.Send(
            OutboxMessage.Of(topic, $"{order.Id}:{word}", body, @class) with { ExpiresAt = expiresAt }));
}
