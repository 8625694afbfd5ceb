using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Florist.Server.Tests.Peers;
using Florist.Server.Tests.Testing;
using Florist.Tests.Testing.Npm;

namespace Florist.Server.Tests.Clients;

/// <summary>
/// A copy of the example clients and the protos below a folder that has the npm packages which the examples name, so
/// that they run by the commands of their page. Programs that would build or fetch something stand in the way of those
/// commands: `dotnet run` runs what is built already, `npm install` and `pip install` find everything there.
/// </summary>
internal sealed partial class ClientTree : IDisposable
{
    private const string UsualHttp2 = "127.0.0.1:5080";
    private const string UsualHttp1 = "127.0.0.1:5081";
    private const string UsualOrigin = "127.0.0.1:8000";

    private static readonly string[] OnNpm = ["web", "node"];
    private static readonly string[] Parts = ["docs/clients", "protos"];
    private static readonly string[] BuildFolders = ["bin", "obj", "gen", "node_modules", "dist"];

    private ClientTree(string npm, string root, string origin)
    {
        Npm = npm;
        Root = root;
        Origin = origin;
    }

    /// <summary>The folder with the packages.</summary>
    public string Npm { get; }

    /// <summary>The root of the copy.</summary>
    public string Root { get; }

    /// <summary>Host and port that a page of the copy is served at.</summary>
    public string Origin { get; }

    /// <summary>Copies; skips the test where node is missing.</summary>
    public static async Task<ClientTree> Make()
    {
        NpmFolder npm = await NpmFolder.Install("clients", Packages());
        string root = Path.Combine(npm.Folder, $"copy-{Guid.CreateVersion7():n}");
        foreach (string part in Parts)
        {
            Copy(Path.Combine(NpmFolder.RepositoryRoot, part), Path.Combine(root, part));
        }

        return new ClientTree(npm.Folder, root, FreeAddress());
    }

    /// <summary>
    /// Lets every command and setting of the copy mean this server, and puts the programs before those of the machine.
    /// </summary>
    public async Task MeanServer(ServerProcess server)
    {
        string python = await PythonOrNone();
        Shim("dotnet", $"""
            case "$1 $3" in
              "run "*src/Florist.Server) shift 4; exec dotnet "{Built("Florist.Server.dll")}" "$@" ;;
              "run "*docs/clients/csharp)
                shift 4; FLORIST_SERVER={server.Address.OriginalString} exec dotnet "{BuiltExample()}" "$@" ;;
            esac
            exit 64
            """);
        Shim("npm", """[ "$1" = install ] || exec npm "$@" """);
        Shim("pip", """[ "$1" = install ]""");
        Shim("python3", $"""exec "{python}" "$@" """);
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*", SearchOption.AllDirectories))
        {
            string text = await File.ReadAllTextAsync(file);
            await File.WriteAllTextAsync(file, text
                .Replace(UsualHttp2, server.Address.Authority, StringComparison.Ordinal)
                .Replace(UsualHttp1, server.Pages.Authority, StringComparison.Ordinal)
                .Replace(UsualOrigin, Origin, StringComparison.Ordinal));
        }
    }

    /// <summary>The commands of the sections of the page, in order: the blocks marked as shell.</summary>
    public string[] Commands(string section)
    {
        string page = File.ReadAllText(Path.Combine(Root, "docs", "clients", "README.md"));
        int start = page.IndexOf($"\n{section}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"the page has no section '{section}'");
        int end = page.IndexOf("\n#", start + section.Length + 1, StringComparison.Ordinal);
        return [.. ShellBlock().Matches(page[start..end]).Select(block => block.Groups["commands"].Value)];
    }

    /// <summary>Starts a shell with commands, in a folder of the copy.</summary>
    public ClientProcess Shell(string commands, string folder = "", params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = new("bash", ["-c", "set -eu\n" + commands])
        {
            WorkingDirectory = Path.Combine(Root, folder),
        };
        start.Environment["PATH"] = $"{Path.Combine(Root, "shims")}:{start.Environment["PATH"]}";
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["PYTHON"] = "python3";
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return new ClientProcess(start);
    }

    /// <summary>Runs commands to their end; answers what they said. Fails when they fail.</summary>
    public async Task<string> Run(string commands, string folder = "", params (string Name, string Value)[] environment)
    {
        await using ClientProcess shell = Shell(commands, folder, environment);
        ToolRun run = await shell.Ended();
        Assert.True(run.ExitCode == 0, run.Said);
        return run.Output;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    // The packages that the examples themselves name, and the driver of the browser.
    private static string[] Packages() =>
    [
        .. OnNpm.SelectMany(PackagesOf).Distinct(StringComparer.Ordinal), "playwright-core@1.65.1",
    ];

    private static IEnumerable<string> PackagesOf(string client)
    {
        string file = Path.Combine(NpmFolder.RepositoryRoot, "docs", "clients", client, "package.json");
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllText(file));
        foreach (string kind in (string[])["dependencies", "devDependencies"])
        {
            if (manifest.RootElement.TryGetProperty(kind, out JsonElement packages))
            {
                foreach (JsonProperty package in packages.EnumerateObject())
                {
                    yield return $"{package.Name}@{package.Value.GetString()}";
                }
            }
        }
    }

    // Only tests of couriers need it, and those skip without it before they come here.
    private static async Task<string> PythonOrNone() =>
        File.Exists("/usr/bin/python3") || !await Tool.Exists("python3", default) ? "/usr/bin/python3" : "python3";

    private static string Built(string file) => Path.Combine(AppContext.BaseDirectory, file);

    // The example is built with the tests, to the folder of its own that corresponds to theirs.
    private static string BuiltExample() => Path.Combine(
        AppContext.BaseDirectory
            .Replace("/tests/Florist.Server.Tests/", "/docs/clients/csharp/", StringComparison.Ordinal)
            .Replace("/bin/Florist.Server.Tests/", "/bin/Florist.Client.Example/", StringComparison.Ordinal),
        "Florist.Client.Example.dll");

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (string folder in Directory.EnumerateDirectories(from))
        {
            if (!BuildFolders.Contains(Path.GetFileName(folder), StringComparer.Ordinal))
            {
                Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
            }
        }
    }

    private static string FreeAddress()
    {
        using TcpListener free = new(IPAddress.Loopback, 0);
        free.Start();
        return string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}");
    }

    // The rest of the PATH is searched for the program itself, or it would find this one again.
    private void Shim(string name, string body)
    {
        string folder = Path.Combine(Root, "shims");
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, name);
        File.WriteAllText(file, $"#!/bin/bash\nPATH=${{PATH#{folder}:}}\n{body}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [GeneratedRegex(@"^```sh\n(?<commands>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ShellBlock();
}
