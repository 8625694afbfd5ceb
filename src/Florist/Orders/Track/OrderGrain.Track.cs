using System.Runtime.CompilerServices;
using Florist.Kernel;
using Orleans;

namespace Florist.Orders;

/// <summary>Those who watch an order, and the links by which they may.</summary>
internal sealed partial class OrderGrain
{
    public async IAsyncEnumerable<OrderVersion> Watch(
        OrderPosition after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (long seen, long number) = (after.Revision, after.EventNumber);
        while (committed.Exists)
        {
            // Taken before the state is read: a change in between completes this very signal.
            Task next = changed.Task;
            OrderRecord order = committed;
            if (order.Revision > seen)
            {
                long last = order.Deliveries.HistoryCount;
                OrderVersion version = new(
                    order.Bare(), number < 0 ? [] : order.Deliveries.News.After(number, last));
                (seen, number) = (order.Revision, last);
                yield return version;
            }

            if (order.HasEnded)
            {
                yield break;
            }

            await next.WaitAsync(cancellationToken);
        }
    }

    public Task<Outcome<TrackingLink>> OpenLink(OpenTrackingLink command) => Track(
        command.RequestId, command, (order, now) => order.Tracking.Open(now), tracking => tracking.LinkCount);

    public Task<Outcome<TrackingLink>> RevokeLink(RevokeTrackingLink command) => Track(
        command.RequestId,
        command,
        (order, now) => order.Tracking.Revoke(order.Id, command.Number, now),
        _ => command.Number);

    private async Task<Outcome<TrackingLink>> Track<TCommand>(
        string? requestId,
        TCommand command,
        Func<OrderRecord, DateTimeOffset, Outcome<OrderTracking>> decide,
        Func<OrderTracking, int> numberOf)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (!stored.State.Exists)
        {
            return Missing();
        }

        if (stored.State.Answered.Replays(requestId, command, now, out Outcome<TrackingLink> earlier))
        {
            return earlier;
        }

        if (decide(stored.State, now).Failed(out Fault? fault, out OrderTracking? tracking))
        {
            return fault;
        }

        TrackingLink answer = tracking.Links.First(link => link.Number == numberOf(tracking));
        if (tracking == stored.State.Tracking)
        {
            return answer;
        }

        OrderRecord next = Next(new TrackingChanged(tracking), now);
        Effects effects = next.Effects;
        Answered answered = next.Answered.Remember(requestId, command, answer, now, ref effects);
        await Commit(next with { Answered = answered, Effects = effects });
        return answer;
    }
}
