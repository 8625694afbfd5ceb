using System.Collections.Immutable;
using Florist.Delivery;
using Florist.Kernel;
using Orleans.Runtime;
using static Florist.Delivery.DeliveryState;

namespace Florist.Tests.Delivery;

public sealed class DeliveryBookTests
{
    private static readonly DateTimeOffset Noon = Deliveries.Noon;

    [Fact]
    public void An_applied_report_commits_one_history_row_and_one_event()
    {
        DeliveryBook book = Deliveries.Assigned(Deliveries.Swift);

        DeliveryStep<ReportAnswer> step = book.Report(Deliveries.Report(OutForDelivery), Noon, Effects.None);

        DeliveryChanged changed = Assert.Single(Deliveries.Published(step.Effects));
        Assert.Equal(("o1", Deliveries.First, 3L), (changed.OrderId, changed.DeliveryId, changed.Number));
        Assert.Equal(
            (OutForDelivery, Notices.OutForDelivery, Noon),
            (changed.State, changed.Notice, changed.OccurTime));
        Assert.Equal("deliveries.changed:o1:3", step.Effects.Pending[0].Key);
        RowChange row = Assert.Single(step.Effects.Rows);
        Assert.Equal("0000000002", row.Key[1].Value.Text);
    }

    [Fact]
    public void Effects_that_are_not_written_yet_are_kept_in_front()
    {
        Effects earlier = Effects.None.Send(OutboxMessage.Of("t", "k", "b"));

        Effects effects = Deliveries.Assigned(Deliveries.Swift)
            .Report(Deliveries.Report(OutForDelivery), Noon, earlier).Effects;

        Assert.Equal(["t", DeliveryEvents.Changed], effects.Pending.Select(message => message.Topic));
    }

    [Fact]
    public void Positions_leave_no_trace_but_the_last_one()
    {
        DeliveryBook book = Deliveries.Assigned(Deliveries.Swift);
        CourierReport here =
            Deliveries.Report(Assigned) with { State = null, Location = new LocationReport(51.5, -0.1) };

        DeliveryStep<ReportAnswer> first = book.Report(here, Noon, Effects.None);
        DeliveryStep<ReportAnswer> soon = first.Book.Report(
            here with { OccurTime = Noon + TimeSpan.FromSeconds(4.9) }, Noon, Effects.None);
        DeliveryStep<ReportAnswer> later = first.Book.Report(
            here with { OccurTime = Noon + TimeSpan.FromSeconds(5), Location = new(51.6, -0.2) }, Noon, Effects.None);
        DeliveryStep<ReportAnswer> late = later.Book.Report(here, Noon, Effects.None);

        Assert.Equal((Disposition.Applied, true), (first.Answer.Disposition, first.Changed));
        Assert.Equal((Disposition.NoOp, false), (soon.Answer.Disposition, soon.Changed));
        Assert.Equal(
            (Disposition.Applied, 51.6),
            (later.Answer.Disposition, later.Book.Deliveries[0].Location!.Latitude));
        Assert.Equal((Disposition.NoOp, false), (late.Answer.Disposition, late.Changed));
        Assert.Empty(later.Effects.Rows);
        Assert.Empty(later.Effects.Pending);
        Assert.Equal(book.Deliveries[0].Etag, later.Book.Deliveries[0].Etag);
    }

    [Fact]
    public void The_memory_holds_the_last_256_events_of_at_most_seven_days()
    {
        DeliveryBook book = Deliveries.Assigned(Deliveries.Swift);
        for (int i = 0; i < SeenEvents.EventsMax + 1; i++)
        {
            book = book.Report(Note($"n{i}"), Noon, Effects.None).Book;
        }

        Assert.Equal(Disposition.Applied, book.Report(Note("n0"), Noon, Effects.None).Answer.Disposition);
        Assert.Equal(Disposition.Duplicate, book.Report(Note("n1"), Noon, Effects.None).Answer.Disposition);
        DateTimeOffset week = Noon + TimeSpan.FromDays(7);
        Assert.Equal(
            Disposition.Duplicate,
            book.Report(Note("n1"), week - TimeSpan.FromTicks(1), Effects.None).Answer.Disposition);
        Assert.Equal(Disposition.Applied, book.Report(Note("n1"), week, Effects.None).Answer.Disposition);
    }

