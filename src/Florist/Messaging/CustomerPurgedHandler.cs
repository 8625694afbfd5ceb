using Florist.Customers;
using Florist.Kernel;
using Orleans;

namespace Florist.Messaging;

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
