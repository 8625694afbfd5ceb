using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Grpc.Kestrel.Tests.Testing;

namespace Grpc.Kestrel.Tests.Interop;

/// <summary>The server as the gRPC client of Node.js sees it: one run of all cases, one test for each.</summary>
public class GrpcJsTests(GrpcJsRun run) : IClassFixture<GrpcJsRun>
{
    [Theory]
    [InlineData("a unary call")]
    [InlineData("a stream of requests")]
    [InlineData("a stream of responses")]
    [InlineData("an empty stream of responses")]
    [InlineData("two streams in turn")]
    [InlineData("metadata both ways")]
    [InlineData("an error with trailers")]
    [InlineData("an error after responses")]
    [InlineData("an exception")]
    [InlineData("a method that is not written")]
    [InlineData("a message that is too large")]
    [InlineData("large messages both ways")]
    [InlineData("a deadline")]
    [InlineData("a cancelled call")]
    [InlineData("gzip both ways")]
    [InlineData("a server that has heard enough")]
    public void The_client_of_node_is_content_with(string name)
    {
        Assert.SkipWhen(run.Obstacle is not null, run.Obstacle ?? "");

        Assert.True(run.Failures.TryGetValue(name, out string? failure), $"The case did not run. {run.Errors}");
        Assert.True(failure is null, failure);
    }

    [Fact]
    public void The_list_of_cases_is_complete()
    {
        Assert.SkipWhen(run.Obstacle is not null, run.Obstacle ?? "");

        Assert.Equal(16, run.Failures.Count);
    }
}

/// <summary>Fetches the client once into the build output and runs its cases against a server of its own.</summary>
public sealed class GrpcJsRun : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Why the cases cannot run on this machine; null when they ran.</summary>
    public string? Obstacle { get; private set; }

    /// <summary>What went wrong in each case that ran; null when nothing did.</summary>
    public Dictionary<string, string?> Failures { get; } = [];

    public string Errors { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "Interop");
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "@grpc", "grpc-js")))
        {
            (int? code, string output) = await Run(
                folder, "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock");
            Obstacle = code switch
            {
                null => "Node.js and npm are not installed.",
                0 => null,
                _ when Environment.GetEnvironmentVariable("CI") is null => $"@grpc/grpc-js cannot be fetched: {output}",
                _ => throw new InvalidOperationException($"@grpc/grpc-js cannot be fetched: {output}"),
            };
        }

        if (Obstacle is null)
        {
            await RunCases(folder);
        }
    }

    public ValueTask DisposeAsync() => default;

    private async Task RunCases(string folder)
    {
        await using ProbeServer server = await ProbeServer.Start(o => o.ResponseCompressionAlgorithm = "gzip");
        string proto = Path.Combine(AppContext.BaseDirectory, "probe.proto");
        (int? code, string output) = await Run(folder, "node", "interop.mjs", server.Address.Authority, proto);
        Errors = $"Exit code {code}. {output}";
        foreach (string line in output.Split('\n').Where(line => line.StartsWith('{')))
        {
            Case result = JsonSerializer.Deserialize<Case>(line, JsonSerializerOptions.Web)
                ?? throw new JsonException($"No case: {line}");
            Failures[result.Name] = result.Failure;
        }
    }

    private static async Task<(int? Code, string Output)> Run(string folder, string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process process = Process.Start(start)
                ?? throw new InvalidOperationException($"{program} did not start.");
            using CancellationTokenSource patience = new(Patience);
            try
            {
                Task<string> errors = process.StandardError.ReadToEndAsync(patience.Token);
                string output = await process.StandardOutput.ReadToEndAsync(patience.Token);
                await process.WaitForExitAsync(patience.Token);
                return (process.ExitCode, output + await errors);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw new TimeoutException($"{program} did not end within {Patience}.");
            }
        }
        catch (Win32Exception)
        {
            return (null, "");
        }
    }

    private sealed record Case(string Name, string? Failure);
}
