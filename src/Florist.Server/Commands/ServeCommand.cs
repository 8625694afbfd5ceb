using System.CommandLine;

namespace Florist.Server.Commands;

/// <summary><c>serve</c>: runs the server until it is told to stop.</summary>
internal static class ServeCommand
{
    private static readonly Option<string> Data = new("--data")
    {
        Description = "Folder of the database, the mail folder and the SMS log. One process owns it at a time.",
        DefaultValueFactory = _ => "./data",
    };

    private static readonly Option<string> Urls = new("--urls")
    {
        Description = "Where gRPC is served (HTTP/2 without TLS), as http://ADDRESS:PORT. Port 0 takes a free one.",
        DefaultValueFactory = _ => "http://127.0.0.1:5080",
    };

    private static readonly Option<string?> Http1Urls = new("--http1-urls")
    {
        Description = "Where HTTP/1.1 is served (health, browsers). Default: the next port after --urls.",
    };

    private static readonly Option<bool> Standby = new("--standby")
    {
        Description = "When another process owns the data folder, wait and take over when it is gone.",
    };

    private static readonly Option<string> Role = new("--role", "--Role")
    {
        Description = "What this process runs: all, silo (grains without services) or gateway (services without "
            + "grains). The latter two take a build for clusters, see docs/cluster.md.",
        DefaultValueFactory = _ => "all",
    };

    /// <summary>The verb.</summary>
    public static Command Make()
    {
        Command command = new(
            "serve",
            "Serves gRPC and HTTP/1.1 until stopped. Any setting can be given as --Section:Key=value.");
        MakeDefaultOf(command);
        return command;
    }

    /// <summary>Gives a command the options and the action of the verb.</summary>
    public static void MakeDefaultOf(Command command)
    {
        command.Options.Add(Data);
        command.Options.Add(Urls);
        command.Options.Add(Http1Urls);
        command.Options.Add(Standby);
        command.Options.Add(Role);
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(Run);
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        // The command line must hold this task before the server can be told to stop: a signal that came while it did
        // not would end the process at once instead of letting it drain.
        await Task.Yield();
        if (Settings.Unknown(parsed.UnmatchedTokens) is { } unknown)
        {
            await Console.Error.WriteLineAsync($"Unrecognised argument '{unknown}'. See --help.");
            return 1;
        }

        ServeOptions options = new()
        {
            DataFolder = Path.GetFullPath(parsed.GetValue(Data) ?? "./data"),
            Http2Url = parsed.GetValue(Urls) ?? "",
            Http1Url = parsed.GetValue(Http1Urls),
            Standby = parsed.GetValue(Standby),
            Settings = [.. parsed.UnmatchedTokens, .. RoleSetting(parsed)],
        };
        return await Serving.Run(options, cancellationToken);
    }

    // Only what was said: the setting may also come from the environment.
    private static string[] RoleSetting(ParseResult parsed) => parsed.GetResult(Role) is { Implicit: false }
        ? [$"--{HostRoles.Setting}={parsed.GetValue(Role)}"]
        : [];
}
