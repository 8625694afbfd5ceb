using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Florist.Tests.Testing.Npm;

namespace Florist.Server.Tests.Channels;

/// <summary>Prism, which serves a published OpenAPI contract and refuses requests that break it.</summary>
internal sealed class PrismPeer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);
    private readonly Process _process;
    private readonly Task _said;

    private PrismPeer(Process process, Task said, string url)
    {
        _process = process;
        _said = said;
        Url = url;
    }

    public string Url { get; }

    /// <summary>Serves the contract; skips the test where node or the contract is missing.</summary>
    /// <param name="contract">The contract's path from the root of the repository.</param>
    public static async Task<PrismPeer> Start(params string[] contract)
    {
        string path = Path.GetFullPath(Path.Combine([NpmFolder.RepositoryRoot, .. contract]));
        Assert.SkipUnless(File.Exists(path), $"{string.Join('/', contract)} is not there");
        NpmFolder npm = await NpmFolder.Install("prism", ["@stoplight/prism-cli@5.16.0"]);
        string port = FreePort();
        string script = npm.Locate("@stoplight", "prism-cli", "dist", "index.js");
        Process process = new()
        {
            StartInfo = new("node", [script, "mock", path, "--port", port, "--host", "127.0.0.1"])
            {
                WorkingDirectory = npm.Folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            },
        };
        process.Start();
        try
        {
            await UntilListening(process);
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
            throw;
        }

        // Its log is read to the end, or it would block once the pipe is full.
        return new PrismPeer(process, process.StandardOutput.ReadToEndAsync(), $"http://127.0.0.1:{port}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _said;
        _process.Dispose();
    }

    private static async Task UntilListening(Process process)
    {
        using CancellationTokenSource limit = new(StartLimit);
        string? line;
        do
        {
            line = await process.StandardOutput.ReadLineAsync(limit.Token);
            Assert.True(line is not null, "Prism has ended");
        }
        while (!line.Contains("Prism is listening", StringComparison.Ordinal));
    }

    private static string FreePort()
    {
        using TcpListener free = new(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
