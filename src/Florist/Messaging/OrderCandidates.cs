using Florist.Catalogue;
using Florist.Customers;
using Florist.Orders;

namespace Florist.Messaging;

/// <summary>Makes candidates of what happened to orders. Pure.</summary>
internal static class OrderCandidates
{
    public static MessageCandidate Confirmed(OrderConfirmed news, CustomerView customer, ICatalogue catalogue) =>
        About(news.Order, MessageKind.OrderConfirmed, NewsRanks.Confirmed, news.ConfirmedAt, customer, catalogue);

    public static MessageCandidate Cancelled(OrderCancelled news, CustomerView customer, ICatalogue catalogue)
    {
        MessageCandidate candidate = About(
            news.Order, MessageKind.OrderCancelled, NewsRanks.OrderEnded, news.CancelledAt, customer, catalogue);
        return candidate with
        {
            Model = candidate.Model with
            {
                Order = candidate.Model.Order is { } order ? order with { WasConfirmed = news.WasConfirmed } : null,
            },
        };
    }

    public static MessageCandidate Expired(OrderExpired news, CustomerView customer, ICatalogue catalogue)
    {
        MessageCandidate candidate = About(
            news.Order, MessageKind.PaymentFailed, NewsRanks.OrderEnded, news.ExpiredAt, customer, catalogue);
        return candidate with
        {
            Model = candidate.Model with
            {
                Order = candidate.Model.Order is { } order ? order with { Declined = news.Declined } : null,
            },
        };
    }

    /// <summary>The model of a message to a customer, without its parts.</summary>
    public static MessageModel ModelFor(CustomerView customer, MessageKind kind) => new()
    {
        Kind = kind,
        LanguageCode = customer.LanguageCode,
        Formality = customer.Formality,
        GivenName = customer.GivenName,
        FamilyName = customer.FamilyName,
    };

    /// <summary>What messages say about an order; a bouquet that is sold no more is called by its id.</summary>
    public static OrderPart PartOf(OrderFacts order, string languageCode, ICatalogue catalogue) => new()
    {
        OrderId = order.OrderId,
        Bouquets = [.. order.Bouquets.Select(each => new BouquetLine(
            catalogue.Find(new BouquetId(each.BouquetId))?.TitleIn(languageCode) ?? each.BouquetId, each.Quantity))],
        DeliveryOn = order.DeliveryOn,
        WindowStart = order.WindowStart,
        WindowEnd = order.WindowEnd,
        Total = order.Total,
    };

    private static MessageCandidate About(
        OrderFacts order,
        MessageKind kind,
        int rank,
        DateTimeOffset occurredAt,
        CustomerView customer,
        ICatalogue catalogue) => new()
        {
            Key = $"{order.OrderId}:{kind}",
            Kind = kind,
            OccurredAt = occurredAt,
            ExpiresAt = DateTimeOffset.MaxValue,
            Sympathy = order.Sympathy,
            About = new MessageAbout { OrderId = order.OrderId, RecipientId = order.RecipientId },
            Progress = new NewsProgress(order.OrderId.Value, rank),
            Addressee = Addressee.Of(customer),
            Model = ModelFor(customer, kind) with
            {
                Sympathy = order.Sympathy,
                RecipientGivenName = order.RecipientGivenName,
                Order = PartOf(order, customer.LanguageCode, catalogue),
            },
        };
}
