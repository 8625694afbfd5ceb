using Florist.Customers;
using Florist.Delivery;
using Florist.Messaging;
using Florist.Orders;
using Florist.Tests.Catalogue;

namespace Florist.Tests.Messaging;

public sealed class DeliveryCandidatesTests
{
    private static readonly DeliveryChanged Change = new()
    {
        OrderId = "o1",
        DeliveryId = new DeliveryId("d1"),
        Kind = DeliveryChangeKind.State,
        OccurTime = new DateTimeOffset(2026, 6, 12, 9, 30, 0, TimeSpan.Zero),
        Leg = 1,
        Attempt = 1,
        AttemptsMax = 2,
        Eta = new EtaWindow(
            new DateTimeOffset(2026, 6, 12, 10, 0, 0, TimeSpan.Zero),
            new DateTimeOffset(2026, 6, 12, 10, 30, 0, TimeSpan.Zero),
            new DateTimeOffset(2026, 6, 12, 9, 30, 0, TimeSpan.Zero)),
    };

    [Theory]
    [InlineData(Notices.OutForDelivery, MessageKind.OutForDelivery)]
    [InlineData(Notices.NearlyThere, MessageKind.NearlyThere)]
    [InlineData(Notices.Delivered, MessageKind.Delivered)]
    [InlineData(Notices.AttemptFailed, MessageKind.AttemptFailed)]
    [InlineData(Notices.Returned, MessageKind.DeliveryFailed)]
    [InlineData(Notices.Failed, MessageKind.DeliveryFailed)]
    [InlineData(Notices.Arrived, null)]
    [InlineData(Notices.Returning, null)]
    [InlineData(Notices.Cancelled, null)]
    [InlineData(Notices.None, null)]
    public void A_notice_is_news_of_its_kind(Notices notice, MessageKind? kind) =>
        Assert.Equal(kind, DeliveryCandidates.KindOf(Change with { Notice = notice }));

    [Theory]
    [InlineData(DeliveryState.Assigned, 1, 1, true)]
    [InlineData(DeliveryState.Assigned, 2, 1, false)]
    [InlineData(DeliveryState.Pending, 1, 1, false)]
    public void Only_the_first_courier_is_news(DeliveryState state, int leg, int attempt, bool news) => Assert.Equal(
        news ? MessageKind.Dispatched : null,
        DeliveryCandidates.KindOf(Change with { State = state, Leg = leg, Attempt = attempt }));

    [Fact]
    public void Times_are_those_of_the_place_of_delivery()
    {
        MessageCandidate candidate = Of(MessageKind.OutForDelivery, Change);

        Assert.Equal(new TimeOnly(10, 30), candidate.Model.Delivery?.HappenedAt);
        Assert.Equal(new TimeOnly(11, 0), candidate.Model.Delivery?.EtaFrom);
        Assert.Equal(new TimeOnly(11, 30), candidate.Model.Delivery?.EtaUntil);
        Assert.Equal(Change.OccurTime, candidate.OccurredAt);
    }

    [Fact]
    public void Each_failed_attempt_is_news_of_its_own_and_every_other_step_once()
    {
        Assert.NotEqual(
            Of(MessageKind.AttemptFailed, Change).Key, Of(MessageKind.AttemptFailed, Change with { Attempt = 2 }).Key);
        Assert.Equal(
            Of(MessageKind.Delivered, Change).Key, Of(MessageKind.Delivered, Change with { Attempt = 2 }).Key);
    }

    [Fact]
    public void Steps_rank_by_attempt_then_by_progress()
    {
        (MessageKind Kind, int Attempt)[] inOrder =
        [
            (MessageKind.Dispatched, 1), (MessageKind.OutForDelivery, 1), (MessageKind.NearlyThere, 1),
            (MessageKind.AttemptFailed, 1), (MessageKind.OutForDelivery, 2), (MessageKind.AttemptFailed, 2),
            (MessageKind.Delivered, 2),
        ];

        int?[] ranks = [.. inOrder.Select(each => Of(each.Kind, Change with { Attempt = each.Attempt }).Progress?.Rank)];

        Assert.Equal(ranks.Order(), ranks);
        Assert.Equal(ranks.Distinct().Count(), ranks.Length);
    }

    [Theory]
    [InlineData(1, 2, true)]
    [InlineData(2, 2, false)]
    public void Another_attempt_is_promised_only_while_there_is_one(int attempt, int max, bool again) => Assert.Equal(
        again,
        Of(MessageKind.AttemptFailed, Change with { Attempt = attempt, AttemptsMax = max }).Model.Delivery?.WillTryAgain);

    private static MessageCandidate Of(MessageKind kind, DeliveryChanged change) => DeliveryCandidates.Of(
        kind,
        change,
        new OrderFacts { OrderId = new OrderId("o1"), TimeZone = "Europe/London" },
        new CustomerView { Id = new CustomerId("anna") },
        DemoCatalogue.Value);
}
