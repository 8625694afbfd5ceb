using Florist.Catalogue;
using Florist.Kernel;
using Florist.Orders;

namespace Florist.Messaging;

/// <summary>An order was confirmed.</summary>
internal sealed class OrderConfirmedHandler(NewsDesk desk, ICatalogue catalogue) : IOutboxHandler
{
    public string Topic => OrdersTopics.Confirmed;

    public Task<OutboxResult> Handle(OutboxMessage message, CancellationToken cancellationToken)
    {
        OrderConfirmed news = message.Read<OrderConfirmed>();
        return desk.Tell(
            message, news.Order.CustomerId, customer => OrderCandidates.Confirmed(news, customer, catalogue));
    }
}

/// <summary>An order was cancelled.</summary>
internal sealed class OrderCancelledHandler(NewsDesk desk, ICatalogue catalogue) : IOutboxHandler
{
    public string Topic => OrdersTopics.Cancelled;

    public Task<OutboxResult> Handle(OutboxMessage message, CancellationToken cancellationToken)
    {
        OrderCancelled news = message.Read<OrderCancelled>();
        return desk.Tell(
            message, news.Order.CustomerId, customer => OrderCandidates.Cancelled(news, customer, catalogue));
    }
}

/// <summary>An order ended because it was not paid for.</summary>
internal sealed class OrderExpiredHandler(NewsDesk desk, ICatalogue catalogue) : IOutboxHandler
{
    public string Topic => OrdersTopics.Expired;

    public Task<OutboxResult> Handle(OutboxMessage message, CancellationToken cancellationToken)
    {
        OrderExpired news = message.Read<OrderExpired>();
        return desk.Tell(
            message, news.Order.CustomerId, customer => OrderCandidates.Expired(news, customer, catalogue));
    }
}
