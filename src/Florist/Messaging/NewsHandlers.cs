using System.Collections.Immutable;
using Florist.Catalogue;
using Florist.Customers;
using Florist.Delivery;
using Florist.Kernel;
using Florist.Occasions;
using Florist.Orders;
using Microsoft.Extensions.Logging;
using Orleans;

namespace Florist.Messaging;

/// <summary>What every handler of news does: find the customer, make the candidate, propose it.</summary>
internal sealed class NewsDesk(IGrainFactory grains, ILogger<NewsDesk> log)
{
    /// <summary>Proposes what is to be said to a customer about an event; nothing when there is no such customer.</summary>
    /// <param name="message">The event.</param>
    /// <param name="customerId">Whom it concerns.</param>
    /// <param name="candidate">Makes the candidate; null when there is nothing to say.</param>
    public async Task<OutboxResult> Tell(
        OutboxMessage message, CustomerId customerId, Func<CustomerView, MessageCandidate?> candidate)
    {
        if ((await grains.GetGrain<ICustomerGrain>(customerId.Value).Get()).Failed(out _, out CustomerView? customer))
        {
            // Purged since, or never there. Nothing may be kept about such a person, a record of silence included.
            MessagingLog.NobodyToTell(log, message.Topic, message.Key);
            return OutboxResult.Done;
        }

        if (candidate(customer) is { } news)
        {
            await grains.GetGrain<ICorrespondenceGrain>(customerId.Value).Propose(news);
        }

        return OutboxResult.Done;
    }
}

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

/// <summary>A delivery changed.</summary>
internal sealed class DeliveryChangedHandler(
    NewsDesk desk, IGrainFactory grains, ICatalogue catalogue, ILogger<DeliveryChangedHandler> log) : IOutboxHandler
{
    public string Topic => DeliveryEvents.Changed;

    public async Task<OutboxResult> Handle(OutboxMessage message, CancellationToken cancellationToken)
    {
        DeliveryChanged news = message.Read<DeliveryChanged>();
        if ((await grains.GetGrain<IOrderGrain>(news.OrderId).Get()).Failed(out _, out OrderRecord? order))
        {
            MessagingLog.NoSuchOrder(log, message.Topic, message.Key);
            return OutboxResult.Done;
        }

        OrderFacts facts = order.Facts();
        return await desk.Tell(
            message, facts.CustomerId, customer => DeliveryCandidates.Of(news, facts, customer, catalogue));
    }
}

/// <summary>It is time to remind of an occasion.</summary>
internal sealed class ReminderDueHandler(NewsDesk desk, ICatalogue catalogue, IOrderQueries orders) : IOutboxHandler
{
    // What somebody got the last few times is not suggested again.
    private const int OrdersLookedAt = 5;

    public string Topic => OccasionsTopics.ReminderDue;

    public async Task<OutboxResult> Handle(OutboxMessage message, CancellationToken cancellationToken)
    {
        ReminderDue news = message.Read<ReminderDue>();
        ImmutableArray<BouquetId> before = await GivenBefore(news, cancellationToken);
        return await desk.Tell(
            message, news.CustomerId, customer => ReminderCandidates.Of(news, customer, catalogue, before));
    }

    private async Task<ImmutableArray<BouquetId>> GivenBefore(ReminderDue news, CancellationToken cancellationToken)
    {
        if (news.RecipientId is not { } recipient)
        {
            return [];
        }

        FilterExpression toRecipient =
            IOrderQueries.Filterable.Parse($"recipient = \"{recipient.Name(news.CustomerId)}\"").OrThrow();
        Page<OrderRecord> latest = await orders.List(
            news.CustomerId, toRecipient, new PageRequest(OrdersLookedAt, null), cancellationToken);
        return [.. latest.Items.SelectMany(order => order.Draft.Lines).Select(line => line.Bouquet).Distinct()];
    }
}

/// <summary>A purged customer's messages are purged too.</summary>
internal sealed class CustomerPurgedHandler(IGrainFactory grains) : IOutboxHandler
{
    public string Topic => CustomersTopics.Purged;

    public async Task<OutboxResult> Handle(OutboxMessage message, CancellationToken cancellationToken)
    {
        CustomerId customer = message.Read<CustomerPurged>().CustomerId;
        await grains.GetGrain<ICorrespondenceGrain>(customer.Value).Purge();
        return OutboxResult.Done;
    }
}
