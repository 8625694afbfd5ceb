using System.Text.RegularExpressions;

namespace Florist.Tests.Architecture;

/// <summary>Rules of style that a compiler does not know.</summary>
public sealed partial class TidyTests
{
    private const int FileLinesMax = 400;
    private const int MethodLinesMax = 70;
    private const int LineLengthMax = 120;

    private static readonly string[] VagueEndings =
        ["Manager", "Helper", "Helpers", "Util", "Utils", "Common", "Misc", "Base", "Impl", "Processor"];

    // The stand-in restates names of others.
    private static readonly string[] NamesOfOthers = ["src/Grpc.Kestrel/", "src/Orleans.InProcess/Abstractions/"];

    [Fact]
    public void No_file_is_longer_than_400_lines() => Offenders.None(
        Sources("*.cs").Where(file => Repository.Lines(file).Length > FileLinesMax));

    [Fact]
    public void No_line_is_longer_than_120_columns() => Offenders.None(
        from file in Repository.Files("src", "*.cs").Concat(Repository.Files("protos/florist", "*.proto"))
        from line in Repository.Lines(file).Select((text, i) => (Text: text, Number: i + 1))
        where line.Text.Length > LineLengthMax
        select $"{file}:{line.Number}");

    [Fact]
    public void No_method_is_longer_than_70_lines() => Offenders.None(Sources("*.cs").SelectMany(LongMethods));

    [Fact]
    public void No_file_has_regions() => Offenders.None(
        Sources("*.cs").Where(file => Repository.Lines(file).Any(line => line.TrimStart().StartsWith("#region", StringComparison.Ordinal))));

    [Fact]
    public void No_type_has_a_vague_name() => Offenders.None(
        from file in Repository.Files("src", "*.cs")
        where !NamesOfOthers.Any(folder => file.StartsWith(folder, StringComparison.Ordinal))
        from line in Repository.Lines(file)
        let declared = TypeDeclaration().Match(line)
        where declared.Success && VagueEndings.Any(ending => declared.Groups[1].Value.EndsWith(ending, StringComparison.Ordinal))
        select $"{file}: {declared.Groups[1].Value}");

    [Fact]
    public void No_method_has_the_suffix_Async_but_where_others_named_it() => Offenders.None(
        from file in Repository.Files("src", "*.cs")
        where !file.StartsWith("src/Grpc.Kestrel/", StringComparison.Ordinal)
            && !file.StartsWith("src/Orleans.InProcess/", StringComparison.Ordinal)
        from line in Repository.Lines(file)
        where AsyncMethod().IsMatch(line) && !line.Contains("override", StringComparison.Ordinal)
            && !OthersNames().IsMatch(line)
        select $"{file}: {line.Trim()}");

    [Fact]
    public void Sql_stands_only_in_its_folder() => Offenders.None(
        from file in Repository.Files("src", "*.cs")
        where !file.StartsWith("src/Florist.Adapters/Sql/", StringComparison.Ordinal)
        from line in Repository.Lines(file)
        where SqlStatement().IsMatch(line)
        select $"{file}: {line.Trim()}");

    [Fact]
    public void No_source_uses_the_null_forgiving_operator() => Offenders.None(
        from file in Repository.Files("src", "*.cs")
        from line in Repository.Lines(file)
        where NullForgiving().IsMatch(line) && !line.TrimStart().StartsWith("//", StringComparison.Ordinal)
        select $"{file}: {line.Trim()}");

    [Fact]
    public void Log_event_ids_are_used_once()
    {
        IEnumerable<(int Id, string File)> ids =
            from file in Repository.Files("src", "*.cs")
            from match in LogId().Matches(string.Join('\n', Repository.Lines(file)))
            select (int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), file);

        Offenders.None(ids.GroupBy(use => use.Id).Where(uses => uses.Count() > 1)
            .Select(uses => $"{uses.Key}: {string.Join(", ", uses.Select(use => use.File))}"));
    }

    [Fact]
    public void Every_project_of_the_tree_is_in_the_solution()
    {
        string solution = string.Join('\n', Repository.Lines("Florist.sln")).Replace('\\', '/');

        Offenders.None(Repository.Files("src", "*.csproj").Concat(Repository.Files("tests", "*.csproj"))
            .Where(project => !solution.Contains(project, StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Sources(string pattern) =>
        Repository.Files("src", pattern).Concat(Repository.Files("tests", pattern));

    // A method is what stands between braces one level inside a type; levels are told by indentation, which the
    // formatter keeps.
    private static IEnumerable<string> LongMethods(string file)
    {
        string[] lines = Repository.Lines(file);
        for (int i = 1; i < lines.Length; i++)
        {
            int depth = lines[i].Length - lines[i].TrimStart().Length;
            if (lines[i].Trim() != "{" || depth == 0 || TypeDeclaration().IsMatch(Declaration(lines, i)))
            {
                continue;
            }

            string closing = new string(' ', depth) + "}";
            int end = Array.FindIndex(lines, i, line => line.StartsWith(closing, StringComparison.Ordinal));
            if (end - i - 1 > MethodLinesMax)
            {
                yield return $"{file}:{i} has {end - i - 1} lines";
            }
        }
    }

    private static string Declaration(string[] lines, int brace)
    {
        int start = brace - 1;
        while (start > 0 && !lines[start].TrimStart().StartsWith("public ", StringComparison.Ordinal)
            && !lines[start].TrimStart().StartsWith("internal ", StringComparison.Ordinal)
            && !lines[start].TrimStart().StartsWith("private ", StringComparison.Ordinal)
            && lines[start].Trim() is not ("{" or "}" or ""))
        {
            start--;
        }

        return lines[start];
    }

    [GeneratedRegex(@"^\s*(?:(?:public|internal|private|protected|sealed|static|abstract|partial|readonly|file|ref)\s+)*(?:class|record\s+struct|record|struct|interface|enum)\s+(\w+)")]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex(@"^\s*(?:public|internal|private|protected)\s[^=(]*\b\w+Async\s*(<[^>]*>)?\(")]
    private static partial Regex AsyncMethod();

    // Interfaces of the framework and of the two stand-ins.
    [GeneratedRegex(@"\b(StartAsync|StopAsync|DisposeAsync|ReadStateAsync|WriteStateAsync|ClearStateAsync|OnActivateAsync|OnDeactivateAsync|SendAsync)\b")]
    private static partial Regex OthersNames();

    [GeneratedRegex(@"""\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE TABLE|PRAGMA)\s", RegexOptions.CultureInvariant)]
    private static partial Regex SqlStatement();

    [GeneratedRegex(@"[\w)\]]!(\.|;|\)|,|\[)")]
    private static partial Regex NullForgiving();

    [GeneratedRegex(@"LoggerMessage\(\s*(?:EventId\s*=\s*)?(\d+)")]
    private static partial Regex LogId();
}
