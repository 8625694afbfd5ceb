using Florist.Kernel;
using Florist.Orders;
using Microsoft.Extensions.Options;
using Orleans;

namespace Florist.Receipts;

/// <summary>Issues the receipt of an order when its flowers are handed over.</summary>
internal sealed class IssueReceiptWhenDelivered(IGrainFactory grains, IOptions<ReceiptsOptions> options)
    : IOutboxHandler
{
    public string Topic => OrdersTopics.Completed;

    public async Task<OutboxResult> Handle(OutboxMessage message, CancellationToken cancellationToken)
    {
        // The time of delivery stands in the message: a repeat in another year still goes to the same book.
        OrderCompleted completed = message.Read<OrderCompleted>();
        OrderRecord order = (await grains.GetGrain<IOrderGrain>(completed.Order.OrderId.Value).Get()).OrThrow();
        Receipt draft = ReceiptDrafts.Of(order, completed.DeliveredAt, options.Value);
        await grains.GetGrain<IReceiptBookGrain>(draft.Book).Issue(draft);
        return OutboxResult.Done;
    }
}
