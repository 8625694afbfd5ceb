using System.Collections.Immutable;
using Florist.Delivery;
using Florist.Delivery.Webhooks;
using Florist.Kernel;

namespace Florist.Tests.Delivery.Webhooks;

public sealed class WebhookEventsTests(ITestOutputHelper output)
{
    private const string Leg = "orders/o1/deliveries/d1/legs/1";
    private static readonly TimeSpan Gap = TimeSpan.FromMinutes(10);

    // What a delivery goes through, by either vocabulary, up to each end that it can have.
    private static readonly string[][] UberHistories =
    [
        ["pickup", "pickup_complete", "dropoff", "delivered"],
        ["pickup", "pickup_complete", "dropoff", "ret_pickup", "ret_dropoff", "ret_delivered"],
        ["pickup", "pickup_complete"],
        ["pickup", "pickup_complete", "dropoff", "ret_pending"],
    ];

    private static readonly string[][] StuartHistories =
    [
        ["picking", "delivering", "almost_delivering", "waiting_at_dropoff", "delivered"],
        ["picking", "delivering", "waiting_at_dropoff", "picking/address_error", "delivering/address_error",
            "delivered/address_error"],
        ["picking", "waiting_at_pickup", "delivering"],
        ["picking", "delivering", "waiting_at_dropoff", "picking/package_damaged"],
    ];

    [Theory]
    [InlineData(20270214, 0)]
    [InlineData(20270306, 2)]
    public void Shuffled_doubled_and_skewed_webhooks_end_in_the_true_state(int seed, int skewGaps)
    {
        const int Runs = 3000;
        Random random = new(seed);
        for (int run = 0; run < Runs; run++)
        {
            bool isUber = random.Next(2) == 0;
            string[][] histories = isUber ? UberHistories : StuartHistories;
            string[] history = histories[random.Next(histories.Length)];
            ImmutableArray<WebhookNews> told =
                [.. history.Select((word, step) => isUber ? Uber(word, step, random, skewGaps) : Stuart(word))];
            DeliveryState expected = Played(told).State;

            // The last one gets through in the end; any other may be lost or doubled.
            List<WebhookNews> arrivals =
                [.. told.Where((news, step) => step == told.Length - 1 || random.Next(10) > 0)];
            arrivals.AddRange(told.Where(_ => random.Next(3) == 0));
            WebhookNews[] shuffled = [.. arrivals];
            random.Shuffle(shuffled);
            DeliveryRecord end = Played(shuffled);

            Assert.True(
                end.State == expected,
                $"seed {seed}, run {run}: {end.State} instead of {expected} of {string.Join(", ", history)}");
            Assert.True(skewGaps > 0 || !end.NeedsReview, $"seed {seed}, run {run}: {end.ReviewReason}");
        }

        output.WriteLine($"seed {seed}: {Runs} runs");
    }

    [Theory]
    [InlineData("\u0000\u202Eevil")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("' OR 1=1 --")]
    public void Hostile_words_do_no_more_than_unknown_ones(string word)
    {
        WebhookNews news = Uber(word, 0, new Random(1), 0);

        DeliveryRecord end = Played([news]);

        Assert.Equal((WordKind.Unknown, DeliveryState.Assigned), (news.Word.Kind, end.State));
    }

    [Fact]
    public void Everything_that_may_be_missing_or_of_another_type_is_read_as_missing()
    {
        byte[][] bodies =
        [
            "{}"u8.ToArray(), "[]"u8.ToArray(), "null"u8.ToArray(), "7"u8.ToArray(),
            """{"kind":7,"id":{},"data":[],"created":"yesterday"}"""u8.ToArray(),
            """{"event":[],"data":{"status":{},"cancellation":7,"driver":"x","etaToDestination":9}}"""u8.ToArray(),
        ];

        Assert.All(bodies, body =>
        {
            Assert.Null(new UberAdapter().Read(VendorBodies.Parsed(body), body).Leg);
            Assert.Null(new StuartAdapter().Read(VendorBodies.Parsed(body), body).Leg);
        });
    }

    private static DeliveryRecord Played(IEnumerable<WebhookNews> told)
    {
        DeliveryBook book = Deliveries.Assigned(Deliveries.Swift);
        DateTimeOffset now = Deliveries.Noon.AddDays(1);
        foreach (WebhookNews news in told)
        {
            now += TimeSpan.FromSeconds(1);
            LegReference leg = news.Leg ?? throw new InvalidOperationException("no leg");
            foreach (Protos.Delivery.V1.DeliveryEvent sent in WebhookEvents.Of(news, leg, now))
            {
                CourierReport report =
                    DeliveryMessages.Read(sent, Deliveries.Swift, ReportSource.Webhook).Report with
                    {
                        TimeIsOurs = news.OccurredAt is null ? true : null,
                    };
                DeliveryStep<ReportAnswer> step = book.Report(report, now, Effects.None);
                Assert.NotEqual("EVENT_ID_REUSED", step.Answer.Reason);
                book = step.Book;
            }
        }

        return book.Deliveries[0];
    }

    private static WebhookNews Uber(string word, int step, Random random, int skewGaps)
    {
        bool isReturn = word.StartsWith("ret_", StringComparison.Ordinal);
        TimeSpan skew = Gap * skewGaps * ((random.NextDouble() * 2) - 1);
        byte[] body = VendorBodies.Uber(
            $"evt_{step}",
            isReturn ? word[4..] : word,
            Deliveries.Noon + (Gap * step) + skew,
            Leg,
            isReturn ? "ret_1" : "del_1");
        return new UberAdapter().Read(VendorBodies.Parsed(body), body);
    }

    private static WebhookNews Stuart(string word)
    {
        string[] parts = word.Split('/');
        byte[] body = VendorBodies.Stuart(parts[0], Leg, parts.Length > 1 ? parts[1] : null);
        return new StuartAdapter().Read(VendorBodies.Parsed(body), body);
    }
}
