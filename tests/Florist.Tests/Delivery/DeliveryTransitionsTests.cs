using Florist.Delivery;
using Florist.Kernel;

namespace Florist.Tests.Delivery;

public sealed class DeliveryTransitionsTests
{
    // The published table, written down a second time on purpose: from, to, and whether it begins the next attempt.
    private const string Published = """
        Pending Assigned
        Pending Cancelled
        Assigned Pending
        Assigned OutForDelivery
        Assigned Cancelled
        OutForDelivery Arrived
        OutForDelivery Delivered
        OutForDelivery AttemptFailed
        OutForDelivery Returning
        OutForDelivery Failed
        Arrived Delivered
        Arrived AttemptFailed
        Arrived Returning
        Arrived Failed
        AttemptFailed OutForDelivery +
        AttemptFailed Delivered
        AttemptFailed Returning
        AttemptFailed Failed
        Returning Returned
        Returning Failed
        Returning OutForDelivery +
        """;

    [Fact]
    public void The_table_is_the_published_one()
    {
        IEnumerable<string> table = DeliveryTransitions.All.Select(
            move => $"{move.From} {move.To}{(move.NextAttempt ? " +" : "")}");

        Assert.Equal(Published.Split('\n'), table);
    }

    public static TheoryData<DeliveryState, DeliveryState, bool> ReportedMoves()
    {
        TheoryData<DeliveryState, DeliveryState, bool> data = [];
        foreach (DeliveryTransition move in DeliveryTransitions.All.Where(
            move => move.From != DeliveryState.Pending
                && move.To is not (DeliveryState.Pending or DeliveryState.Cancelled)))
        {
            data.Add(move.From, move.To, move.NextAttempt);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(ReportedMoves))]
    public void A_reported_move_of_the_table_is_applied(DeliveryState from, DeliveryState to, bool nextAttempt)
    {
        int attempt = nextAttempt ? 2 : 1;

        DeliveryDecision decision = Deliveries.Decide(Deliveries.In(from), Deliveries.Report(to, attempt));

        Assert.Equal((Disposition.Applied, 14), (decision.Disposition, decision.Rule));
        Assert.Equal((to, attempt), (decision.After!.State, decision.After.Attempt));
    }

    public static TheoryData<DeliveryState, DeliveryState, int> IllegalMoves()
    {
        TheoryData<DeliveryState, DeliveryState, int> data = [];
        foreach (DeliveryState from in Enum.GetValues<DeliveryState>())
        {
            foreach (DeliveryState to in Enum.GetValues<DeliveryState>())
            {
                if (from == to || !IsReachable(from, to, 1, 6))
                {
                    data.Add(from, to, 1);
                }

                if (!IsReachable(from, to, 2, 6))
                {
                    data.Add(from, to, 2);
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(IllegalMoves))]
    public void No_report_moves_a_delivery_against_the_table(DeliveryState from, DeliveryState to, int attempt)
    {
        DeliveryRecord before = Deliveries.In(from);

        DeliveryDecision decision = Deliveries.Decide(before, Deliveries.Report(to, attempt));

        Assert.NotEqual(Disposition.Applied, decision.Disposition);
        Assert.Equal((from, 1), (decision.After!.State, decision.After.Attempt));
    }

    [Theory]
    [InlineData(DeliveryState.Assigned, DeliveryRole.Dispatcher)]
    [InlineData(DeliveryState.Pending, DeliveryRole.Dispatcher)]
    [InlineData(DeliveryState.Cancelled, DeliveryRole.Shop)]
    [InlineData(DeliveryState.Returning, DeliveryRole.Dispatcher)]
    [InlineData(DeliveryState.OutForDelivery, DeliveryRole.Dispatcher)]
    public void A_command_works_from_the_states_of_the_table_alone(DeliveryState to, DeliveryRole role)
    {
        foreach (DeliveryState from in Enum.GetValues<DeliveryState>())
        {
            bool isLegal = DeliveryTransitions.All.Any(
                move => move.From == from && move.To == to && (move.By & role) != 0);

            Outcome<DeliveryRecord> outcome = Command(Deliveries.In(from), to, new DeliveryActor(role, "x"));

            Assert.Equal(isLegal, !outcome.Failed(out Fault? fault, out DeliveryRecord? after));
            Assert.Equal(isLegal ? to : null, after?.State);
            Assert.Equal(
                isLegal ? null : FaultKind.Refused,
                fault?.Kind is FaultKind.Denied ? FaultKind.Refused : fault?.Kind);
        }
    }

    [Theory]
    [InlineData(DeliveryState.Pending, DeliveryState.Cancelled, DeliveryRole.Sender, true)]
    [InlineData(DeliveryState.Assigned, DeliveryState.Cancelled, DeliveryRole.Sender, false)]
    [InlineData(DeliveryState.Pending, DeliveryState.Cancelled, DeliveryRole.Courier, false)]
    [InlineData(DeliveryState.Assigned, DeliveryState.Pending, DeliveryRole.Sender, false)]
    [InlineData(DeliveryState.Returning, DeliveryState.OutForDelivery, DeliveryRole.Shop, false)]
    [InlineData(DeliveryState.OutForDelivery, DeliveryState.Returning, DeliveryRole.Shop, true)]
    [InlineData(DeliveryState.OutForDelivery, DeliveryState.Returning, DeliveryRole.Sender, false)]
    public void Only_who_may_make_a_move_can(DeliveryState from, DeliveryState to, DeliveryRole role, bool may)
    {
        Outcome<DeliveryRecord> outcome = Command(Deliveries.In(from), to, new DeliveryActor(role, "x"));

        Assert.Equal(may ? null : FaultKind.Denied, outcome.Fault?.Kind);
    }

    private static Outcome<DeliveryRecord> Command(
        DeliveryRecord delivery, DeliveryState to, DeliveryActor by) => to switch
        {
            DeliveryState.Assigned =>
                DispatchRules.Assign(delivery, new(null, delivery.Id, by, Deliveries.Swift, null), Deliveries.Noon),
            DeliveryState.Pending =>
                DispatchRules.Unassign(delivery, new(null, delivery.Id, by, null, null), Deliveries.Noon),
            DeliveryState.Cancelled =>
                DispatchRules.Cancel(delivery, new(null, delivery.Id, by, null, null), Deliveries.Noon),
            DeliveryState.Returning => DispatchRules.Recall(
                delivery, new(null, delivery.Id, by, FailureReason.ItemDamaged, null, null), Deliveries.Noon),
            _ => DispatchRules.Reattempt(delivery, new(null, delivery.Id, by, null), Deliveries.Noon),
        };

    // Reachability by plain recursion over the published text, apart from the code under test.
    private static bool IsReachable(DeliveryState from, DeliveryState to, int attempt, int stepsLeft)
    {
        if (from is DeliveryState.Pending or DeliveryState.Cancelled || stepsLeft == 0)
        {
            return false;
        }

        foreach (string[] move in Published.Split('\n').Select(line => line.Split(' ')))
        {
            int left = move.Length == 3 ? attempt - 1 : attempt;
            if (move[0] == from.ToString() && move[1] is not ("Pending" or "Cancelled") && left >= 1
                && ((move[1] == to.ToString() && left == 1)
                    || IsReachable(Enum.Parse<DeliveryState>(move[1]), to, left, stepsLeft - 1)))
            {
                return true;
            }
        }

        return false;
    }
}
