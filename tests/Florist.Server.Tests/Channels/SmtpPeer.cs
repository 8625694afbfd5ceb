using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Florist.Tests.Testing.Npm;

namespace Florist.Server.Tests.Channels;

/// <summary>How the server behaves; see <c>smtp-peer.js</c>.</summary>
internal sealed record SmtpPeerSettings
{
    public bool Secure { get; init; }

    public string? Key { get; init; }

    public string? Cert { get; init; }

    public string[] Disabled { get; init; } = [];

    public string[] AuthMethods { get; init; } = ["PLAIN", "LOGIN"];

    public bool AuthOptional { get; init; }

    public int Size { get; init; }
}

/// <summary>One line that the server said.</summary>
internal sealed record SmtpPeerLine(
    string Kind, int Port, string? From, string? To, string? User, bool Secure, string? Content, string? Text);

/// <summary>The smtp-server package of npm, in a process of its own.</summary>
internal sealed class SmtpPeer : IAsyncDisposable
{
    private static readonly TimeSpan LineLimit = TimeSpan.FromSeconds(60);
    private readonly Process _process;

    private SmtpPeer(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }

    /// <summary>Installs the package if need be and starts the server; skips the test where node is missing.</summary>
    public static async Task<SmtpPeer> Start(SmtpPeerSettings settings)
    {
        NpmFolder npm = await NpmFolder.Install("smtp-server", ["smtp-server@3.21.6"]);
        string script = Path.Combine(
            NpmFolder.RepositoryRoot, "tests", "Florist.Server.Tests", "Channels", "smtp-peer.js");
        Process process = new()
        {
            StartInfo = new("node", [script, JsonSerializer.Serialize(settings, JsonSerializerOptions.Web)])
            {
                WorkingDirectory = npm.Folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                StandardOutputEncoding = Encoding.UTF8,
            },
        };
        process.Start();
        SmtpPeerLine line = await Next(process);
        Assert.Equal("listening", line.Kind);
        return new SmtpPeer(process, line.Port);
    }

    /// <summary>The next thing the server says.</summary>
    public Task<SmtpPeerLine> Next() => Next(_process);

    /// <summary>The next message that the server takes.</summary>
    public async Task<SmtpPeerLine> NextTaken()
    {
        SmtpPeerLine line;
        do
        {
            line = await Next();
        }
        while (line.Kind != "taken");
        return line;
    }

    /// <summary>Ends the server; answers how many messages it had taken that were not read yet.</summary>
    public async Task<int> End()
    {
        // The script ends with its input.
        _process.StandardInput.Close();
        using CancellationTokenSource limit = new(LineLimit);
        string rest = await _process.StandardOutput.ReadToEndAsync(limit.Token);
        await _process.WaitForExitAsync(limit.Token);
        return rest.Split('\n').Count(line => line.Contains("\"taken\"", StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await End();
        }

        _process.Dispose();
    }

    private static async Task<SmtpPeerLine> Next(Process process)
    {
        using CancellationTokenSource limit = new(LineLimit);
        string? line = await process.StandardOutput.ReadLineAsync(limit.Token);
        Assert.True(line is not null, "the server has ended");
        SmtpPeerLine? said = JsonSerializer.Deserialize<SmtpPeerLine>(line, JsonSerializerOptions.Web);
        Assert.True(said is not null && said.Kind != "error", line);
        return said;
    }
}
