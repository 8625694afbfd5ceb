using Florist.Catalogue;
using Florist.Customers;
using Florist.Kernel;
using Florist.Orders;
using Microsoft.Extensions.Logging;
using Orleans;

namespace Florist.Messaging;

/// <summary>
/// Something became of a promise: the customer hears of it, and nothing is sold to them while it is open.
/// </summary>
internal sealed class PromiseChangedHandler(
    IGrainFactory grains, ICatalogue catalogue, ILogger<PromiseChangedHandler> log) : IOutboxHandler
{
    public string Topic => OrdersTopics.PromiseChanged;

    public async Task<OutboxResult> Handle(OutboxMessage message, CancellationToken cancellationToken)
    {
        PromiseChanged change = message.Read<PromiseChanged>();
        string id = change.Order.CustomerId.Value;
        if ((await grains.GetGrain<ICustomerGrain>(id).Get()).Failed(out _, out CustomerView? customer))
        {
            MessagingLog.NobodyToTell(log, message.Topic, message.Key);
            return OutboxResult.Done;
        }

        await grains.GetGrain<ICorrespondenceGrain>(id).Note(
            PromiseCandidates.NoteOf(change), PromiseCandidates.Of(change, customer, catalogue));
        return OutboxResult.Done;
    }
}
