using System.Collections.Immutable;
using Florist.Customers;

namespace Florist.Messaging;

/// <summary>
/// What templates see of a model: finished words and addresses, by name. Everything is there for every model, null or
/// false where the model has nothing, so that a template that asks for an unknown name is a mistake and fails.
/// </summary>
public static class MessageView
{
    /// <summary>Colour of text.</summary>
    public const string InkColour = "#2b2b2b";

    // Names longer than these are cut, in e-mails for the look of it, in text messages for the price of it.
    private const int NameLengthMax = 60;
    private const int TitleLengthMax = 80;
    private const int SmsNameLengthMax = 20;
    private const int SmsTitleLengthMax = 24;

    /// <summary>The view for an e-mail.</summary>
    public static ImmutableDictionary<string, object?> ForEmail(MessageModel model, BrandOptions brand) =>
        Of(model, brand, new Lengths(NameLengthMax, TitleLengthMax));

    /// <summary>The view for a text message.</summary>
    /// <param name="model">The model.</param>
    /// <param name="brand">The brand.</param>
    /// <param name="nameless">True leaves out every word that a person chose.</param>
    public static ImmutableDictionary<string, object?> ForSms(MessageModel model, BrandOptions brand, bool nameless) =>
        Of(model, brand, nameless ? new Lengths(0, 0) : new Lengths(SmsNameLengthMax, SmsTitleLengthMax));

    private static ImmutableDictionary<string, object?> Of(MessageModel model, BrandOptions brand, Lengths lengths)
    {
        LanguageFormat format = LanguageFormat.For(model.LanguageCode);
        string given = lengths.Name(model.GivenName);
        string family = lengths.Name(model.FamilyName);
        return View(
            ("language", format.Code),
            ("formal", model.Formality == Formality.Formal),
            ("sympathy", model.Sympathy),
            ("brand", Brand(brand, model.Sympathy)),
            ("givenName", OrNull(given)),
            ("fullName", OrNull($"{given} {family}".Trim())),
            ("recipient", OrNull(lengths.Name(model.RecipientGivenName))),
            ("messagesUrl", $"{brand.BaseUrl}/account/messages"),
            ("order", model.Order is { } order ? Order(order, format, brand, lengths) : null),
            ("delivery", model.Delivery is { } delivery ? Delivery(delivery, format, lengths) : null),
            ("reminder", model.Reminder is { } reminder ? Reminder(reminder, format, brand, lengths) : null),
            ("promise", model.Promise is { } promise ? Promise(promise, format) : null),
            ("substitution", model.Substitution is { } stem ? Substitution(stem, format) : null));
    }

    private static ImmutableDictionary<string, object?> Substitution(SubstitutionPart stem, LanguageFormat format) =>
        View(
            ("bouquet", ShownText.Line(stem.Bouquet, SmsTitleLengthMax)),
            ("missing", ShownText.Line(stem.Missing, SmsTitleLengthMax)),
            ("instead", ShownText.Line(stem.Instead, SmsTitleLengthMax)),
            ("day", format.LongDay(stem.AnswerByDay)),
            ("time", format.Time(stem.AnswerByTime)));

    private static ImmutableDictionary<string, object?> Promise(PromisePart promise, LanguageFormat format)
    {
        (TimeOnly From, TimeOnly Until)? eta = (promise.ExpectedFrom, promise.ExpectedUntil) is ({ } from, { } until)
            ? (from, until)
            : null;
        return View(
            ("eta", eta is { } between ? format.Between(between.From, between.Until) : null),
            ("etaSpan", eta is { } span ? LanguageFormat.Span(span.From, span.Until) : null),
            ("returned", promise.Returned is { Minor: > 0 } returned ? format.Amount(returned) : null));
    }

    private static ImmutableDictionary<string, object?> Brand(BrandOptions brand, bool sympathy) => View(
        ("name", brand.Name),
        ("url", brand.BaseUrl),
        ("host", new Uri(brand.BaseUrl).Authority),
        ("logoUrl", OrNull(brand.LogoUrl)),
        ("accent", sympathy ? "#4a4a4a" : brand.AccentColour),
        ("background", sympathy ? "#f2f2f2" : brand.BackgroundColour),
        ("ink", InkColour),
        ("imprint", brand.Imprint),
        ("help", brand.Help));

