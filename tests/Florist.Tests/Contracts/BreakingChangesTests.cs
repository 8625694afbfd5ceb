using System.Text.RegularExpressions;
using Florist.Tests.Testing.Npm;

namespace Florist.Tests.Contracts;

/// <summary>
/// Nothing that callers rely on is taken away: the contracts are compared with those of the last release, which
/// <c>protos/released.binpb</c> holds, and with those of the commit before this one.
/// </summary>
public sealed class BreakingChangesTests
{
    private const string RewriteVariable = "FLORIST_WRITE_GOLDEN";

    private static readonly TimeSpan GitLimit = TimeSpan.FromMinutes(1);

    private static readonly string Released = Path.Combine(Buf.Protos, "released.binpb");

    [Fact]
    public async Task Callers_of_the_last_release_are_understood()
    {
        if (Environment.GetEnvironmentVariable(RewriteVariable) == "1" && !File.Exists(Released))
        {
            // Made anew only where it was taken away on purpose: with a release, or before the first one.
            ToolRun build = await Buf.Run(Buf.Protos, "build", "--exclude-source-info", "-o", Released);
            Assert.True(build.ExitCode == 0, build.Said);
        }

        ToolRun run = await Buf.Run(Buf.Protos, "breaking", "--against", Released);

        Assert.True(run.ExitCode == 0, $"callers of the last release would not be understood\n{run.Said}");
    }

    [Fact]
    public async Task Callers_of_the_commit_before_are_understood()
    {
        using OlderProtos older = await OlderProtos.Read();

        ToolRun run = await Buf.Run(Buf.Protos, "breaking", "--against", older.Place);

        Assert.True(run.ExitCode == 0, $"callers of {older.Name} would not be understood\n{run.Said}");
    }

    [Theory]
    [InlineData("operations/v1/operations.proto", @"\n *// [^\n]*\n *string etag = 7[^;]*;", "deleted")]
    [InlineData("orders/v1/orders.proto", @"rpc GetOrder\(", "deleted")]
    [InlineData("customers/v1/customers.proto", @"string given_name = 2", "")]
    public async Task A_field_or_method_that_goes_is_found_in_our_own_contracts(
        string file, string pattern, string complaint)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("florist-changed");
        try
        {
            Copy(Buf.Protos, folder.FullName);
            string path = Path.Combine(folder.FullName, "florist", file);
            string before = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
            string after = new Regex(pattern).Replace(before, Changed, 1);
            Assert.NotEqual(before, after);
            await File.WriteAllTextAsync(path, after, TestContext.Current.CancellationToken);

            ToolRun run = await Buf.Run(folder.FullName, "breaking", "--against", Released);

            Assert.Equal(100, run.ExitCode);
            Assert.Contains(complaint, run.Output, StringComparison.OrdinalIgnoreCase);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // A field goes, a method gets another name, a field becomes bytes.
    private static string Changed(Match match) => match.Value.StartsWith("rpc ", StringComparison.Ordinal)
        ? "rpc FetchOrder("
        : match.Value.StartsWith("string given_name", StringComparison.Ordinal) ? "bytes given_name = 2" : "";

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*.*", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith(".binpb", StringComparison.Ordinal)))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target) ?? to);
            File.Copy(file, target);
        }
    }

    /// <summary>The contracts of an earlier commit, in a folder that goes with this.</summary>
    private sealed class OlderProtos : IDisposable
    {
        private readonly DirectoryInfo? folder;

        private OlderProtos(string name, string place, DirectoryInfo? folder)
        {
            Name = name;
            Place = place;
            this.folder = folder;
        }

        /// <summary>Which commit.</summary>
        public string Name { get; }

        /// <summary>What buf is told to compare with.</summary>
        public string Place { get; }

        /// <summary>
        /// Those of the commit before; where there is no history, as in a shallow checkout or an archive, those of the
        /// last release.
        /// </summary>
        public static async Task<OlderProtos> Read()
        {
            bool hasGit = await Tool.Exists("git", TestContext.Current.CancellationToken);
            ToolRun? parent = hasGit ? await Git("rev-parse", "--verify", "--quiet", "HEAD~1") : null;
            if (parent is not { ExitCode: 0 })
            {
                return new OlderProtos("the last release", Released, null);
            }

            string commit = parent.Output.Trim();
            DirectoryInfo folder = Directory.CreateTempSubdirectory("florist-older");
            string archive = Path.Combine(folder.FullName, "protos.tar");
            ToolRun export = await Git("archive", "--format=tar", $"--output={archive}", commit, "protos");
            Assert.True(export.ExitCode == 0, export.Said);
            await System.Formats.Tar.TarFile.ExtractToDirectoryAsync(
                archive, folder.FullName, overwriteFiles: false, TestContext.Current.CancellationToken);
            return new OlderProtos(commit, Path.Combine(folder.FullName, "protos"), folder);
        }

        public void Dispose() => folder?.Delete(recursive: true);

        private static Task<ToolRun> Git(params string[] arguments) => Tool.Run(
            "git",
            ["-c", "safe.directory=*", .. arguments],
            NpmFolder.RepositoryRoot,
            GitLimit,
            TestContext.Current.CancellationToken);
    }
}
