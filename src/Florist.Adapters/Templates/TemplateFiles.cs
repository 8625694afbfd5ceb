using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Florist.Messaging;

namespace Florist.Adapters.Templates;

/// <summary>
/// The template files that are built in, by path: <c>en/order_confirmed.hbs</c>, <c>html/layout.hbs</c>.
/// </summary>
internal sealed class TemplateFiles
{
    private const string Root = "templates/";

    private readonly FrozenDictionary<string, string> texts;

    private TemplateFiles(FrozenDictionary<string, string> texts)
    {
        this.texts = texts;
        StringBuilder all = new();
        foreach ((string path, string text) in texts.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            all.Append(path).Append('\0').Append(text).Append('\0');
        }

        Version = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all.ToString())).AsSpan(0, 6));
    }

    /// <summary>A digest of all files.</summary>
    public string Version { get; }

    /// <summary>The paths, in ordinal order.</summary>
    public IEnumerable<string> Paths => texts.Keys.Order(StringComparer.Ordinal);

    /// <summary>Reads the files that are built in.</summary>
    public static TemplateFiles BuiltIn()
    {
        System.Reflection.Assembly assembly = typeof(TemplateFiles).Assembly;
        Dictionary<string, string> texts = new(StringComparer.Ordinal);
        foreach (string name in assembly.GetManifestResourceNames())
        {
            if (!name.StartsWith(Root, StringComparison.Ordinal))
            {
                continue;
            }

            using Stream stream = assembly.GetManifestResourceStream(name)
                ?? throw new InvalidOperationException($"{name} is listed but cannot be opened");
            using StreamReader reader = new(stream, Encoding.UTF8);
            texts.Add(name[Root.Length..].Replace('\\', '/'), reader.ReadToEnd().ReplaceLineEndings("\n"));
        }

        return new TemplateFiles(texts.ToFrozenDictionary(StringComparer.Ordinal));
    }

    /// <summary>A file's text.</summary>
    /// <exception cref="MessageRenderException">There is no such file.</exception>
    public string Read(string path) =>
        texts.GetValueOrDefault(path) ?? throw new MessageRenderException($"there is no template {path}");

    /// <summary>
    /// The text of a language's file: the one for the form of address where the words differ, else the common one.
    /// </summary>
    /// <exception cref="MessageRenderException">There is neither.</exception>
    public string Read(string language, bool formal, string name) =>
        texts.GetValueOrDefault($"{language}/{(formal ? "formal" : "informal")}/{name}") ?? Read($"{language}/{name}");

    /// <summary>Names of the partials (<c>_name.hbs</c>) that a language has in a form of address.</summary>
    public IEnumerable<string> Partials(string language, bool formal)
    {
        string[] folders = [$"{language}/", $"{language}/{(formal ? "formal" : "informal")}/"];
        return Paths
            .Where(path => folders.Contains(path[..(path.LastIndexOf('/') + 1)], StringComparer.Ordinal))
            .Select(path => path[(path.LastIndexOf('/') + 1)..])
            .Where(name => name.StartsWith('_') && name.EndsWith(".hbs", StringComparison.Ordinal))
            .Select(name => name[1..^4])
            .Distinct(StringComparer.Ordinal);
    }
}
