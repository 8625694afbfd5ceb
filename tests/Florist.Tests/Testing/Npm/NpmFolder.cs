using System.Text.Json;
using System.Text.RegularExpressions;

namespace Florist.Tests.Testing.Npm;

/// <summary>
/// Packages of npm at exact versions, in <c>artifacts/npm/NAME</c> under the root of the repository. They are installed
/// once and stay between runs; a list that changed is installed afresh. Test processes that want the same folder at the
/// same time wait for each other. Install scripts never run.
/// </summary>
/// <remarks>
/// Another test project uses it by linking the folder:
/// <c>&lt;Compile Include="../Florist.Tests/Testing/Npm/*.cs" LinkBase="Testing/Npm" /&gt;</c>.
/// </remarks>
internal sealed partial class NpmFolder
{
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LockRetry = TimeSpan.FromMilliseconds(100);

    private NpmFolder(string folder)
    {
        Folder = folder;
    }

    /// <summary>The folder that holds <c>package.json</c> and <c>node_modules</c>.</summary>
    public string Folder { get; }

    /// <summary>The root of the repository: the nearest folder above the binaries that holds the solution.</summary>
    public static string RepositoryRoot { get; } = FindRepositoryRoot();

    /// <summary>
    /// Answers the folder with exactly these packages in it. Skips the test, saying why, where node or npm is missing;
    /// throws when the installation fails.
    /// </summary>
    /// <param name="name">Name of the folder; one list of packages each.</param>
    /// <param name="packages">Packages with exact versions, such as <c>@grpc/grpc-js@1.14.7</c>.</param>
    public static async Task<NpmFolder> Install(string name, IReadOnlyList<string> packages)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        foreach (string program in (string[])["node", "npm"])
        {
            Assert.SkipUnless(await Tool.Exists(program, cancellation), $"{program} is not on the PATH");
        }

        string path = Path.Combine(RepositoryRoot, "artifacts", "npm", name);
        Directory.CreateDirectory(path);
        await using FileStream hold = await Lock(path + ".lock", cancellation);
        string manifest = Manifest(name, packages);
        string installed = Path.Combine(path, "installed.json");
        if (!File.Exists(installed) || await File.ReadAllTextAsync(installed, cancellation) != manifest)
        {
            Directory.Delete(path, recursive: true);
            Directory.CreateDirectory(path);
            await File.WriteAllTextAsync(Path.Combine(path, "package.json"), manifest, cancellation);
            string[] install = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"];
            ToolRun run = await Tool.Run("npm", install, path, InstallLimit, cancellation);
            Assert.True(run.ExitCode == 0, run.Said);

            // Written last: a folder without it was left half done.
            await File.WriteAllTextAsync(installed, manifest, cancellation);
        }

        return new(path);
    }

    /// <summary>Full path of a file inside a package, named by its parts.</summary>
    public string Locate(params string[] parts)
    {
        return Path.Combine([Folder, "node_modules", .. parts]);
    }

    /// <summary>Runs a script of a package under node, in the given folder.</summary>
    public Task<ToolRun> Node(string script, IEnumerable<string> arguments, string folder, TimeSpan limit)
    {
        return Tool.Run("node", [Locate(script), .. arguments], folder, limit, TestContext.Current.CancellationToken);
    }

    private static string Manifest(string name, IReadOnlyList<string> packages)
    {
        SortedDictionary<string, string> dependencies = new(StringComparer.Ordinal);
        foreach (string package in packages)
        {
            Match match = ExactVersion().Match(package);
            Assert.True(match.Success, $"'{package}' is no package with an exact version");
            dependencies.Add(match.Groups["id"].Value, match.Groups["version"].Value);
        }

        return JsonSerializer.Serialize(new { name, @private = true, dependencies });
    }

    private static async Task<FileStream> Lock(string path, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stop.CancelAfter(InstallLimit);
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                // Another test process holds it. There is nothing to wait on but the file itself.
                await Task.Delay(LockRetry, stop.Token);
            }
        }
    }

    private static string FindRepositoryRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Florist.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests run outside the repository: no Florist.sln above them.");
    }

    [GeneratedRegex(@"^(?<id>(@[a-z0-9._-]+/)?[a-z0-9._-]+)@(?<version>\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?)$")]
    private static partial Regex ExactVersion();
}
