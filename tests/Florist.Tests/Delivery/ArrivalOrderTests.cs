using System.Collections.Immutable;
using Florist.Delivery;
using Florist.Kernel;
using static Florist.Delivery.DeliveryState;

namespace Florist.Tests.Delivery;

/// <summary>
/// Whatever the order in which reports arrive, and whatever the clocks say, a delivery ends in its true state.
/// </summary>
public sealed class ArrivalOrderTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Gap = TimeSpan.FromMinutes(10);
    private static readonly DateTimeOffset Start = Deliveries.Noon;
    private static readonly DateTimeOffset Received = Start + TimeSpan.FromDays(1);

    [Theory]
    [InlineData(20270214, 0, 10_000)]
    [InlineData(20270306, 1, 10_000)]
    [InlineData(20270509, 2, 40_000)]
    public void Shuffled_doubled_and_skewed_reports_end_in_the_true_state(int seed, int skewGaps, int runs)
    {
        Random random = new(seed);
        int conflicts = 0;
        for (int run = 0; run < runs; run++)
        {
            History history = History.Random(random, skewGaps);
            DeliveryBook book = history.Book;
            foreach (CourierReport report in history.Arrivals)
            {
                DeliveryStep<ReportAnswer> step = book.Report(report, Received, Effects.None);
                book = step.Book;
                conflicts += step.Answer.Disposition == Disposition.Conflict ? 1 : 0;
            }

            DeliveryRecord end = book.Deliveries[0];
            if ((end.State, end.Attempt) != (history.True.State, history.True.Attempt))
            {
                Assert.Fail($"seed {seed}, run {run}: {end.State}#{end.Attempt} instead of {history}");
            }
        }

        output.WriteLine($"seed {seed}: {runs} runs, {conflicts} reports for somebody to look at");

        // With clocks that are right nobody is bothered at all; skew may only make somebody look at a correction.
        Assert.True(skewGaps > 0 || conflicts == 0, $"seed {seed}: {conflicts} needless conflicts");
    }

    [Fact]
    public void Every_order_of_a_history_tells_the_same_story()
    {
        ImmutableArray<CourierReport> inOrder =
        [
            .. new (DeliveryState State, int Attempt)[]
            {
                (OutForDelivery, 1), (Arrived, 1), (AttemptFailed, 1), (OutForDelivery, 2), (AttemptFailed, 2),
                (Returning, 2), (Returned, 2),
            }.Select((stage, index) => Deliveries.Report(stage.State, stage.Attempt, Start + (Gap * index))),
        ];
        string expected = Story(inOrder);

        int orders = 0;
        foreach (ImmutableArray<CourierReport> order in Permutations(inOrder))
        {
            Assert.Equal(expected, Story(order));
            orders++;
        }

        Assert.Equal(5040, orders);
    }

    [Fact]
    public void A_notice_of_each_kind_goes_out_at_most_once_in_every_order()
    {
        ImmutableArray<CourierReport> inOrder =
        [
            Deliveries.Report(OutForDelivery), Deliveries.Report(Arrived), Deliveries.Report(AttemptFailed),
            Deliveries.Report(OutForDelivery, 2), Deliveries.Report(AttemptFailed, 2), Deliveries.Report(Delivered, 2),
        ];

        foreach (ImmutableArray<CourierReport> order in Permutations(inOrder))
        {
            DeliveryBook book = Deliveries.Assigned(Deliveries.Swift);
            Effects effects = Effects.None;
            foreach (CourierReport report in order)
            {
                (book, effects, _, _) = book.Report(report, Start, effects);
            }

            Notices[] sent = [.. Deliveries.Published(effects).Select(e => e.Notice).Where(n => n != Notices.None)];
            Assert.Equal(sent.Distinct(), sent);
            Assert.Equal(Notices.Delivered, sent[^1]);
        }
    }

    private static string Story(ImmutableArray<CourierReport> reports)
    {
        DeliveryBook book = Deliveries.Assigned(Deliveries.Swift);
        foreach (CourierReport report in reports)
        {
            book = book.Report(report, Received, Effects.None).Book;
        }

        DeliveryRecord end = book.Deliveries[0];
        IEnumerable<string> milestones = end.Milestones
            .Where(milestone => milestone.Kind != MilestoneKind.Assign)
            .Select(milestone => $"{milestone.Kind}#{milestone.Attempt} {milestone.At:HH:mm} {milestone.Inferred}")
            .Order(StringComparer.Ordinal);
        return $"{end.State}#{end.Attempt} {end.FailureReason} {end.NeedsReview}: {string.Join(", ", milestones)}";
    }

    private static IEnumerable<ImmutableArray<T>> Permutations<T>(ImmutableArray<T> items)
    {
        if (items.Length <= 1)
        {
            yield return items;
            yield break;
        }

        for (int i = 0; i < items.Length; i++)
        {
            foreach (ImmutableArray<T> rest in Permutations(items.RemoveAt(i)))
            {
                yield return rest.Insert(0, items[i]);
            }
        }
    }

    /// <summary>A legal course of a delivery, and its reports as they may arrive.</summary>
    private sealed record History(DeliveryBook Book, DeliveryStage True, ImmutableArray<CourierReport> Arrivals)
    {
        public static History Random(Random random, int skewGaps)
        {
            // Up to two earlier legs, each taken back before collection; what they report comes mixed with the rest.
            int leg = random.Next(1, 4);
            CourierId[] couriers = [.. Enumerable.Range(1, leg).Select(number => new CourierId($"courier{number}"))];
            List<CourierReport> arrivals = [];
            for (int earlier = 1; earlier < leg; earlier++)
            {
                arrivals.Add(Of(new(Assigned, 1), earlier, couriers[earlier - 1], 0, random, skewGaps));
            }

            DeliveryStage stage = new(Assigned, 1);
            List<CourierReport> told = [Of(stage, leg, couriers[^1], 0, random, skewGaps)];
            int stepsMax = random.Next(1, 12);
            for (int step = 1; step <= stepsMax && !stage.State.IsTerminal(); step++)
            {
                DeliveryTransition[] moves =
                [
                    .. DeliveryTransitions.All.Where(move =>
                        move.From == stage.State && move.To is not (Pending or Cancelled)
                        && (!move.NextAttempt || stage.Attempt < Deliveries.Policy.AttemptsMax)),
                ];
                DeliveryTransition move = moves[random.Next(moves.Length)];
                stage = new(move.To, move.NextAttempt ? stage.Attempt + 1 : stage.Attempt);
                told.Add(Of(stage, leg, couriers[^1], step, random, skewGaps));
            }

            // The last one always gets through in the end; any other may be lost, doubled, or said again under another
            // id.
            CourierReport last = told[^1];
            arrivals.AddRange(told.Where(report => report == last || random.Next(10) > 0));
            arrivals.AddRange(told.Where(_ => random.Next(4) == 0));
            arrivals.AddRange(told.Where(_ => random.Next(8) == 0)
                .Select(report => report with { EventId = report.EventId + "-again" }));
            CourierReport[] shuffled = [.. arrivals];
            random.Shuffle(shuffled);
            return new(Deliveries.Assigned(couriers), stage, [.. shuffled]);
        }

        public override string ToString() =>
            $"{True.State}#{True.Attempt}: {string.Join(", ", Arrivals.Select(report => report.EventId))}";

        private static CourierReport Of(
            DeliveryStage stage, int leg, CourierId courier, int step, Random random, int skewGaps) =>
            Deliveries.Report(
                stage.State,
                stage.Attempt,
                Start + (Gap * step) + (Gap * skewGaps * ((random.NextDouble() * 2) - 1))) with
            {
                Courier = courier,
                Leg = leg,
                EventId = $"{leg}.{step}.{stage.State}.{stage.Attempt}",
            };
    }
}
