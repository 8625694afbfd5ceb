using System.Collections.Immutable;
using Florist.Catalogue;
using Florist.Customers;
using Florist.Kernel;
using Florist.Occasions;

namespace Florist.Messaging;

/// <summary>Makes candidates of reminders that are due, with three bestsellers that suit the recipient. Pure.</summary>
internal static class ReminderCandidates
{
    private const int SuggestionsMax = 3;

    /// <summary>The candidate of a reminder.</summary>
    /// <param name="due">The reminder.</param>
    /// <param name="customer">Whom to remind.</param>
    /// <param name="catalogue">What there is to suggest.</param>
    /// <param name="givenBefore">What the recipient got last time, which is not suggested again.</param>
    public static MessageCandidate Of(
        ReminderDue due, CustomerView customer, ICatalogue catalogue, ImmutableArray<BouquetId> givenBefore)
    {
        string zone = Zones.Known(customer.TimeZone) ? customer.TimeZone : "Etc/UTC";
        DateTime orderBy = Zones.Local(due.ExpiresAt, zone);
        return new MessageCandidate
        {
            Key = due.OccurrenceKey,
            Kind = MessageKind.OccasionReminder,
            OccurredAt = new DateTimeOffset(due.Date.AddDays(-due.LeadDays), TimeOnly.MinValue, TimeSpan.Zero),
            ExpiresAt = due.ExpiresAt,
            Sympathy = due.Category == OccasionCategory.Sympathy,
            About = new MessageAbout { OccasionId = due.OccasionId, RecipientId = due.RecipientId },
            Addressee = Addressee.Of(customer),
            Model = OrderCandidates.ModelFor(customer, MessageKind.OccasionReminder) with
            {
                RecipientGivenName = due.RecipientGivenName ?? "",
                Reminder = new ReminderPart
                {
                    Title = due.Title,
                    Kind = due.Kind,
                    Category = due.Category,
                    On = due.Date,
                    Years = due.Years,
                    OrderByDay = DateOnly.FromDateTime(orderBy),
                    OrderByTime = TimeOnly.FromDateTime(orderBy),
                    RecipientId = due.RecipientId,
                    Suggestions = Suggestions(due, customer, catalogue, givenBefore),
                },
            },
        };
    }

    private static ImmutableArray<Suggestion> Suggestions(
        ReminderDue due, CustomerView customer, ICatalogue catalogue, ImmutableArray<BouquetId> givenBefore)
    {
        string currency = CurrencyOf(customer);
        Preferences own = customer.Preferences;
        Recipient? recipient = due.RecipientId is { } id ? customer.RecipientOf(id) : null;
        PriceRange? range = own.PriceRange?.Min.Currency == currency ? own.PriceRange : null;

        // The flowers stand in the recipient's home; only where nobody is named, they may stand in the customer's.
        BestsellerQuery query = new()
        {
            Category = due.Category,
            Currency = currency,
            DeliveryOn = due.Date,
            PriceMinorFrom = range?.Min.Minor,
            PriceMinorUpTo = range?.Max.Minor,
            DislikedStems = recipient is null
                ? [.. own.DislikedStems, .. own.Allergies]
                : [.. recipient.DislikedStems, .. recipient.Allergies],
            DislikedColours = recipient is null ? own.DislikedColours : recipient.DislikedColours,
            AvoidedHazards = recipient is null
                ? Tastes.HazardsFor(own.Allergies, own.HasCats, own.HasDogs)
                : Tastes.HazardsFor(recipient.Allergies, recipient.HasCats, recipient.HasDogs),
            Excluded = givenBefore,
            CountMax = SuggestionsMax,
        };
        return [.. Bestsellers.For(catalogue, query).Bouquets.Select(bouquet => new Suggestion(
            bouquet.Id,
            bouquet.TitleIn(customer.LanguageCode),
            bouquet.DescriptionIn(customer.LanguageCode),
            new Money(bouquet.Prices[currency], currency)))];
    }

    // Every bouquet has a price in pounds and in euros.
    private static string CurrencyOf(CustomerView customer)
    {
        string? told = customer.Preferences.PriceRange?.Min.Currency ?? customer.Traits.MainCurrency();
        return told is "GBP" or "EUR" ? told
            : customer.Country is "GB" or "IM" or "JE" or "GG" ? "GBP"
            : "EUR";
    }
}
