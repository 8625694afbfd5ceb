using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Florist.Kernel;

namespace Florist.Faults.Processes;

/// <summary>How a server is to be started.</summary>
internal sealed record ServerStart
{
    /// <summary>The data folder.</summary>
    public required string Folder { get; init; }

    /// <summary>
    /// The port of HTTP/2: the same at every start, so that clients find it again; 0 where nobody calls.
    /// </summary>
    public required int Port { get; init; }

    /// <summary>The port at which other silos find it; 0 where it is none.</summary>
    public int SiloPort { get; init; }

    /// <summary>Settings, as <c>--Section:Key=value</c>.</summary>
    public ImmutableArray<string> Settings { get; init; } = [];

    /// <summary>The crash point to arm, as <c>storage.commit#3</c>; null for none.</summary>
    public string? Crash { get; init; }

    /// <summary>A program and its arguments that starts the server in turn, such as strace; empty for none.</summary>
    public ImmutableArray<string> Wrapper { get; init; } = [];
}

/// <summary>The real server in a process of its own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly Task output;
    private readonly Task errors;
    private readonly StringBuilder said;

    private ServerProcess(Process process, StringBuilder said, Task<bool> announced, Task output, Task errors)
    {
        this.process = process;
        this.said = said;
        this.output = output;
        this.errors = errors;
        Announced = announced;
        StartedIn = TimeSpan.Zero;
        Id = process.Id;
    }

    /// <summary>True once it has said that it serves; false when it ended before.</summary>
    public Task<bool> Announced { get; }

    /// <summary>How long it took until it served.</summary>
    public TimeSpan StartedIn { get; private set; }

    /// <summary>What it has said so far.</summary>
    public string Said
    {
        get
        {
            lock (said)
            {
                return said.ToString();
            }
        }
    }

    public int Id { get; }

    /// <summary>The port at which other silos find it; 0 where it is none.</summary>
    public int SiloPort { get; private init; }

    public bool HasEnded => process.HasExited;

    /// <summary>Its exit code, 128 and the signal where one ended it.</summary>
    public int ExitCode => process.ExitCode;

    /// <summary>Starts a server; waits until it serves, or has ended before.</summary>
    public static async Task<ServerProcess> Start(ServerStart start)
    {
        long begun = Stopwatch.GetTimestamp();
        string program = Path.Combine(AppContext.BaseDirectory, "Florist.Server.dll");
        ImmutableArray<string> command =
        [
            .. start.Wrapper, "dotnet", program, "serve", "--data", start.Folder,
            "--urls", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{start.Port}"),
            "--http1-urls", "http://127.0.0.1:0", .. start.Settings,
        ];
        ProcessStartInfo info = new(command[0], command[1..])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        info.Environment[CrashPoint.Variable] = start.Crash;

        // Short lives gain nothing from it, and start a quarter faster without.
        info.Environment["DOTNET_TieredPGO"] = "0";
        Process process = new() { StartInfo = info };
        process.Start();
        StringBuilder said = new();
        TaskCompletionSource<bool> announced = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ServerProcess server = new(
            process,
            said,
            announced.Task,
            Follow(process.StandardOutput, said, announced),
            Follow(process.StandardError, said, null))
        {
            SiloPort = start.SiloPort,
        };
        await server.Announced.WaitAsync(Patience);
        server.StartedIn = Stopwatch.GetElapsedTime(begun);
        return server;
    }

    /// <summary>Ends it as <c>kill -9</c> does.</summary>
    public async Task Kill()
    {
        process.Kill(entireProcessTree: true);
        await Ended();
    }

    /// <summary>Tells it to stop, as a service manager does; returns when it has ended, however.</summary>
    public async Task Stop()
    {
        await Signal("TERM");
        await Ended();
    }

    /// <summary>Lets it stand still, as a machine that is moved; <see cref="Continue"/> lets it go on.</summary>
    public Task Pause() => Signal("STOP");

    /// <inheritdoc cref="Pause"/>
    public Task Continue() => Signal("CONT");

    private async Task Signal(string name)
    {
        using Process kill = Process.Start("kill", [$"-{name}", Traced() ?? $"{process.Id}"]);
        await kill.WaitForExitAsync();
    }

    // strace does not pass a signal on; what it started is its only child.
    private string? Traced() => process.ProcessName == "strace"
        ? File.ReadAllText($"/proc/{process.Id}/task/{process.Id}/children").Trim()
        : null;

    /// <summary>Waits until it has ended.</summary>
    public async Task Ended()
    {
        using CancellationTokenSource limit = new(Patience);
        await process.WaitForExitAsync(limit.Token);
        await output;
        await errors;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await Kill();
        }

        process.Dispose();
    }

    private static async Task Follow(StreamReader reader, StringBuilder said, TaskCompletionSource<bool>? announced)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (said)
            {
                said.AppendLine(line);
            }

            if (line.StartsWith("Florist serves gRPC at ", StringComparison.Ordinal)
                || line.StartsWith("Florist runs grains of a cluster", StringComparison.Ordinal))
            {
                announced?.TrySetResult(true);
            }
        }

        announced?.TrySetResult(false);
    }
}
