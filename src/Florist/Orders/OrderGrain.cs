using System.Collections.Immutable;
using Florist.Catalogue;
using Florist.Delivery;
using Florist.Kernel;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;

namespace Florist.Orders;

/// <summary>One order. Decides by <see cref="OrderRules"/> and, for its deliveries, by their book.</summary>
[GrainType("order")]
internal sealed partial class OrderGrain(
    [PersistentState("order")] IPersistentState<OrderRecord> stored,
    IGrainRows rows,
    ICatalogue catalogue,
    OrderHolds holds,
    IOptions<OrdersOptions> options,
    TimeProvider time,
    ILogger<OrderGrain> log)
    : Grain, IOrderGrain, IOrderPaymentsGrain, IDeliveryGrain, IWakeable
{
    // Far more than can fall due at once; beyond it the wake-up is made again.
    private const int DuesPerWakeMax = 16;

    // What watchers may see: assigned only after the write returned.
    private OrderRecord committed = new();
    private TaskCompletionSource changed = NewSignal();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        GrainId self = this.GetGrainId();
        stored.State = PaymentRules.Upgraded(stored.State) with
        {
            Answered = await Answered.Read(rows, self, cancellationToken),
            Deliveries = await stored.State.Deliveries.Remember(rows, self, cancellationToken),
        };
        committed = stored.State;
    }

    public Task<Outcome<OrderRecord>> Get() => Task.FromResult<Outcome<OrderRecord>>(
        stored.State.Exists ? stored.State.Bare() : Missing());

    public async Task<Outcome<OrderRecord>> Place(PlaceOrder command)
    {
        // What is known about the parties may have changed since; what was asked for makes the request.
        DateTimeOffset now = time.GetUtcNow();
        if (stored.State.Answered.Replays(command.RequestId, command.Draft, now, out Outcome<OrderAnswer> earlier))
        {
            return earlier.Then<OrderRecord>(_ => stored.State.Bare());
        }

        if (stored.State.Exists)
        {
            return Fault.Exists(stored.State.Id.Name);
        }

        if ((await Held(command, now)).Failed(out Fault? fault, out OrderPlaced? placed))
        {
            return fault;
        }

        await Commit(Remembered(command.RequestId, command.Draft, Next(placed, now), now));
        OrdersLog.Placed(log, stored.State.Id);
        return stored.State.Bare();
    }

    public async Task<Outcome<OrderRecord>> Cancel(CancelOrder command)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (!stored.State.Exists)
        {
            return Missing();
        }

        if (stored.State.Answered.Replays(command.RequestId, command, now, out Outcome<OrderAnswer> earlier))
        {
            return earlier.Then<OrderRecord>(_ => stored.State.Bare());
        }

        if (OrderRules.Cancel(stored.State, command, now).Failed(out Fault? fault, out OrderCancelledBy? cancelled))
        {
            return fault;
        }

        await Commit(Remembered(command.RequestId, command, Next(cancelled, now), now));
        OrdersLog.Cancelled(log, stored.State.Id);
        return stored.State.Bare();
    }

    public async Task<bool> ForgetPhone()
    {
        if (!stored.State.Exists || !PhoneForgotten.Concerns(stored.State))
        {
            return false;
        }

        await Commit(Next(new PhoneForgotten(), time.GetUtcNow()));
        return true;
    }

    // Everything that is due, one commit each: of two things due at one instant the second would otherwise leave the
    // wake-up as it was, which counts as a failure of the grain.
    public async Task OnWake(DateTimeOffset now)
    {
        for (int left = DuesPerWakeMax; left > 0 && await TakeDue(now); left--)
        {
        }
    }

    public async Task<Outcome<ReportAnswer>> Report(CourierReport report)
    {
        if (!stored.State.Exists)
        {
            return Missing();
        }

        DateTimeOffset now = time.GetUtcNow();
        DeliveryStep<ReportAnswer> step = stored.State.Deliveries.Report(report, now, stored.State.Effects);
        if (step.Changed)
        {
            await Commit(Next(new DeliveriesMoved(step.Book, step.Effects), now));
        }

        return step.Answer;
    }

    public Task<Outcome<DeliveryRecord>> Assign(AssignDelivery command) =>
        Steer(command.RequestId, command, (book, now, effects) => book.Assign(command, now, effects));

    public Task<Outcome<DeliveryRecord>> Offer(OfferDelivery command) =>
        Steer(command.RequestId, command, (book, now, effects) => book.Offer(command, now, effects));

    public Task<Outcome<DeliveryRecord>> Accept(AcceptOffer command) =>
        Steer(command.RequestId, command, (book, now, effects) => book.Accept(command, now, effects));

    public Task<Outcome<DeliveryRecord>> Decline(DeclineOffer command) =>
        Steer(command.RequestId, command, (book, now, effects) => book.Decline(command, now, effects));

    public Task<Outcome<DeliveryRecord>> Unassign(UnassignDelivery command) =>
        Steer(command.RequestId, command, (book, now, effects) => book.Unassign(command, now, effects));

    public Task<Outcome<DeliveryRecord>> Cancel(CancelDelivery command) =>
        Steer(command.RequestId, command, (book, now, effects) => book.Cancel(command, now, effects));

    public Task<Outcome<DeliveryRecord>> Recall(RecallDelivery command) =>
        Steer(command.RequestId, command, (book, now, effects) => book.Recall(command, now, effects));

    public Task<Outcome<DeliveryRecord>> Reattempt(ReattemptDelivery command) =>
        Steer(command.RequestId, command, (book, now, effects) => book.Reattempt(command, now, effects));

    public Task<Outcome<DeliveryRecord>> Reconcile(ReconcileDelivery command) =>
        Steer(command.RequestId, command, (book, now, effects) => book.Reconcile(command, now, effects));

    public Task<Outcome<ImmutableArray<DeliveryRecord>>> Deliveries() =>
        Task.FromResult<Outcome<ImmutableArray<DeliveryRecord>>>(
            stored.State.Exists ? stored.State.Deliveries.Deliveries : Missing());

    private async Task<Outcome<DeliveryRecord>> Steer<TCommand>(
        string? requestId,
        TCommand command,
        Func<DeliveryBook, DateTimeOffset, Effects, Outcome<DeliveryStep<DeliveryRecord>>> decide)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (!stored.State.Exists)
        {
            return Missing();
        }

        if (stored.State.Answered.Replays(requestId, command, now, out Outcome<DeliveryRecord> earlier))
        {
            return earlier;
        }

        if (decide(stored.State.Deliveries, now, stored.State.Effects)
            .Failed(out Fault? fault, out DeliveryStep<DeliveryRecord>? step))
        {
            return fault;
        }

        OrderRecord next = Next(new DeliveriesMoved(step.Book, step.Effects), now);
        Effects effects = next.Effects;
        Answered answered = next.Answered.Remember(requestId, command, step.Answer, now, ref effects);
        await Commit(next with { Answered = answered, Effects = effects });
        return step.Answer;
    }

    private async Task<bool> TakeDue(DateTimeOffset now)
    {
        if (await Lapse(now))
        {
            return true;
        }

        // What follows from the time by itself is done with every change, so a delivery's dues take it along.
        DeliveryStep<Done> step = stored.State.Deliveries.Wake(now, stored.State.Effects);
        OrderChange? due = OrderDues.Take(stored.State, now);
        if (step.Changed && (due is null or TimePassed))
        {
            due = new DeliveriesMoved(step.Book, step.Effects);
        }

        if (due is null)
        {
            return false;
        }

        await Commit(Next(due, now));
        OrdersLog.Woken(log, stored.State.Id, due.GetType().Name, stored.State.State);
        return true;
    }

    private async Task<bool> Lapse(DateTimeOffset now)
    {
        if (OrderRules.Lapse(stored.State, now) is not { } lapsed)
        {
            return false;
        }

        await Commit(Next(lapsed, now));
        OrdersLog.Woken(log, stored.State.Id, nameof(OrderLapsed), stored.State.State);
        return true;
    }

    private OrderRecord Next(OrderChange change, DateTimeOffset now) =>
        stored.State.Apply(change, options.Value, now);

    private static OrderRecord Remembered<TCommand>(
        string? requestId, TCommand command, OrderRecord next, DateTimeOffset now)
    {
        Effects effects = next.Effects;
        Answered answered = next.Answered.Remember(
            requestId, command, new OrderAnswer(next.Revision), now, ref effects);
        return next with { Answered = answered, Effects = effects };
    }

    private async Task Commit(OrderRecord next)
    {
        await stored.Commit(next, DeactivateOnIdle);
        committed = stored.State;
        TaskCompletionSource signal = changed;
        changed = NewSignal();
        signal.SetResult();
    }

    private Fault Missing() => Fault.NotFound($"orders/{this.GetPrimaryKeyString()}");

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>What is remembered of an answered command: the order itself says the rest.</summary>
/// <param name="Revision">The revision that the command made.</param>
internal sealed record OrderAnswer(long Revision);
