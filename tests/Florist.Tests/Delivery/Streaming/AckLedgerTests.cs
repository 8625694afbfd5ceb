using Florist.Delivery;
using Florist.Delivery.Streaming;
using Florist.Protos.Delivery.V1;

namespace Florist.Tests.Delivery.Streaming;

public sealed class AckLedgerTests
{
    [Theory]
    [InlineData(6, "Next")]
    [InlineData(5, "Repeat")]
    [InlineData(1, "Repeat")]
    [InlineData(7, "Gap")]
    public void A_number_is_the_next_or_a_repeat_or_leaves_a_gap(long sequence, string admission) =>
        Assert.Equal(admission, new AckLedger(5).Admit(sequence).ToString());

    [Fact]
    public void What_is_ready_is_the_unbroken_run_of_decided_updates()
    {
        AckLedger ledger = Admitted(4);

        ledger.Settle(2, null, null);
        ledger.Settle(4, null, null);
        Assert.Equal((0, 0, 4), (ledger.Prefix, ledger.Ready, ledger.Outstanding));

        ledger.Settle(1, null, null);
        Assert.Equal((2, 2, 4), (ledger.Prefix, ledger.Ready, ledger.Outstanding));

        ledger.Commit(2);
        ledger.Settle(3, null, null);
        Assert.Equal((4, 2, 2), (ledger.Prefix, ledger.Ready, ledger.Outstanding));
    }

    [Fact]
    public void Results_are_told_once_in_order_and_only_of_what_is_committed()
    {
        AckLedger ledger = Admitted(3);
        ledger.Settle(3, Result(3), null);
        ledger.Settle(2, null, null);
        ledger.Settle(1, Result(1), null);

        Assert.Empty(ledger.TakeResults());
        ledger.Commit(2);
        Assert.Equal([1L], ledger.TakeResults().Select(result => result.Sequence));
        ledger.Commit(3);
        Assert.Equal([3L], ledger.TakeResults().Select(result => result.Sequence));
        Assert.Empty(ledger.TakeResults());
    }

    [Fact]
    public void Repeats_are_told_at_once_beside_what_is_committed()
    {
        AckLedger ledger = Admitted(2);
        ledger.Settle(1, Result(1), null);
        ledger.Repeat(Result(1));

        Assert.Equal(2, ledger.Ready);
        Assert.Equal([1L], ledger.TakeResults().Select(result => result.Sequence));
        ledger.Commit(1);
        Assert.Equal([1L], ledger.TakeResults().Select(result => result.Sequence));
        Assert.Equal(0, ledger.Ready);
    }

    [Fact]
    public void Dead_letters_go_with_the_run_that_they_belong_to()
    {
        AckLedger ledger = Admitted(3);
        ledger.Settle(1, null, new RejectedReport { Sequence = 1 });
        ledger.Settle(3, null, new RejectedReport { Sequence = 3 });

        Assert.Equal([1L], ledger.TakeRejected().Select(letter => letter.Sequence));
        ledger.Settle(2, null, null);
        Assert.Equal([3L], ledger.TakeRejected().Select(letter => letter.Sequence));
    }

    private static AckLedger Admitted(int count)
    {
        AckLedger ledger = new(0);
        for (int i = 1; i <= count; i++)
        {
            Assert.Equal(Admission.Next, ledger.Admit(i));
        }

        return ledger;
    }

    private static UpdateResult Result(long sequence) => new() { Sequence = sequence };
}
