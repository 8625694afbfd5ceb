using System.Collections.Immutable;
using Florist.Catalogue;
using Florist.Customers;
using Florist.Kernel;
using Florist.Messaging;
using Florist.Occasions;
using Florist.Tests.Catalogue;

namespace Florist.Tests.Messaging;

public sealed class ReminderCandidatesTests
{
    private static readonly ReminderDue Due = new()
    {
        CustomerId = new CustomerId("anna"),
        OccasionId = new OccasionId("occ"),
        RecipientId = new RecipientId("mum"),
        Category = OccasionCategory.Birthday,
        Date = new DateOnly(2027, 6, 20),
        LeadDays = 7,
        OccurrenceKey = "anna:occ:2027:7",
        ExpiresAt = new DateTimeOffset(2027, 6, 19, 13, 0, 0, TimeSpan.Zero),
    };

    private static readonly Recipient Mum = new() { Id = new RecipientId("mum"), GivenName = "Mary" };

    private static readonly CustomerView Anna = new()
    {
        Id = new CustomerId("anna"),
        Country = "GB",
        LanguageCode = "de-DE",
        TimeZone = "Europe/Berlin",
        Recipients = [Mum],
    };

    [Fact]
    public void Three_bestsellers_of_the_category_are_suggested_in_the_customers_language_and_currency()
    {
        ImmutableArray<Suggestion> suggestions = Suggest(Anna);

        Assert.Equal(3, suggestions.Length);
        foreach (Suggestion suggestion in suggestions)
        {
            Bouquet bouquet = DemoCatalogue.Value.Find(suggestion.BouquetId)
                ?? throw new InvalidOperationException("not in the catalogue");
            Assert.Contains(OccasionCategory.Birthday, bouquet.Categories);
            Assert.Equal((bouquet.Titles["de"], bouquet.Prices["GBP"]), (suggestion.Title, suggestion.Price.Minor));
        }
    }

    [Theory]
    [InlineData("GB", null, "GBP")]
    [InlineData("DE", null, "EUR")]
    [InlineData("US", null, "EUR")]
    [InlineData("DE", "GBP", "GBP")]
    [InlineData("GB", "SEK", "GBP")]
    public void Prices_are_in_the_currency_that_the_customer_is_used_to(string country, string? range, string currency)
    {
        CustomerView customer = Anna with
        {
            Country = country,
            Preferences = new Preferences
            {
                PriceRange = range is null ? null : new PriceRange(new Money(1000, range), new Money(9000, range)),
            },
        };

        Assert.All(Suggest(customer), suggestion => Assert.Equal(currency, suggestion.Price.Currency));
    }

    [Fact]
    public void What_the_recipient_must_not_have_is_never_suggested()
    {
        Recipient careful = Mum with
        {
            HasCats = true,
            HasDogs = true,
            DislikedColours = ["pink"],
            Allergies = ["rose", "pollen"],
        };

        foreach (OccasionCategory category in Enum.GetValues<OccasionCategory>().Where(c => c != OccasionCategory.Sympathy))
        {
            foreach (Suggestion suggestion in Suggest(Anna with { Recipients = [careful] }, Due with { Category = category }))
            {
                Bouquet bouquet = DemoCatalogue.Value.Find(suggestion.BouquetId)
                    ?? throw new InvalidOperationException("not in the catalogue");
                Assert.DoesNotContain(Hazard.TrueLily, bouquet.Hazards);
                Assert.DoesNotContain(Hazard.ToxicToDogs, bouquet.Hazards);
                Assert.DoesNotContain(Hazard.Pollen, bouquet.Hazards);
                Assert.DoesNotContain(FlowerColour.Pink, bouquet.Colours);
                Assert.DoesNotContain(bouquet.Stems, used => used.Stem.Kind == "rose");
            }
        }
    }

    [Fact]
    public void The_customers_own_allergies_count_only_where_nobody_is_named()
    {
        CustomerView sneezing = Anna with { Preferences = new Preferences { Allergies = ["peony"] } };

        Assert.Equal(Suggest(Anna), Suggest(sneezing));
        Assert.NotEqual(
            Suggest(Anna, Due with { RecipientId = null }), Suggest(sneezing, Due with { RecipientId = null }));
    }

    [Fact]
    public void What_was_given_before_is_not_suggested_again()
    {
        BouquetId first = Suggest(Anna)[0].BouquetId;

        Assert.DoesNotContain(Suggest(Anna, given: first), suggestion => suggestion.BouquetId == first);
    }

    [Fact]
    public void The_last_instant_to_order_is_told_in_the_customers_time()
    {
        ReminderPart? part = ReminderCandidates.Of(Due, Anna, DemoCatalogue.Value, []).Model.Reminder;

        Assert.Equal((new DateOnly(2027, 6, 19), new TimeOnly(15, 0)), (part?.OrderByDay, part?.OrderByTime));
    }

    [Fact]
    public void A_repeat_of_the_reminder_is_the_same_news_and_another_lead_time_is_not()
    {
        MessageCandidate one = ReminderCandidates.Of(Due, Anna, DemoCatalogue.Value, []);
        MessageCandidate repeat = ReminderCandidates.Of(Due, Anna with { TimeZone = "Asia/Tokyo" }, DemoCatalogue.Value, []);
        MessageCandidate other = ReminderCandidates.Of(
            Due with { LeadDays = 1, OccurrenceKey = "anna:occ:2027:1" }, Anna, DemoCatalogue.Value, []);

        Assert.Equal(MessageId.Prefix(one.Key, one.OccurredAt), MessageId.Prefix(repeat.Key, repeat.OccurredAt));
        Assert.NotEqual(MessageId.Prefix(one.Key, one.OccurredAt), MessageId.Prefix(other.Key, other.OccurredAt));
    }

    private static ImmutableArray<Suggestion> Suggest(
        CustomerView customer, ReminderDue? due = null, BouquetId? given = null) =>
        ReminderCandidates.Of(due ?? Due, customer, DemoCatalogue.Value, given is { } id ? [id] : [])
            .Model.Reminder?.Suggestions ?? [];
}
