using Florist.Catalogue;
using Florist.Delivery;
using Florist.Kernel;
using Florist.Orders;
using Microsoft.Extensions.Logging;
using Orleans;

namespace Florist.Messaging;

/// <summary>Something changed about a delivery; its order says whom it concerns.</summary>
internal sealed class DeliveryChangedHandler(
    NewsDesk desk, IGrainFactory grains, ICatalogue catalogue, ILogger<DeliveryChangedHandler> log) : IOutboxHandler
{
    public string Topic => DeliveryEvents.Changed;

    public async Task<OutboxResult> Handle(OutboxMessage message, CancellationToken cancellationToken)
    {
        DeliveryChanged change = message.Read<DeliveryChanged>();
        if (DeliveryCandidates.KindOf(change) is not { } kind)
        {
            // Most changes are no news for the customer, and positions come often.
            return OutboxResult.Done;
        }

        if ((await grains.GetGrain<IOrderGrain>(change.OrderId).Get()).Failed(out _, out OrderRecord? order))
        {
            MessagingLog.NoSuchOrder(log, message.Topic, message.Key);
            return OutboxResult.Done;
        }

        return await desk.Tell(
            message,
            order.CustomerId,
            customer => DeliveryCandidates.Of(kind, change, order.Facts(), customer, catalogue));
    }
}
