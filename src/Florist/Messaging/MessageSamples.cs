using Florist.Catalogue;
using Florist.Customers;
using Florist.Delivery;
using Florist.Kernel;
using Florist.Occasions;
using Florist.Orders;

namespace Florist.Messaging;

/// <summary>Made-up models, one a kind, for looking at texts before anybody gets them.</summary>
internal static class MessageSamples
{
    /// <summary>A model of a kind with every part that its text speaks of.</summary>
    public static MessageModel Of(MessageKind kind, string languageCode, Formality formality, bool sympathy = false)
    {
        bool german = LanguageFormat.For(languageCode) == LanguageFormat.German;
        return new MessageModel
        {
            Kind = kind,
            LanguageCode = languageCode,
            Formality = formality,
            Sympathy = sympathy,
            GivenName = german ? "Jörg" : "Alice",
            FamilyName = german ? "Weiß" : "Moore",
            RecipientGivenName = german ? "Käthe" : "Rose",
            Order = kind == MessageKind.OccasionReminder ? null : Order(german),
            Delivery = Delivery(kind, german),
            Reminder = kind == MessageKind.OccasionReminder ? Reminder(german) : null,
            Promise = Promise(kind, german),
            Substitution = kind == MessageKind.SubstitutionProposed ? Substitution(german) : null,
        };
    }

    private static OrderPart Order(bool german) => new()
    {
        OrderId = new OrderId("4h7kq2m9x3zr8w5tbn6c"),
        Bouquets = german
            ? [new("Gartenfest", 1), new("Zartrosa Pfingstrosen", 2)]
            : [new("Garden party", 1), new("Blush peonies", 2)],
        DeliveryOn = new DateOnly(2027, 2, 12),
        WindowStart = new TimeOnly(9, 0),
        WindowEnd = new TimeOnly(13, 0),
        Total = new Money(german ? 104_70 : 94_70, german ? "EUR" : "GBP"),
        Declined = true,
        WasConfirmed = true,
    };

    private static DeliveryPart? Delivery(MessageKind kind, bool german)
    {
        DeliveryPart part = new() { HappenedOn = new DateOnly(2027, 2, 12), HappenedAt = new TimeOnly(10, 5) };
        return kind switch
        {
            MessageKind.Dispatched => part,
            MessageKind.OutForDelivery or MessageKind.NearlyThere => part with
            {
                EtaFrom = new TimeOnly(10, 40),
                EtaUntil = new TimeOnly(11, 10),
            },
            MessageKind.Delivered => part with
            {
                Outcome = DeliveryOutcome.LeftInSafePlace,
                SafePlace = german ? "hinter dem Gartentor" : "behind the garden gate",
                HasPhoto = true,
            },
            MessageKind.AttemptFailed => part with
            {
                FailureReason = FailureReason.RecipientNotHome,
                WillTryAgain = true,
            },
            MessageKind.DeliveryFailed => part with { FailureReason = FailureReason.ItemDamaged },
            _ => null,
        };
    }

    private static SubstitutionPart Substitution(bool german) => new()
    {
        Bouquet = german ? "Gartenfest" : "Garden party",
        Missing = german ? "rosa Wicken" : "pink sweet peas",
        Instead = german ? "rosa Levkojen" : "pink stocks",
        AnswerByDay = new DateOnly(2027, 2, 11),
        AnswerByTime = new TimeOnly(15, 0),
    };

    private static PromisePart? Promise(MessageKind kind, bool german) => kind switch
    {
        MessageKind.RunningLate => new() { ExpectedFrom = new TimeOnly(13, 20), ExpectedUntil = new TimeOnly(13, 50) },
        MessageKind.PromiseBroken => new() { Returned = new Money(german ? 5_99 : 4_99, german ? "EUR" : "GBP") },
        _ => null,
    };

    private static ReminderPart Reminder(bool german) => new()
    {
        Title = german ? "Mamas Geburtstag" : "Mum's birthday",
        Kind = OccasionKind.Birthday,
        Category = OccasionCategory.Birthday,
        On = new DateOnly(2027, 3, 6),
        Years = 60,
        OrderByDay = new DateOnly(2027, 3, 5),
        OrderByTime = new TimeOnly(14, 0),
        RecipientId = new RecipientId("rose"),
        Suggestions = [.. Suggestions(german)],
    };

    private static IEnumerable<Suggestion> Suggestions(bool german) => german
        ?
        [
            Suggested("spring-garden", "Frühlingsgarten", "Tulpen, Ranunkeln und Anemonen.", 39_90, "EUR"),
            Suggested("blush-peonies", "Zartrosa Pfingstrosen", "Sie öffnen sich langsam.", 49_90, "EUR"),
            Suggested("garden-party", "Gartenfest", "Rosen und Wicken in hellen Farben.", 54_90, "EUR"),
        ]
        :
        [
            Suggested("spring-garden", "Spring garden", "Tulips, ranunculus and anemones.", 34_50, "GBP"),
            Suggested("blush-peonies", "Blush peonies", "Peonies that open slowly.", 44_50, "GBP"),
            Suggested("garden-party", "Garden party", "Roses and sweet peas in light colours.", 49_50, "GBP"),
        ];

    private static Suggestion Suggested(string id, string title, string description, long minor, string currency) =>
        new(new BouquetId(id), title, description, new Money(minor, currency));
}
