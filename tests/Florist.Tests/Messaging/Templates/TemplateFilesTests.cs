using Florist.Adapters.Templates;
using Florist.Messaging;

namespace Florist.Tests.Messaging.Templates;

public sealed class TemplateFilesTests
{
    private readonly TemplateFiles files = TemplateFiles.BuiltIn();

    [Fact]
    public void Every_kind_has_a_file_in_every_language_and_form_of_address()
    {
        foreach (MessageKind kind in Enum.GetValues<MessageKind>())
        {
            foreach (string language in LanguageFormat.All.Select(format => format.Code))
            {
                string name = $"{TemplateRenderer.FileNameOf(kind)}.hbs";
                Assert.NotEmpty(files.Read(language, formal: true, name));
                Assert.NotEmpty(files.Read(language, formal: false, name));
            }
        }
    }

    [Fact]
    public void No_file_lies_about_unused()
    {
        HashSet<string> kinds = [.. Enum.GetValues<MessageKind>().Select(kind => $"{TemplateRenderer.FileNameOf(kind)}.hbs")];
        string all = string.Join('\n', files.Paths.Select(files.Read));

        foreach (string path in files.Paths)
        {
            string name = Path.GetFileName(path);
            bool partial = name.StartsWith('_') && all.Contains($"{{{{> {name[1..^4]}}}}}", StringComparison.Ordinal);
            bool block = path.StartsWith("html/", StringComparison.Ordinal) || path.StartsWith("text/", StringComparison.Ordinal);
            Assert.True(kinds.Contains(name) || partial || block || name is "_footer.hbs" or "phrases.txt", path);
        }
    }

    [Fact]
    public void Both_ways_of_writing_know_the_same_blocks() => Assert.Equal(Names("html/"), Names("text/"));

    [Fact]
    public void Every_language_knows_the_same_phrases() => Assert.Equal(Phrases("en"), Phrases("de"));

    [Fact]
    public void A_file_that_is_not_there_is_named() => Assert.Contains(
        "en/no_such.hbs",
        Assert.Throws<MessageRenderException>(() => files.Read("en", formal: true, "no_such.hbs")).Message,
        StringComparison.Ordinal);

    private IEnumerable<string> Names(string folder) => files.Paths
        .Where(path => path.StartsWith(folder, StringComparison.Ordinal)).Select(path => path[folder.Length..]);

    private IEnumerable<string> Phrases(string language) => files.Read($"{language}/phrases.txt")
        .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(" = ")[0]);
}
