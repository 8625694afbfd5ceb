using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Florist.Server.Tests.Testing;
using Florist.Tests.Testing.Npm;

namespace Florist.Server.Tests.Clients;

/// <summary>A program that runs beside the test, and what it says on either of its outputs, line by line.</summary>
internal sealed class ClientProcess : IAsyncDisposable
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly StringBuilder _said = new();
    private readonly Process _process;
    private readonly Task _reading;

    /// <summary>Starts it.</summary>
    public ClientProcess(ProcessStartInfo start)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.StandardOutputEncoding = Encoding.UTF8;
        start.StandardErrorEncoding = Encoding.UTF8;
        _process = new Process { StartInfo = start };
        _process.Start();

        // Its input stays open: some servers end with it.
        _reading = ReadBoth();
    }

    /// <summary>Waits for a line that contains this; answers it.</summary>
    public async Task<string> Says(string text)
    {
        using CancellationTokenSource limit = new(FloristTool.Patience);
        try
        {
            while (true)
            {
                string line = await _lines.Reader.ReadAsync(limit.Token);
                if (line.Contains(text, StringComparison.Ordinal))
                {
                    return line;
                }
            }
        }
        catch (Exception ended) when (ended is ChannelClosedException or OperationCanceledException)
        {
            throw new InvalidOperationException($"it did not say '{text}' but\n{Said}", ended);
        }
    }

    /// <summary>Waits for its end; answers exit code and everything said.</summary>
    public async Task<ToolRun> Ended()
    {
        using CancellationTokenSource limit = new(FloristTool.Patience);
        await _process.WaitForExitAsync(limit.Token);
        await _reading;
        return new ToolRun(_process.ExitCode, Said, "");
    }

    /// <summary>Asks it to stop, as a service manager does.</summary>
    public async Task<ToolRun> Stop()
    {
        string id = _process.Id.ToString(CultureInfo.InvariantCulture);
        await Tool.Run("kill", ["-TERM", id], AppContext.BaseDirectory, FloristTool.Patience, default);
        return await Ended();
    }

    /// <summary>Ends it, and what it started, as when its machine loses power.</summary>
    public async Task Kill()
    {
        _process.Kill(entireProcessTree: true);
        await Ended();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await Kill();
        }

        _process.Dispose();
    }

    private string Said
    {
        get
        {
            lock (_said)
            {
                return _said.ToString();
            }
        }
    }

    private async Task ReadBoth()
    {
        await Task.WhenAll(Read(_process.StandardOutput), Read(_process.StandardError));
        _lines.Writer.TryComplete();
    }

    private async Task Read(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            lock (_said)
            {
                _said.Append(line).Append('\n');
            }

            _lines.Writer.TryWrite(line);
        }
    }
}
