using System.Text;
using System.Text.RegularExpressions;
using Florist.Kernel;
using Florist.Tests.Testing.Npm;

namespace Florist.Server.Tests.Docs;

/// <summary>Keeps <c>docs/errors.md</c>: every reason the code can answer with, where, and in what words.</summary>
public sealed partial class ErrorCatalogueTests
{
    private const int ReasonLengthMax = 63;

    private static readonly string Source = Path.Combine(NpmFolder.RepositoryRoot, "src");

    [Fact]
    public void Every_reason_stands_in_the_catalogue()
    {
        GeneratedPage.Check("errors.md", Page(Reasons()));
    }

    [Fact]
    public void Every_reason_has_the_published_form()
    {
        Assert.NotEmpty(Reasons());
        Assert.All(Reasons(), reason => Assert.True(reason.Name.Length <= ReasonLengthMax, reason.Name));
    }

    private static List<Reason> Reasons()
    {
        string[] folders = ["Florist", "Florist.Server"];
        return
        [
            .. from folder in folders
               from file in Directory.EnumerateFiles(Path.Combine(Source, folder), "*.cs", SearchOption.AllDirectories)
               where !file.Contains("/obj/", StringComparison.Ordinal)
               let text = WithConstants(File.ReadAllText(file))
               from Match match in ReasonAndText().Matches(text)
               select new Reason(
                   match.Groups["reason"].Value,
                   StatusAt(text, match.Index),
                   Feature(file),
                   Words(match.Groups["text"].Value)),
        ];
    }

    private static string Page(List<Reason> reasons)
    {
        StringBuilder page = new();
        page.Append("""
            # Errors

            Every failed call carries a `google.rpc.ErrorInfo` with the domain `florist` and one of these reasons, over
            gRPC in `grpc-status-details-bin` and over HTTP in `error.details`. Switch on status and reason; the words
            are for developers and may change, and every value in them is in the metadata as well. Wrong fields are
            named in `google.rpc.BadRequest`, each with its own reason; what may be repeated, and when, in
            `google.rpc.RetryInfo`.

            This page is made of the code; `…` stands for a value.

            | Reason | Status | Where | In words |
            | --- | --- | --- | --- |

            """);
        foreach (IGrouping<(string, string), Reason> group in reasons
            .GroupBy(reason => (reason.Name, reason.Status))
            .OrderBy(group => group.Key.Name, StringComparer.Ordinal)
            .ThenBy(group => group.Key.Status, StringComparer.Ordinal))
        {
            string where = string.Join(", ", group.Select(reason => reason.Where).Distinct().Order());
            string words = string.Join("; ", group.Select(reason => reason.Text).Distinct().Order().Take(3));
            page.Append("| `").Append(group.Key.Item1).Append("` | ").Append(group.Key.Item2).Append(" | ")
                .Append(where).Append(" | ").Append(words.Replace("|", "\\|", StringComparison.Ordinal)).Append(" |\n");
        }

        return page.ToString();
    }

    // A reason may have a name in its file.
    private static string WithConstants(string text)
    {
        foreach (Match constant in ReasonConstant().Matches(text))
        {
            string name = constant.Groups["name"].Value;
            text = Regex.Replace(text, $@"(?<=[(,]\s*){name}(?=\s*,)", $"\"{constant.Groups["reason"].Value}\"");
        }

        return text;
    }

    // The status follows from the call that the reason is an argument of: the last one named before it.
    private static string StatusAt(string text, int index)
    {
        Match call = LastCall().Match(text, Math.Max(0, index - 400), Math.Min(index, 400));
        return call.Groups["call"].Value switch
        {
            "Refused" or "FaultKind.Refused" => "FAILED_PRECONDITION",
            "TooMany" or "FaultKind.TooMany" => "RESOURCE_EXHAUSTED",
            "FaultKind.NotFound" => "NOT_FOUND",
            "FaultKind.Denied" => "PERMISSION_DENIED",
            "FaultKind.Exists" => "ALREADY_EXISTS",
            "FaultKind.Stale" => "ABORTED",
            string code when code.StartsWith("StatusCode.", StringComparison.Ordinal) =>
                Snake(code["StatusCode.".Length..]),
            "Unauthenticated" => "UNAUTHENTICATED",
            _ => "INVALID_ARGUMENT",
        };
    }

    private static string Snake(string name) =>
        Regex.Replace(name, "(?<=[a-z])(?=[A-Z])", "_").ToUpperInvariant();

    private static string Feature(string file)
    {
        string[] parts = Path.GetRelativePath(Source, file).Split('/');
        return parts[0] == "Florist" ? parts[1] : "Server";
    }

    private static string Words(string literal)
    {
        string text = literal.TrimStart('$').Trim('"').Replace("\\\"", "\"", StringComparison.Ordinal);
        text = Regex.Replace(text, @"\{[^{}]*\}", "…");
        return text.EndsWith(' ') ? text + "…" : text;
    }

    [GeneratedRegex("""
        "(?<reason>[A-Z][A-Z0-9_]{2,}[A-Z0-9])"\s*,\s*(?<text>\$?"(?:[^"\\]|\\.)*")
        """)]
    private static partial Regex ReasonAndText();

    [GeneratedRegex("""const string (?<name>\w+) = "(?<reason>[A-Z][A-Z0-9_]{2,}[A-Z0-9])";""")]
    private static partial Regex ReasonConstant();

    [GeneratedRegex(
        @"(?<call>Refused|TooMany|Invalid|Unauthenticated|FaultKind\.\w+|StatusCode\.\w+|checks\.\w+|Add|That)[(,]",
        RegexOptions.RightToLeft)]
    private static partial Regex LastCall();

    private sealed record Reason(string Name, string Status, string Where, string Text);
}
