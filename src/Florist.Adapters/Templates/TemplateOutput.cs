using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Florist.Messaging;
using HandlebarsDotNet;
using HandlebarsDotNet.Compiler;

namespace Florist.Adapters.Templates;

/// <summary>
/// One way to write a message's templates: as HTML or as plain text, in one language and form of address. The same body
/// makes both parts of an e-mail: paragraphs, buttons and tables are blocks, which each way of writing has files for.
/// </summary>
internal sealed class TemplateOutput
{
    private static readonly string[] Inline = ["link"];
    private static readonly string[] Lines = ["fact", "small"];
    private static readonly string[] Paragraphs = ["p", "note", "button", "facts", "bouquet"];

    private readonly IHandlebars handlebars;
    private readonly bool html;
    private readonly FrozenDictionary<string, string> phrases;
    private readonly Dictionary<string, HandlebarsTemplate<object, object>> compiled = new(StringComparer.Ordinal);

    public TemplateOutput(TemplateFiles files, string language, bool formal, bool html)
    {
        this.html = html;
        phrases = Phrases(files.Read($"{language}/phrases.txt"));
        handlebars = Handlebars.Create(new HandlebarsConfiguration
        {
            TextEncoder = html ? HtmlText.Encoder : null,
            NoEscape = !html,
            ThrowOnUnresolvedBindingExpression = true,
            FormatProvider = CultureInfo.InvariantCulture,
        });
        foreach (string partial in files.Partials(language, formal))
        {
            handlebars.RegisterTemplate(partial, files.Read(language, formal, $"_{partial}.hbs").Trim());
        }

        foreach (string block in Inline.Concat(Lines).Concat(Paragraphs))
        {
            RegisterBlock(block, files.Read($"{(html ? "html" : "text")}/{block}.hbs").Trim());
        }

        handlebars.RegisterHelper("eq", (context, arguments) =>
            string.Equals(arguments[0]?.ToString(), arguments[1]?.ToString(), StringComparison.Ordinal));
        handlebars.RegisterHelper("plural", (context, arguments) =>
            LanguageFormat.Plural(
                Convert.ToInt32(arguments[0], CultureInfo.InvariantCulture), Word(arguments, 1), Word(arguments, 2)));
        handlebars.RegisterHelper("phrase", (context, arguments) =>
            Phrase(Word(arguments, 0), arguments[1]?.ToString() ?? ""));
    }

    /// <summary>Writes a template.</summary>
    /// <param name="name">What it is called, the same for the same source.</param>
    /// <param name="source">The template.</param>
    /// <param name="view">What it sees.</param>
    /// <exception cref="MessageRenderException">The template is wrong, or asks for what the view lacks.</exception>
    public string Write(string name, string source, object view)
    {
        try
        {
            HandlebarsTemplate<object, object>? template;
            lock (compiled)
            {
                if (!compiled.TryGetValue(name, out template))
                {
                    template = handlebars.Compile(source);
                    compiled.Add(name, template);
                }
            }

            return template(view).Trim();
        }
        catch (Exception wrong) when (wrong is HandlebarsException or HandlebarsUndefinedBindingException)
        {
            throw new MessageRenderException($"template {name} cannot be rendered: {wrong.Message}", wrong);
        }
    }

    private void RegisterBlock(string name, string source)
    {
        HandlebarsTemplate<object, object> template = handlebars.Compile(source);
        handlebars.RegisterHelper(name, (output, options, context, arguments) =>
        {
            Dictionary<string, object?> view = new(StringComparer.Ordinal);
            foreach ((string key, object? value) in arguments.Hash)
            {
                // Nothing is not the same as unknown: the block's file asks for it with #if.
                view[key] = value is UndefinedBindingResult ? null : value;
            }

            string inner = options.Template();
            view["content"] = name == "facts" ? NoBlankLines(inner) : OneLine(inner);
            view["brand"] = (options.Data["root"] as IReadOnlyDictionary<string, object?>)?["brand"];
            output.WriteSafeString(template(view).Trim() + After(name));
        });
    }

    private string After(string block) =>
        html || Inline.Contains(block, StringComparer.Ordinal) ? ""
        : Lines.Contains(block, StringComparer.Ordinal) ? "\n"
        : "\n\n";

    private string Phrase(string group, string name) =>
        phrases.GetValueOrDefault($"{group}.{name}")
        ?? phrases.GetValueOrDefault($"{group}.*")
        ?? throw new MessageRenderException($"there is no phrase {group}.{name}");

    private static string Word(Arguments arguments, int index) =>
        arguments[index] as string ?? throw new MessageRenderException($"argument {index} is not a text");

    private static FrozenDictionary<string, string> Phrases(string text) => text
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(" = ", 2))
        .ToFrozenDictionary(pair => pair[0].Trim(), pair => pair[1].Trim(), StringComparer.Ordinal);

    private static string NoBlankLines(string text) => string.Join(
        '\n', text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    /// <summary>Runs of spaces and line breaks as one space; the space that may not break stays.</summary>
    internal static string OneLine(string text)
    {
        StringBuilder line = new(text.Length);
        bool space = false;
        foreach (char c in text)
        {
            if (c is ' ' or '\n' or '\r' or '\t')
            {
                space = line.Length > 0;
                continue;
            }

            line.Append(space ? " " : "").Append(c);
            space = false;
        }

        return line.ToString();
    }
}
