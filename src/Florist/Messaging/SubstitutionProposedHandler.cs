using System.Collections.Immutable;
using System.Globalization;
using Florist.Catalogue;
using Florist.Customers;
using Florist.Kernel;
using Florist.Orders;

namespace Florist.Messaging;

/// <summary>A stem is missing: the customer is asked.</summary>
internal sealed class SubstitutionProposedHandler(NewsDesk desk, ICatalogue catalogue) : IOutboxHandler
{
    public string Topic => OrdersTopics.SubstitutionProposed;

    public Task<OutboxResult> Handle(OutboxMessage message, CancellationToken cancellationToken)
    {
        SubstitutionProposed news = message.Read<SubstitutionProposed>();
        return desk.Tell(message, news.Order.CustomerId, customer => Candidate(news, customer, catalogue));
    }

    /// <summary>The candidate of a question. Pure.</summary>
    public static MessageCandidate Candidate(SubstitutionProposed news, CustomerView customer, ICatalogue catalogue)
    {
        OrderFacts order = news.Order;
        string zone = Zones.Known(order.TimeZone) ? order.TimeZone : "Etc/UTC";
        DateTime answerBy = Zones.Local(news.AnswerBy, zone);
        return new MessageCandidate
        {
            Key = string.Create(CultureInfo.InvariantCulture, $"{order.OrderId}:substitution{news.Number}"),
            Kind = MessageKind.SubstitutionProposed,
            OccurredAt = news.ProposedAt,
            ExpiresAt = news.AnswerBy,
            Sympathy = order.Sympathy,
            About = new MessageAbout { OrderId = order.OrderId, RecipientId = order.RecipientId },
            Progress = new NewsProgress(order.OrderId.Value, NewsRanks.Confirmed),
            Addressee = Addressee.Of(customer),
            Model = OrderCandidates.ModelFor(customer, MessageKind.SubstitutionProposed) with
            {
                Sympathy = order.Sympathy,
                RecipientGivenName = order.RecipientGivenName,
                Order = OrderCandidates.PartOf(order, customer.LanguageCode, catalogue),
                Substitution = new SubstitutionPart
                {
                    Bouquet = catalogue.Find(news.Bouquet)?.TitleIn(customer.LanguageCode) ?? news.Bouquet.Value,
                    Missing = NameOf(news.Missing, customer.LanguageCode, catalogue),
                    Instead = NameOf(news.Instead, customer.LanguageCode, catalogue),
                    AnswerByDay = DateOnly.FromDateTime(answerBy),
                    AnswerByTime = TimeOnly.FromDateTime(answerBy),
                },
            },
        };
    }

    private static string NameOf(StemId id, string languageCode, ICatalogue catalogue)
    {
        ImmutableSortedDictionary<string, string>? names =
            catalogue.Stems.FirstOrDefault(stem => stem.Id == id)?.Names;
        return names?.GetValueOrDefault(languageCode.Split('-')[0].ToLowerInvariant())
            ?? names?.GetValueOrDefault("en")
            ?? id.Value;
    }
}