    [Fact]
    public async Task The_memory_comes_back_from_the_rows_of_the_history()
    {
        DeliveryBook book = Deliveries.Assigned(Deliveries.Swift);
        Effects effects = Effects.None;
        (book, effects, _, _) = book.Report(Deliveries.Report(OutForDelivery), Noon, effects);
        (book, effects, _, _) = book.Report(Note("n"), Noon, effects);
        (book, effects, _) = Steered(book.Recall(
            new(null, Deliveries.First, Deliveries.Anna, FailureReason.ItemDamaged, null, null), Noon, effects));

        DeliveryBook read = await FloristJson.Read<DeliveryBook>(FloristJson.Write(book))
            .Remember(new Rows(effects.Rows), GrainId.Create("order", "o1"), default);

        Assert.Equal(book.Seen.Events, read.Seen.Events);
        Assert.Equal(
            book.News.After(1, book.HistoryCount)?.AsEnumerable(), read.News.After(1, read.HistoryCount)?.AsEnumerable());
        ReportAnswer again = read.Report(Deliveries.Report(OutForDelivery), Noon, Effects.None).Answer;
        Assert.Equal((Disposition.Duplicate, Disposition.Applied), (again.Disposition, again.First));
        Assert.Equal(3, read.HistoryCount - 1);
    }

    [Fact]
    public void The_history_drops_its_oldest_row_beyond_a_thousand()
    {
        DeliveryBook book = Deliveries.Assigned(Deliveries.Swift) with { HistoryCount = 1000 };

        ImmutableArray<RowChange> rows = book.Report(Note("n"), Noon, Effects.None).Effects.Rows;

        Assert.Equal(["0000001001", "0000000001"], rows.Select(row => row.Key[1].Value.Text));
        Assert.Equal([false, true], rows.Select(row => row.IsDelete));
    }

    [Fact]
    public void Commands_are_kept_in_the_history_with_their_actor()
    {
        DeliveryStep<DeliveryRecord> step = Deliveries.Value(Deliveries.Assigned(Deliveries.Swift).Unassign(
            new(null, Deliveries.First, Deliveries.Anna, "van broke down", null), Noon, Effects.None));

        string body = step.Effects.Rows[0].Values[0].Value.Text!;

        Assert.Contains("staff:anna", body, StringComparison.Ordinal);
        Assert.Contains("van broke down", body, StringComparison.Ordinal);
        Assert.Equal((Pending, false, 1), (step.Answer.State, step.Answer.LegOpen, step.Answer.Leg));
    }

    [Fact]
    public void An_order_has_five_deliveries_at_most_and_no_two_of_one_id()
    {
        DeliveryBook book = new();
        for (int i = 0; i < DeliveryBook.DeliveriesMax; i++)
        {
            book =
                Deliveries.Value(book.Open("o1", new(new($"d{i}"), Deliveries.Policy, null), Noon, Effects.None)).Book;
        }

        Assert.Equal(
            "DELIVERIES_LIMIT",
            Deliveries.Refusal(book.Open("o1", new(new("d9"), Deliveries.Policy, null), Noon, Effects.None)).Reason);
        Assert.Equal(
            FaultKind.Exists,
            Deliveries.Refusal(book.Open("o1", new(new("d0"), Deliveries.Policy, null), Noon, Effects.None)).Kind);
    }

    [Fact]
    public void A_delivery_that_the_order_does_not_have_is_not_found()
    {
        Fault fault = Deliveries.Refusal(Deliveries.Assigned(Deliveries.Swift).Cancel(
            new(null, new("d7"), Deliveries.Anna, null, null), Noon, Effects.None));

        Assert.Equal((FaultKind.NotFound, "orders/o1/deliveries/d7"), (fault.Kind, fault.Values["name"]));
    }

