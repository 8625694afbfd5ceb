using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using Florist.Customers;
using Florist.Messaging;
using Microsoft.Extensions.Options;

namespace Florist.Adapters.Templates;

/// <summary>Renders messages from the built-in files. A template is compiled when it is used first.</summary>
internal sealed class TemplateRenderer(IOptions<MessagingOptions> options) : IMessageRenderer
{
    private const int SmsSegmentsMax = 2;

    private readonly TemplateFiles files = TemplateFiles.BuiltIn();
    private readonly BrandOptions brand = options.Value.Brand;
    private readonly ConcurrentDictionary<(string Language, bool Formal, bool Html), TemplateOutput> outputs = new();
    private readonly ConcurrentDictionary<(string Language, bool Formal, MessageKind Kind), TemplateSections> messages =
        new();

    public string Version => files.Version;

    public RenderedEmail Email(MessageModel model)
    {
        ImmutableDictionary<string, object?> view = MessageView.ForEmail(model, brand);
        TemplateSections message = SectionsOf(model);
        string subject = Line(model, "subject", message["subject"], view);
        view = view
            .Add("subject", subject)
            .Add("preheader", Line(model, "preheader", message["preheader"], view));
        return new RenderedEmail(
            subject,
            Tidy(Whole(model, html: false, message["body"], view)),
            Whole(model, html: true, message["body"], view) + "\n");
    }

    public string Sms(MessageModel model)
    {
        string text = Sms(model, nameless: false);

        // Names in other scripts, or long ones, may fill a part each. Without them every text is short.
        return SmsText.Measure(text).Segments <= SmsSegmentsMax ? text : Sms(model, nameless: true);
    }

    private string Sms(MessageModel model, bool nameless)
    {
        ImmutableDictionary<string, object?> view = MessageView.ForSms(model, brand, nameless);
        return GsmFold.Fold(Line(model, "sms", SectionsOf(model)["sms"], view));
    }

    private string Whole(
        MessageModel model, bool html, string body, ImmutableDictionary<string, object?> view)
    {
        TemplateOutput output = OutputOf(model, html);
        string content = output.Write($"{model.Kind}.body", body, view);
        string footer = output.Write("footer", files.Read(LanguageOf(model), IsFormal(model), "_footer.hbs"), view);
        string way = html ? "html" : "text";
        return output.Write(
            "layout", files.Read($"{way}/layout.hbs"), view.Add("content", content).Add("footer", footer));
    }

    private string Line(MessageModel model, string section, string source, ImmutableDictionary<string, object?> view) =>
        TemplateOutput.OneLine(OutputOf(model, html: false).Write($"{model.Kind}.{section}", source, view));

    private TemplateSections SectionsOf(MessageModel model) => messages.GetOrAdd(
        (LanguageOf(model), IsFormal(model), model.Kind),
        key =>
        {
            string name = $"{FileNameOf(key.Kind)}.hbs";
            return TemplateSections.Parse($"{key.Language}/{name}", files.Read(key.Language, key.Formal, name));
        });

    private TemplateOutput OutputOf(MessageModel model, bool html) => outputs.GetOrAdd(
        (LanguageOf(model), IsFormal(model), html),
        key => new TemplateOutput(files, key.Language, key.Formal, key.Html));

    private static string LanguageOf(MessageModel model) => LanguageFormat.For(model.LanguageCode).Code;

    private static bool IsFormal(MessageModel model) => model.Formality == Formality.Formal;

    internal static string FileNameOf(MessageKind kind) => string.Concat(kind.ToString()
        .Select((c, i) => (char.IsAsciiLetterUpper(c) && i > 0 ? "_" : "") + char.ToLowerInvariant(c)));

    // Blocks leave blank lines behind them, and conditions around blocks leave more.
    private static string Tidy(string text)
    {
        StringBuilder tidy = new(text.Length);
        int blank = 0;
        foreach (string line in text.Split('\n'))
        {
            string trimmed = line.TrimEnd();
            blank = trimmed.Length == 0 ? blank + 1 : 0;
            if (blank < 2)
            {
                tidy.Append(trimmed).Append('\n');
            }
        }

        return tidy.ToString().Trim('\n') + "\n";
    }
}
