using System.Runtime.CompilerServices;
using System.Text;
using Florist.Adapters.Templates;
using Florist.Customers;
using Florist.Messaging;

namespace Florist.Tests.Messaging.Templates;

/// <summary>
/// Every text that a customer can get from the built-in templates, as it stood when somebody last read it. After a
/// deliberate change run the tests once with <c>FLORIST_WRITE_GOLDEN=1</c> and read the difference.
/// </summary>
public sealed class MessageGoldenTests
{
    private const string RewriteVariable = "FLORIST_WRITE_GOLDEN";

    // One for all: a template is compiled when it is used first, which takes longer than using it.
    private static readonly TemplateRenderer Renderer = SharedRenderer.Value;

    [Fact]
    public void Every_rendering_reads_as_it_was_approved()
    {
        Dictionary<string, string> rendered = new(StringComparer.Ordinal);
        foreach ((string name, MessageModel model) in Models())
        {
            if (!model.Sympathy)
            {
                rendered.Add($"{name}.sms", $"{Renderer.Sms(model)}\n");
            }

            if (model.Kind != MessageKind.NearlyThere)
            {
                RenderedEmail email = Renderer.Email(model);
                rendered.Add($"{name}.txt", $"Subject: {email.Subject}\n\n{email.Text}");
                rendered.Add($"{name}.html", email.Html);
            }
        }

        string folder = Folder();
        if (Environment.GetEnvironmentVariable(RewriteVariable) == "1")
        {
            Rewrite(folder, rendered);
        }

        Assert.Equal(
            rendered.Keys.Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        foreach ((string name, string text) in rendered)
        {
            string approved = File.ReadAllText(Path.Combine(folder, name), Encoding.UTF8).ReplaceLineEndings("\n");
            Assert.True(approved == text, $"{name} differs from what was approved; see {RewriteVariable}\n{text}");
        }
    }

    private static IEnumerable<(string Name, MessageModel Model)> Models()
    {
        foreach (MessageKind kind in Enum.GetValues<MessageKind>())
        {
            foreach (string language in new[] { "en-GB", "de-DE" })
            {
                foreach (Formality formality in Enum.GetValues<Formality>())
                {
                    string name = $"{TemplateRenderer.FileNameOf(kind)}.{language[..2]}.{formality}".ToLowerInvariant();
                    yield return (name, MessageSamples.Of(kind, language, formality));
                    if (kind != MessageKind.OccasionReminder)
                    {
                        yield return ($"{name}.sympathy", MessageSamples.Of(kind, language, formality, sympathy: true));
                    }
                }
            }
        }
    }

    private static void Rewrite(string folder, Dictionary<string, string> rendered)
    {
        Directory.CreateDirectory(folder);
        foreach (string old in Directory.EnumerateFiles(folder))
        {
            File.Delete(old);
        }

        foreach ((string name, string text) in rendered)
        {
            File.WriteAllText(Path.Combine(folder, name), text);
        }
    }

    private static string Folder([CallerFilePath] string here = "") => Path.GetFullPath(
        Path.Combine(Path.GetDirectoryName(here) ?? "", "..", "..", "Golden", "Messages"));
}