    [Fact]
    public void An_order_is_woken_for_the_earliest_of_its_deliveries()
    {
        DeliveryBook book = Deliveries.Assigned(Deliveries.Swift);

        DeliveryStep<Done> early = book.Wake(book.NextDue!.Value - TimeSpan.FromTicks(1), Effects.None);
        DeliveryStep<Done> due = book.Wake(book.NextDue!.Value, Effects.None);

        DeliveryStep<Done> late = due.Book.Wake(due.Book.NextDue!.Value, Effects.None);

        Assert.False(early.Changed);
        DeliveryChanged risk = Assert.Single(Deliveries.Published(due.Effects));
        Assert.Equal((DeliveryChangeKind.LateRisk, true, false), (risk.Kind, risk.LateRisk, risk.Late));
        DeliveryChanged missed = Assert.Single(Deliveries.Published(late.Effects));
        Assert.Equal((DeliveryChangeKind.Late, true, true), (missed.Kind, missed.Late, missed.LegOpen));
        Assert.Equal(Deliveries.Policy.Window, missed.Window);
        Assert.Equal(Deliveries.Policy.Window.Until + DeliveryDues.SilenceMax, late.Book.NextDue);
    }

    [Fact]
    public void The_fullest_delivery_stays_so_small_that_five_fit_into_an_order()
    {
        DeliveryRecord full = Deliveries.In(Delivered, 3) with
        {
            Id = new(new string('d', 63)),
            PreviousDelivery = new(new string('p', 63)),
            LegCouriers = [.. Enumerable.Repeat(new CourierId(new string('c', 40)), DispatchRules.LegsMax)],
            Milestones =
            [
                .. from kind in Enum.GetValues<MilestoneKind>()
                   let isOnce = kind is MilestoneKind.Assign or MilestoneKind.Collect or MilestoneKind.Complete
                   from attempt in Enumerable.Range(1, isOnce ? 1 : 3)
                   select new Milestone(kind, attempt, Noon + TimeSpan.FromTicks(1_234_567), false),
            ],
            Outcome = DeliveryOutcome.HandedToHouseholdMember,
            FailureReason = FailureReason.RecipientUnreachable,
            FailureText = new string('t', ReportChecks.TextLengthMax),
            Proof = new DeliveryProof
            {
                PhotoUri = new string('u', ReportChecks.UriLengthMax),
                PhotoSha256 = new string('a', 64),
                SignatureUri = new string('u', ReportChecks.UriLengthMax),
                SignedBy = new string('s', ReportChecks.SignedByLengthMax),
                SafePlace = new string('s', ReportChecks.TextLengthMax),
            },
            ReviewReason = "CUSTODY_ON_CLOSED_LEG",
            Notified = (Notices)511,
            Eta = new EtaWindow(Noon, Noon, Noon),
            Location = new CourierLocation(-51.123456789012345, -100.12345678901234, Noon),
        };

        int size = FloristJson.WriteBytes(full).Length;
        DeliveryRecord read = FloristJson.Read<DeliveryRecord>(FloristJson.Write(full));

        Assert.InRange(size, 2000, 2700);
        Assert.Equal(FloristJson.Write(full), FloristJson.Write(read));
        Assert.Equal(full.Milestones[^1] with { At = Noon + TimeSpan.FromTicks(1_230_000) }, read.Milestones[^1]);
    }

    private static CourierReport Note(string eventId) =>
        Deliveries.Report(Assigned) with { EventId = eventId, State = null, Note = "left the van open" };

    private static (DeliveryBook Book, Effects Effects, DeliveryRecord Answer) Steered(
        Outcome<DeliveryStep<DeliveryRecord>> outcome)
    {
        DeliveryStep<DeliveryRecord> step = Deliveries.Value(outcome);
        return (step.Book, step.Effects, step.Answer);
    }

    /// <summary>The rows of a commit, read back as the database would.</summary>
    private sealed class Rows(ImmutableArray<RowChange> written) : IGrainRows
    {
        public Task<ImmutableArray<GrainRow>> Read(
            GrainId owner, string kind, int max, string? after, bool backwards, CancellationToken cancellationToken) =>
            Task.FromResult<ImmutableArray<GrainRow>>(
            [
                .. written.Where(row => row.Key[0].Value.Text == kind)
                    .Select(row => new GrainRow(row.Key[1].Value.Text!, row.Values[0].Value.Text!))
                    .OrderBy(row => row.Id, StringComparer.Ordinal).Reverse().Take(max),
            ]);
    }
}
