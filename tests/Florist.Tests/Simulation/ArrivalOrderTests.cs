using System.Collections.Immutable;
using Florist.Delivery;
using Florist.Kernel;
using Florist.Orders;
using Florist.Tests.Simulation.Models;

namespace Florist.Tests.Simulation;

/// <summary>
/// Whatever the order in which a courier's reports reach the real order, and however often, it ends the same: what the
/// rules promise holds through grains that forget and storage that is read back.
/// </summary>
public sealed class ArrivalOrderTests
{
    private static readonly ImmutableArray<(DeliveryState State, int Attempt)> Story =
    [
        (DeliveryState.OutForDelivery, 1), (DeliveryState.AttemptFailed, 1), (DeliveryState.OutForDelivery, 2),
        (DeliveryState.Arrived, 2), (DeliveryState.Delivered, 2),
    ];

    [Fact]
    public void Every_order_of_arrival_ends_in_the_same_state()
    {
        using ModelHost host = new(seed: 1, dropped: 0.3);
        Chance chance = new(1);
        string inOrder = Ended(host, [.. Enumerable.Range(0, Story.Length)]);
        Assert.StartsWith($"{OrderState.Completed} {DeliveryState.Delivered}#2", inOrder, StringComparison.Ordinal);
        foreach (ImmutableArray<int> order in Permutations([.. Enumerable.Range(0, Story.Length)]))
        {
            // Some come twice, the second time at the end.
            int[] again = [.. order.Where(_ => chance.Percent(30))];
            string ended = Ended(host, [.. order, .. again]);
            Assert.True(inOrder == ended, $"{string.Join(' ', order)} and {string.Join(' ', again)}: {ended}");
        }
    }

    private static string Ended(ModelHost host, ImmutableArray<int> arrivals)
    {
        host.SetTime(ModelHost.Morning);
        string key = host.NewKey();
        OrderCommand[] begin = [new PlaceIt(null, 1), new SettleIt(true), new AssignIt(null, "swift")];
        foreach (OrderCommand command in begin)
        {
            Assert.Equal("ok", host.Do(machine => OrderTrial.Send(machine, key, command, null, host.Now)));
        }

        host.SetTime(ModelHost.Morning.AddHours(8));
        foreach (int index in arrivals)
        {
            Outcome<ReportAnswer> answer = host.Do(machine => machine.Grain<IDeliveryGrain>(key).Report(Report(index)));
            Assert.NotEqual(Disposition.Rejected, answer.Value?.Disposition);
        }

        return Shown(host.Do(machine => machine.Grain<IOrderGrain>(key).Get()).OrThrow());
    }

    private static CourierReport Report(int index) => new()
    {
        Courier = new CourierId("swift"),
        EventId = $"e{index}",
        Delivery = new DeliveryId("d1"),
        Leg = 1,
        Attempt = Story[index].Attempt,
        OccurTime = ModelHost.Morning.AddHours(index + 1),
        State = new StateReport
        {
            State = Story[index].State,
            Outcome = Story[index].State == DeliveryState.Delivered ? DeliveryOutcome.HandedToRecipient : null,
            FailureReason =
                Story[index].State == DeliveryState.AttemptFailed ? FailureReason.RecipientNotHome : null,
        },
    };

    private static string Shown(OrderRecord order)
    {
        DeliveryRecord? delivery = order.CurrentDelivery;
        IEnumerable<string> milestones = (delivery?.Milestones ?? [])
            .Where(milestone => milestone.Kind != MilestoneKind.Assign)
            .Select(milestone => $"{milestone.Kind}#{milestone.Attempt} {milestone.At:HH:mm} {milestone.Inferred}")
            .Order(StringComparer.Ordinal);
        return $"{order.State} {delivery?.State}#{delivery?.Attempt} {delivery?.Outcome} {delivery?.ReviewReason} "
            + string.Join(", ", milestones);
    }

    private static IEnumerable<ImmutableArray<int>> Permutations(ImmutableArray<int> items) => items.Length <= 1
        ? [items]
        : items.SelectMany(first => Permutations(items.Remove(first)), (first, rest) => rest.Insert(0, first));
}
