using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Florist.Tests.Testing.Npm;

namespace Florist.Server.Tests.Testing;

/// <summary>A server in a process of its own, on a folder that may outlive it.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _output;
    private readonly Task<string> _errors;

    private ServerProcess(Process process, Task<string> errors, string folder, Match announced)
    {
        _process = process;
        _errors = errors;
        Folder = folder;
        Address = new Uri(announced.Groups["http2"].Value);
        Pages = new Uri(announced.Groups["http1"].Value);

        // Read to the end, or the server would block once the pipe is full.
        _output = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
    }

    /// <summary>Its data folder.</summary>
    public string Folder { get; }

    /// <summary>Where it serves gRPC.</summary>
    public Uri Address { get; }

    /// <summary>Where it serves HTTP/1.1.</summary>
    public Uri Pages { get; }

    /// <summary>Starts a server on free ports and waits until it has said where it serves.</summary>
    public static Task<ServerProcess> Start(string folder, params string[] settings) =>
        StartIn("Development", folder, settings);

    /// <summary>Starts a server of another environment.</summary>
    public static Task<ServerProcess> StartIn(string environment, string folder, params string[] settings) =>
        Start(environment, folder, ["--urls", "http://127.0.0.1:0", .. settings]);

    /// <summary>Starts another server where this one served, once it has ended.</summary>
    public Task<ServerProcess> StartAgain(params string[] settings) => Start(
        "Development",
        Folder,
        ["--urls", Address.OriginalString, "--http1-urls", Pages.OriginalString, .. settings]);

    private static async Task<ServerProcess> Start(string environment, string folder, string[] rest)
    {
        Process process = new()
        {
            StartInfo = FloristTool.Prepare(["serve", "--data", folder, .. rest], environment),
        };
        process.Start();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        try
        {
            return new ServerProcess(process, errors, folder, await UntilAnnounced(process, errors));
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    /// <summary>Ends it as <c>kill -9</c> does; returns when it is gone.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await Ended();
    }

    /// <summary>Asks it to stop, as a service manager does; answers its exit code.</summary>
    public async Task<int> Stop()
    {
        string id = _process.Id.ToString(CultureInfo.InvariantCulture);
        ToolRun kill = await Tool.Run(
            "kill", ["-TERM", id], Folder, FloristTool.Patience, TestContext.Current.CancellationToken);
        Assert.True(kill.ExitCode == 0, kill.Said);
        await Ended();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await Kill();
        }

        _process.Dispose();
    }

    private async Task Ended()
    {
        using CancellationTokenSource limit = new(FloristTool.Patience);
        await _process.WaitForExitAsync(limit.Token);
        await _output;
        await _errors;
    }

    private static async Task<Match> UntilAnnounced(Process process, Task<string> errors)
    {
        using CancellationTokenSource limit = new(FloristTool.Patience);
        StringBuilder said = new();
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (Announcement().Match(line) is { Success: true } announced)
            {
                return announced;
            }

            said.AppendLine(line);
        }

        throw new InvalidOperationException($"the server did not start\n{said}\n{await errors}");
    }

    [GeneratedRegex(@"Florist serves gRPC at (?<http2>http://\S+) .* pages at (?<http1>http://\S+) ")]
    private static partial Regex Announcement();
}
