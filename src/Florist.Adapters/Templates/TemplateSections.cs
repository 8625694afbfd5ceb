using System.Collections.Frozen;
using Florist.Messaging;

namespace Florist.Adapters.Templates;

/// <summary>
/// The parts of one message's file, each begun by a line <c>=== name</c>: subject, preheader, body and sms. A message
/// that goes by text message only has no more than the last.
/// </summary>
internal sealed class TemplateSections
{
    private const string Mark = "=== ";

    private readonly FrozenDictionary<string, string> sections;
    private readonly string path;

    private TemplateSections(string path, FrozenDictionary<string, string> sections)
    {
        this.path = path;
        this.sections = sections;
    }

    /// <summary>A section's text.</summary>
    /// <exception cref="MessageRenderException">The file has no such section.</exception>
    public string this[string name] =>
        sections.GetValueOrDefault(name) ?? throw new MessageRenderException($"{path} has no section {name}");

    /// <summary>Takes a file apart.</summary>
    public static TemplateSections Parse(string path, string text)
    {
        Dictionary<string, string> sections = new(StringComparer.Ordinal);
        string? name = null;
        List<string> lines = [];
        foreach (string line in text.Split('\n'))
        {
            if (!line.StartsWith(Mark, StringComparison.Ordinal))
            {
                lines.Add(line);
                continue;
            }

            Close();
            name = line[Mark.Length..].Trim();
        }

        Close();
        return new TemplateSections(path, sections.ToFrozenDictionary(StringComparer.Ordinal));

        void Close()
        {
            string content = string.Join('\n', lines).Trim();
            lines.Clear();
            if (name is not null)
            {
                sections.Add(name, content);
            }
            else if (content.Length > 0)
            {
                throw new MessageRenderException($"{path} begins outside any section");
            }
        }
    }
}
