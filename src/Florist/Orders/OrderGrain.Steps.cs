using Florist.Kernel;

namespace Florist.Orders;

/// <summary>What the shop does to an order on its bench.</summary>
internal sealed partial class OrderGrain
{
    public Task<Outcome<OrderRecord>> StartPreparing(StartPreparing command) =>
        Step(command.RequestId, command, (order, _) => OrderSteps.StartPreparing(order, command));

    public Task<Outcome<OrderRecord>> MarkReady(MarkReady command) =>
        Step(command.RequestId, command, (order, _) => OrderSteps.MarkReady(order, command));

    // A command on an order that exists: answered before, decided, committed, remembered.
    private async Task<Outcome<OrderRecord>> Step<TCommand>(
        string? requestId, TCommand command, Func<OrderRecord, DateTimeOffset, Outcome<OrderChange>> decide)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (!stored.State.Exists)
        {
            return Missing();
        }

        if (stored.State.Answered.Replays(requestId, command, now, out Outcome<OrderAnswer> earlier))
        {
            return earlier.Then<OrderRecord>(_ => stored.State.Bare());
        }

        if (decide(stored.State, now).Failed(out Fault? fault, out OrderChange? change))
        {
            return fault;
        }

        await Commit(Remembered(requestId, command, Next(change, now), now));
        OrdersLog.Changed(log, stored.State.Id, typeof(TCommand).Name, stored.State.State);
        return stored.State.Bare();
    }
}