    private static ImmutableDictionary<string, object?> Order(
        OrderPart order, LanguageFormat format, BrandOptions brand, Lengths lengths)
    {
        int pieces = order.Bouquets.Sum(line => line.Quantity);
        ImmutableArray<string> titles = [.. order.Bouquets.Select(line => lengths.Title(line.Title))];
        return View(
            ("id", order.OrderId.Value),
            ("url", $"{brand.BaseUrl}/orders/{Escaped(order.OrderId.Value)}"),
            ("againUrl", $"{brand.BaseUrl}/order?again={Escaped(order.OrderId.Value)}"),
            ("pieces", pieces),
            ("lines", order.Bouquets
                .Select((line, i) => View(
                    ("title", titles[i]), ("quantity", line.Quantity), ("several", line.Quantity > 1)))
                .ToImmutableArray()),
            ("bouquets", OrNull(format.List(titles.RemoveAll(title => title.Length == 0)))),
            ("day", format.LongDay(order.DeliveryOn)),
            ("shortDay", format.ShortDay(order.DeliveryOn)),
            ("window", format.Between(order.WindowStart, order.WindowEnd)),
            ("span", LanguageFormat.Span(order.WindowStart, order.WindowEnd)),
            ("total", format.Amount(order.Total)),
            ("declined", order.Declined),
            ("wasConfirmed", order.WasConfirmed));
    }

    private static ImmutableDictionary<string, object?> Delivery(
        DeliveryPart delivery, LanguageFormat format, Lengths lengths)
    {
        (TimeOnly From, TimeOnly Until)? eta = (delivery.EtaFrom, delivery.EtaUntil) is ({ } from, { } until)
            ? (from, until)
            : null;
        return View(
            ("day", format.LongDay(delivery.HappenedOn)),
            ("time", format.Time(delivery.HappenedAt)),
            ("eta", eta is { } between ? format.Between(between.From, between.Until) : null),
            ("etaSpan", eta is { } span ? LanguageFormat.Span(span.From, span.Until) : null),
            ("outcome", delivery.Outcome?.ToString()),
            ("safePlace", OrNull(lengths.Title(delivery.SafePlace))),
            ("hasPhoto", delivery.HasPhoto),
            ("failure", delivery.FailureReason?.ToString()),
            ("willTryAgain", delivery.WillTryAgain));
    }

    private static ImmutableDictionary<string, object?> Reminder(
        ReminderPart reminder, LanguageFormat format, BrandOptions brand, Lengths lengths)
    {
        string about = $"recipient={Escaped(reminder.RecipientId?.Value ?? "")}&date={reminder.On:yyyy-MM-dd}";
        string category = WordOf(reminder.Category.ToString());
        return View(
            ("title", OrNull(lengths.Title(reminder.Title))),
            ("kind", reminder.Kind.ToString()),
            ("category", reminder.Category.ToString()),
            ("day", format.LongDay(reminder.On)),
            ("shortDay", format.ShortDay(reminder.On)),
            ("years", reminder.Years is > 0 ? reminder.Years : null),
            ("ordinal", reminder.Years is > 0 and int years ? format.Ordinal(years) : null),
            ("orderByDay", format.LongDay(reminder.OrderByDay)),
            ("orderByShortDay", format.ShortDay(reminder.OrderByDay)),
            ("orderByTime", format.Time(reminder.OrderByTime)),
            ("url", $"{brand.BaseUrl}/order?category={category}&{about}"),
            ("suggestions", reminder.Suggestions
                .Select(each => Suggested(each, format, brand, about)).ToImmutableArray()),
            ("hasSuggestions", !reminder.Suggestions.IsEmpty));
    }

    private static ImmutableDictionary<string, object?> Suggested(
        Suggestion suggestion, LanguageFormat format, BrandOptions brand, string about)
    {
        string bouquet = Escaped(suggestion.BouquetId.Value);
        return View(
            ("title", ShownText.Line(suggestion.Title, TitleLengthMax)),
            ("description", OrNull(ShownText.Line(suggestion.Description, 200))),
            ("price", format.Amount(suggestion.Price)),
            ("imageUrl", OrNull(brand.BouquetImageUrl.Replace("{bouquet}", bouquet, StringComparison.Ordinal))),
            ("url", $"{brand.BaseUrl}/order?bouquet={bouquet}&{about}"));
    }

    private static string Escaped(string text) => Uri.EscapeDataString(text);

    private static string WordOf(string name) => string.Concat(
        name.Select((c, i) => (char.IsAsciiLetterUpper(c) && i > 0 ? "-" : "") + char.ToLowerInvariant(c)));

    private static string? OrNull(string text) => text.Length == 0 ? null : text;

    private static ImmutableDictionary<string, object?> View(params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var view = ImmutableDictionary.CreateBuilder<string, object?>(StringComparer.Ordinal);
        foreach ((string name, object? value) in values)
        {
            view.Add(name, value);
        }

        return view.ToImmutable();
    }

    /// <summary>The lengths of what people chose; 0 leaves it out.</summary>
    private readonly record struct Lengths(int NameMax, int TitleMax)
    {
        public string Name(string? text) => NameMax == 0 ? "" : ShownText.Line(text, NameMax);

        public string Title(string? text) => TitleMax == 0 ? "" : ShownText.Line(text, TitleMax);
    }
}
