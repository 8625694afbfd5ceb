using Florist.Tests.Testing.Npm;

namespace Florist.Server.Tests.Docs;

/// <summary>
/// A page of <c>docs/</c> that is made of the code. The test fails when the page is behind; with
/// <c>FLORIST_WRITE_DOCS=1</c> in the environment it writes it anew instead.
/// </summary>
internal static class GeneratedPage
{
    private const string WriteVariable = "FLORIST_WRITE_DOCS";

    /// <summary>Compares the page with what it should be.</summary>
    public static void Check(string name, string expected)
    {
        string path = Path.Combine(NpmFolder.RepositoryRoot, "docs", name);
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1")
        {
            File.WriteAllText(path, expected);
        }

        string actual = File.Exists(path) ? File.ReadAllText(path) : "";
        Assert.True(
            expected == actual,
            $"docs/{name} is behind the code: run the tests once with {WriteVariable}=1 and look at what changed");
    }
}
