using System.Xml.Linq;
using Florist.Adapters.Templates;
using Florist.Catalogue;
using Florist.Customers;
using Florist.Messaging;
using Microsoft.Extensions.Options;

namespace Florist.Tests.Messaging.Templates;

public sealed class TemplateRendererTests
{
    private const string Hostile =
        "<script>alert(1)</script>\"'`&{{brand.name}}</p>\r\nBcc: victim@example.com\u202E javascript:x";

    private static readonly string[] Languages = ["en-GB", "de-DE"];

    // One for all: a template is compiled when it is used first, which takes longer than using it.
    private static readonly TemplateRenderer Renderer = SharedRenderer.Value;

    public static TheoryData<MessageKind, string, Formality> Everything()
    {
        TheoryData<MessageKind, string, Formality> data = [];
        foreach (MessageKind kind in Enum.GetValues<MessageKind>())
        {
            foreach (string language in Languages)
            {
                data.Add(kind, language, Formality.Formal);
                data.Add(kind, language, Formality.Informal);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void Hostile_words_stay_words(MessageKind kind, string language, Formality formality)
    {
        MessageModel model = WithWords(MessageSamples.Of(kind, language, formality), Hostile);

        string sms = Renderer.Sms(model);
        Assert.DoesNotContain('\n', sms);
        Assert.DoesNotContain('\u202E', sms);
        if (kind == MessageKind.NearlyThere)
        {
            return;
        }

        RenderedEmail email = Renderer.Email(model);
        Assert.DoesNotContain('\n', email.Subject);
        Assert.DoesNotContain('\r', email.Subject);
        Assert.DoesNotContain("<script", email.Html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\u202E', email.Html + email.Text);
        Assert.Equal(Elements(Renderer.Email(MessageSamples.Of(kind, language, formality)).Html), Elements(email.Html));
        Assert.All(Links(email.Html), link => Assert.StartsWith("https://florist.example", link, StringComparison.Ordinal));
    }

    [Fact]
    public void Escaped_words_read_as_they_were_written()
    {
        MessageModel model = MessageSamples.Of(MessageKind.OrderConfirmed, "en-GB", Formality.Informal) with
        {
            GivenName = "Tom & \"Jerry\" <3 `x` O'Neill",
        };

        RenderedEmail email = Renderer.Email(model);

        Assert.Contains("Hi Tom & \"Jerry\" <3 `x` O'Neill,", email.Text, StringComparison.Ordinal);
        Assert.Contains("Tom &amp; &quot;Jerry&quot; &lt;3 &#96;x&#96; O&#39;Neill", email.Html, StringComparison.Ordinal);
        Assert.Contains(
            "Hi Tom & \"Jerry\" <3 `x` O'Neill,",
            Document(email.Html).Descendants("p").Select(element => element.Value));
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void A_text_message_takes_two_parts_at_most_whatever_people_are_called(
        MessageKind kind, string language, Formality formality)
    {
        foreach (string word in new[] { "Rose", new string('W', 500), new string('花', 100), new string('€', 100), "Ольга Владимировна" })
        {
            MessageModel model = WithWords(MessageSamples.Of(kind, language, formality), word);

            Assert.InRange(SmsText.Measure(Renderer.Sms(model)).Segments, 1, 2);
        }
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void A_text_message_with_European_names_is_in_the_cheap_alphabet(
        MessageKind kind, string language, Formality formality)
    {
        MessageModel model = WithWords(MessageSamples.Of(kind, language, formality), "Zoë Łucja Dvořák");

        Assert.Equal(SmsEncoding.Gsm7, SmsText.Measure(Renderer.Sms(model)).Encoding);
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void A_message_reads_on_where_nothing_optional_is_known(
        MessageKind kind, string language, Formality formality)
    {
        MessageModel full = MessageSamples.Of(kind, language, formality);
        MessageModel bare = full with
        {
            GivenName = "",
            FamilyName = "",
            RecipientGivenName = "",
            Order = full.Order is { } order ? order with { Declined = false, WasConfirmed = false } : null,
            Delivery = full.Delivery is { } delivery
                ? new DeliveryPart { HappenedOn = delivery.HappenedOn, HappenedAt = delivery.HappenedAt }
                : null,
            Reminder = full.Reminder is { } reminder
                ? reminder with { Title = "", Years = null, RecipientId = null, Suggestions = [] }
                : null,
        };

        string text = Renderer.Sms(bare);
        text += kind == MessageKind.NearlyThere ? "" : Renderer.Email(bare).Text + Renderer.Email(bare).Subject;

        Assert.DoesNotContain("  ", text.Replace("\n  ", "\n", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain(" ,", text, StringComparison.Ordinal);
        Assert.DoesNotContain(" .", text, StringComparison.Ordinal);
        Assert.DoesNotContain("{{", text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void Nothing_shouts_and_German_keeps_its_form_of_address(
        MessageKind kind, string language, Formality formality)
    {
        MessageModel model = MessageSamples.Of(kind, language, formality, sympathy: kind != MessageKind.OccasionReminder);
        string text = Renderer.Sms(model);
        text += kind == MessageKind.NearlyThere ? "" : Renderer.Email(model).Text + Renderer.Email(model).Subject;

        Assert.DoesNotContain('!', text);
        if (language == "de-DE")
        {
            string[] others = formality == Formality.Formal
                ? [" du ", " dir ", " dich ", " dein", " Dein", " Du "]
                : [" Ihr", " Ihnen", "sagen Sie", "Sie haben", "Können Sie", "brauchen Sie"];
            Assert.All(others, other => Assert.DoesNotContain(other, $" {text}", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Every_html_part_is_accessible()
    {
        foreach (MessageKind kind in Enum.GetValues<MessageKind>().Where(kind => kind != MessageKind.NearlyThere))
        {
            XDocument html = Document(Renderer.Email(MessageSamples.Of(kind, "de-AT", Formality.Formal)).Html);

            Assert.Equal("de", html.Root?.Attribute("lang")?.Value);
            Assert.NotEmpty(html.Descendants("title").Single().Value);
            Assert.All(html.Descendants("table"), table => Assert.Equal("presentation", table.Attribute("role")?.Value));
            Assert.All(html.Descendants("img"), image => Assert.NotEmpty(image.Attribute("alt")?.Value ?? ""));
        }
    }

    [Fact]
    public void A_reminder_shows_each_bouquet_with_price_picture_and_a_link_that_orders_it()
    {
        RenderedEmail email = Renderer.Email(MessageSamples.Of(MessageKind.OccasionReminder, "en-GB", Formality.Formal));
        XDocument html = Document(email.Html);

        Assert.Equal(
            ["Spring garden", "Blush peonies", "Garden party"],
            html.Descendants("img").Select(image => image.Attribute("alt")?.Value));
        Assert.Contains("£34.50", email.Html, StringComparison.Ordinal);
        Assert.Contains(
            "https://florist.example/order?bouquet=spring-garden&recipient=rose&date=2027-03-06", Links(email.Html));
        Assert.Contains(
            "https://florist.example/order?bouquet=spring-garden&recipient=rose&date=2027-03-06",
            email.Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_that_are_no_words_are_escaped_in_links()
    {
        MessageModel model = MessageSamples.Of(MessageKind.OccasionReminder, "en-GB", Formality.Formal);
        ReminderPart part = (model.Reminder ?? new ReminderPart()) with
        {
            RecipientId = new RecipientId("a&b=c\"><i>"),
            Suggestions = [new(new BouquetId("../x?y"), "X", "", new(100, "GBP"))],
        };

        string html = Renderer.Email(model with { Reminder = part }).Html;

        Assert.Contains("bouquet=..%2Fx%3Fy&amp;recipient=a%26b%3Dc%22%3E%3Ci%3E&amp;date=", html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_model_gives_the_same_bytes_from_any_renderer()
    {
        TemplateRenderer other = new(Options.Create(new MessagingOptions()));
        MessageModel model = MessageSamples.Of(MessageKind.Delivered, "de-DE", Formality.Informal);

        Assert.Equal(Renderer.Email(model), other.Email(model));
        Assert.Equal((Renderer.Sms(model), Renderer.Version), (other.Sms(model), other.Version));
    }

    [Fact]
    public void A_model_without_the_part_that_its_kind_speaks_of_cannot_be_rendered() =>
        Assert.Throws<MessageRenderException>(() => Renderer.Email(new MessageModel { Kind = MessageKind.Delivered }));

    [Fact]
    public async Task Many_at_once_do_not_disturb_one_another()
    {
        MessageModel model = MessageSamples.Of(MessageKind.OrderConfirmed, "en-GB", Formality.Formal);
        string expected = Renderer.Email(model).Html;

        string[] all = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => Renderer.Email(model).Html)));

        Assert.All(all, html => Assert.Equal(expected, html));
    }

    private static MessageModel WithWords(MessageModel model, string word) => model with
    {
        GivenName = word,
        FamilyName = word,
        RecipientGivenName = word,
        Order = model.Order is { } order ? order with { Bouquets = [new(word, 2)] } : null,
        Delivery = model.Delivery is { SafePlace: not null } delivery ? delivery with { SafePlace = word } : model.Delivery,
        Reminder = model.Reminder is { } reminder
            ? reminder with
            {
                Title = word,
                Suggestions = [.. reminder.Suggestions.Select(each => each with { Title = word, Description = word })],
            }
            : null,
    };

    private static Dictionary<string, int> Elements(string html) => Document(html).Descendants()
        .Where(element => element.Name.LocalName is not ("tr" or "td"))
        .GroupBy(element => element.Name.LocalName)
        .ToDictionary(group => group.Key, group => group.Count());

    private static IEnumerable<string> Links(string html) => Document(html).Descendants()
        .Select(element => element.Attribute("href")?.Value ?? element.Attribute("src")?.Value)
        .OfType<string>();

    // The layout closes what it opens except for the void elements, so it can be read as XML once those are closed.
    private static XDocument Document(string html)
    {
        string xml = System.Text.RegularExpressions.Regex.Replace(
            html.Replace("<!DOCTYPE html>", "", StringComparison.Ordinal), "<(meta|img|br)([^>]*)>", "<$1$2/>");
        return XDocument.Parse(xml);
    }
}
