using System.Globalization;
using Florist.Catalogue;
using Florist.Customers;
using Florist.Delivery;
using Florist.Kernel;
using Florist.Orders;

namespace Florist.Messaging;

/// <summary>Makes candidates of what became of promises. Pure.</summary>
internal static class PromiseCandidates
{
    /// <summary>What an event says about how a promise stands.</summary>
    public static PromiseNote NoteOf(PromiseChanged change) => new(
        string.Create(CultureInfo.InvariantCulture, $"{change.Order.OrderId}/{change.Number}"),
        change.News,
        change.IsOpen);

    /// <summary>The candidate of a change; null when there is nothing to say.</summary>
    public static MessageCandidate? Of(PromiseChanged change, CustomerView customer, ICatalogue catalogue)
    {
        MessageKind? told = change.Tell switch
        {
            PromiseTell.RunningLate => MessageKind.RunningLate,
            PromiseTell.Broken => MessageKind.PromiseBroken,
            _ => null,
        };
        if (told is not { } kind)
        {
            return null;
        }

        OrderFacts order = change.Order;
        return new MessageCandidate
        {
            Key = string.Create(CultureInfo.InvariantCulture, $"{order.OrderId}:promise{change.Number}:{kind}"),
            Kind = kind,
            OccurredAt = change.At,
            ExpiresAt = DateTimeOffset.MaxValue,
            Sympathy = order.Sympathy,
            About = new MessageAbout
            {
                OrderId = order.OrderId,
                DeliveryId = change.Delivery,
                RecipientId = order.RecipientId,
            },
            Progress = kind == MessageKind.RunningLate && change.Delivery is { } delivery
                ? new NewsProgress($"{order.OrderId}/{delivery}", NewsRanks.Step(change.Attempt, StepOf(change)))
                : null,
            Addressee = Addressee.Of(customer),
            Model = OrderCandidates.ModelFor(customer, kind) with
            {
                Sympathy = order.Sympathy,
                RecipientGivenName = order.RecipientGivenName,
                Order = OrderCandidates.PartOf(order, customer.LanguageCode, catalogue),
                Promise = PartOf(change),
            },
        };
    }

    // It is as old as the last step that is known: news of a later one, such as the hand-over, makes it needless.
    private static int StepOf(PromiseChanged change) => change.DeliveryState switch
    {
        DeliveryState.Pending or DeliveryState.Assigned => 0,
        DeliveryState.OutForDelivery => 1,
        _ => 2,
    };

    private static PromisePart PartOf(PromiseChanged change)
    {
        string zone = Zones.Known(change.Order.TimeZone) ? change.Order.TimeZone : "Etc/UTC";
        return new PromisePart
        {
            ExpectedFrom =
                change.Risk?.ExpectedFrom is { } from ? TimeOnly.FromDateTime(Zones.Local(from, zone)) : null,
            ExpectedUntil =
                change.Risk?.ExpectedUntil is { } until ? TimeOnly.FromDateTime(Zones.Local(until, zone)) : null,
            Returned = change.Returned,
        };
    }
}
