using System.Collections.Immutable;
using Florist.Delivery;
using Florist.Kernel;

namespace Florist.Tests.Delivery;

public sealed class ProducerBookTests
{
    private static readonly ProducerKey Depot = new(Deliveries.Swift, "depot");

    [Theory]
    [InlineData(7, null)]
    [InlineData(8, null)]
    [InlineData(1, null)]
    [InlineData(9, "SEQUENCE_GAP")]
    public void A_client_that_would_leave_numbers_out_has_lost_updates(long next, string? reason)
    {
        Outcome<ProducerBook> opened = new ProducerBook { CommittedSequence = 7 }.Open(new OpenSession("s1", next));

        Assert.Equal(reason, opened.Fault?.Reason);
        Assert.Equal(reason is null ? null : "8", opened.Fault?.Values["expectedSequence"]);
    }

    [Fact]
    public void Only_the_last_stream_moves_the_cursor_and_never_back()
    {
        ProducerBook book = new() { CommittedSequence = 7, SessionId = "s2" };

        Fault fenced = Deliveries.Refusal(book.Advance(new("s1", 9, []), Depot, Deliveries.Noon));
        ProducerBook moved = Deliveries.Value(book.Advance(new("s2", 9, []), Depot, Deliveries.Noon));
        ProducerBook again = Deliveries.Value(moved.Advance(new("s2", 8, [new()]), Depot, Deliveries.Noon));

        Assert.Equal((FaultKind.Stale, "SESSION_FENCED"), (fenced.Kind, fenced.Reason));
        Assert.Equal(9, moved.CommittedSequence);
        Assert.Equal(moved, again);
    }

    [Fact]
    public void Dead_letters_are_numbered_and_the_oldest_go_beyond_ten_thousand()
    {
        ProducerBook book = new ProducerBook { RejectedCount = ProducerBook.RejectedMax - 1 }
            .Reject([new RejectedReport { Sequence = 3 }, new RejectedReport { Sequence = 4 }], Depot, Deliveries.Noon);

        ImmutableArray<RowChange> rows = book.Effects.Rows;
        Assert.Equal([10_000L, 10_001L, 1L], rows.Select(row => row.Key[2].Value.Number));
        Assert.Equal([false, false, true], rows.Select(row => row.IsDelete));
        RejectedReport kept = FloristJson.Read<RejectedReport>(rows[1].Values[1].Value.Text ?? "");
        Assert.Equal((10_001L, 4L), (kept.Number, kept.Sequence));
        Assert.Equal(("depot", Deliveries.Noon), (kept.ProducerId, kept.ReceivedAt));
    }

    [Fact]
    public void Batches_have_producers_of_their_own_that_no_stream_can_name()
    {
        ProducerKey key = ProducerKey.OfBatch(Deliveries.Swift, "8b0f1f8e-8f4e-4b57-9f0e-2f1f6a1b2c3d");

        Assert.Equal("swift/_unary8b", key.ToString());
        Assert.Equal(key, ProducerKey.Parse(key.ToString()));
        Assert.False(DeliveryNames.IsId(key.Producer));
    }
}
