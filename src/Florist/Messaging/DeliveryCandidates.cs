using System.Globalization;
using Florist.Catalogue;
using Florist.Customers;
using Florist.Delivery;
using Florist.Kernel;
using Florist.Orders;

namespace Florist.Messaging;

/// <summary>Makes candidates of what happened to deliveries. Pure.</summary>
internal static class DeliveryCandidates
{
    /// <summary>The candidate of a change.</summary>
    /// <param name="kind">What is news in it.</param>
    /// <param name="change">What changed.</param>
    /// <param name="order">The order it belongs to.</param>
    /// <param name="customer">Who ordered.</param>
    /// <param name="catalogue">Names of bouquets.</param>
    public static MessageCandidate Of(
        MessageKind kind, DeliveryChanged change, OrderFacts order, CustomerView customer, ICatalogue catalogue)
    {
        string attempt = kind == MessageKind.AttemptFailed
            ? string.Create(CultureInfo.InvariantCulture, $":{change.Attempt}")
            : "";
        return new MessageCandidate
        {
            Key = $"{order.OrderId}:{change.DeliveryId}:{kind}{attempt}",
            Kind = kind,
            OccurredAt = change.OccurTime,
            ExpiresAt = DateTimeOffset.MaxValue,
            Sympathy = order.Sympathy,
            About = new MessageAbout
            {
                OrderId = order.OrderId,
                DeliveryId = change.DeliveryId,
                RecipientId = order.RecipientId,
            },
            Progress = new NewsProgress($"{order.OrderId}/{change.DeliveryId}", RankOf(kind, change)),
            Addressee = Addressee.Of(customer),
            Model = OrderCandidates.ModelFor(customer, kind) with
            {
                Sympathy = order.Sympathy,
                RecipientGivenName = order.RecipientGivenName,
                Order = OrderCandidates.PartOf(order, customer.LanguageCode, catalogue),
                Delivery = PartOf(change, order.TimeZone),
            },
        };
    }

    /// <summary>What is news for the customer in a change; null for nothing.</summary>
    public static MessageKind? KindOf(DeliveryChanged change) => change.Notice switch
    {
        // The first courier that takes a delivery on is news; a change of courier is the shop's affair.
        Notices.None when change is
        {
            Kind: DeliveryChangeKind.State, State: DeliveryState.Assigned, Leg: 1, Attempt: 1,
        } => MessageKind.Dispatched,
        Notices.OutForDelivery => MessageKind.OutForDelivery,
        Notices.NearlyThere => MessageKind.NearlyThere,
        Notices.Delivered => MessageKind.Delivered,
        Notices.AttemptFailed => MessageKind.AttemptFailed,
        Notices.Returned or Notices.Failed => MessageKind.DeliveryFailed,
        _ => null,
    };

    private static int RankOf(MessageKind kind, DeliveryChanged change) => kind switch
    {
        MessageKind.Dispatched => NewsRanks.Step(change.Attempt, 0),
        MessageKind.OutForDelivery => NewsRanks.Step(change.Attempt, 1),
        MessageKind.NearlyThere => NewsRanks.Step(change.Attempt, 2),
        MessageKind.AttemptFailed => NewsRanks.Step(change.Attempt, 3),
        _ => NewsRanks.DeliveryEnded,
    };

    private static DeliveryPart PartOf(DeliveryChanged change, string zone)
    {
        string known = Zones.Known(zone) ? zone : "Etc/UTC";
        DateTime happened = Zones.Local(change.OccurTime, known);
        return new DeliveryPart
        {
            HappenedOn = DateOnly.FromDateTime(happened),
            HappenedAt = TimeOnly.FromDateTime(happened),
            EtaFrom = change.Eta is { } from ? TimeOnly.FromDateTime(Zones.Local(from.Earliest, known)) : null,
            EtaUntil = change.Eta is { } until ? TimeOnly.FromDateTime(Zones.Local(until.Latest, known)) : null,
            Outcome = change.Outcome,
            SafePlace = change.Proof.SafePlace,
            HasPhoto = change.Proof.PhotoUri is not null,
            FailureReason = change.FailureReason,
            WillTryAgain = change.Attempt < change.AttemptsMax,
        };
    }
}
