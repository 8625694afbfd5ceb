using Florist.Kernel;

namespace Florist.Orders;

/// <summary>What the shop does to an order, on its bench and when something went wrong.</summary>
internal sealed partial class OrderGrain
{
    public Task<Outcome<OrderRecord>> StartPreparing(StartPreparing command) =>
        Step(command.RequestId, command, (order, _) => OrderSteps.StartPreparing(order, command));

    public Task<Outcome<OrderRecord>> MarkReady(MarkReady command) =>
        Step(command.RequestId, command, (order, _) => OrderSteps.MarkReady(order, command));

    public Task<Outcome<OrderRecord>> Refund(RefundOrder command) =>
        Step(command.RequestId, command, (order, now) => OrderAftercare.Refund(order, command, now));

    public Task<Outcome<OrderRecord>> Redeliver(RedeliverOrder command) =>
        Step(command.RequestId, command, (order, now) => OrderAftercare.Redeliver(order, command, options.Value, now));

    public Task<Outcome<OrderRecord>> Remake(RemakeOrder command) =>
        Step(command.RequestId, command, (order, now) => OrderAftercare.Remake(order, command, options.Value, now));

    // What is known about the recipient may have changed since; what is proposed makes the request.
    public Task<Outcome<OrderRecord>> Propose(ProposeSubstitution command) => Step(
        command.RequestId,
        command with { Context = new OrderContext() },
        (order, now) => OrderSubstitutions.Propose(order, command, catalogue, options.Value, now));

    public Task<Outcome<OrderRecord>> Answer(AnswerSubstitution command) =>
        Step(command.RequestId, command, (order, _) => OrderSubstitutions.Answer(order, command));

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
