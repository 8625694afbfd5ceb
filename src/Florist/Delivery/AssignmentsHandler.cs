using Florist.Kernel;
using Orleans;

namespace Florist.Delivery;

/// <summary>Has a courier's desk look at what changed.</summary>
internal sealed class AssignmentsHandler(IGrainFactory grains) : IOutboxHandler
{
    public string Topic => DeliveryEvents.AssignmentsChanged;

    public async Task<OutboxResult> Handle(OutboxMessage message, CancellationToken cancellationToken)
    {
        AssignmentChanged changed = message.Read<AssignmentChanged>();
        await grains.GetGrain<ICourierDeskGrain>(changed.Courier.Value).Look(changed.OrderId, changed.Delivery);
        return OutboxResult.Done;
    }
}
