using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Florist.Server.Tests.Testing;

namespace Florist.Server.Tests.Peers;

/// <summary>
/// A program of another language that is told on its input what to do and says on its output what came of it, one JSON
/// object a line. Every line carries the id of the call that it belongs to.
/// </summary>
internal sealed class LinePeer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<int, Channel<JsonElement>> _calls = [];
    private readonly Process _process;
    private readonly Task _reading;
    private readonly Task<string> _errors;
    private int _last;

    /// <summary>Starts the program.</summary>
    /// <param name="program">Its interpreter.</param>
    /// <param name="arguments">Script and arguments.</param>
    /// <param name="folder">Where it runs.</param>
    public LinePeer(string program, IEnumerable<string> arguments, string folder)
    {
        _process = new Process
        {
            StartInfo = new(program, arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
                StandardOutputEncoding = Encoding.UTF8,
                StandardErrorEncoding = Encoding.UTF8,
            },
        };
        _process.Start();
        _errors = _process.StandardError.ReadToEndAsync();
        _reading = Read();
    }

    /// <summary>Begins a call with a first line.</summary>
    public async Task<PeerCall> Begin(Dictionary<string, object> line)
    {
        PeerCall call = new(this, ++_last);
        await call.Tell(line);
        return call;
    }

    /// <summary>Ends the program without a word, as when its machine loses power.</summary>
    public async Task Kill()
    {
        _process.Kill();
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

    private async Task Ended()
    {
        using CancellationTokenSource limit = new(FloristTool.Patience);
        await _process.WaitForExitAsync(limit.Token);
        await _reading;
    }

    private Channel<JsonElement> Answers(int id) => _calls.GetOrAdd(id, _ => Channel.CreateUnbounded<JsonElement>());

    private async Task Read()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            JsonElement said = JsonElement.Parse(line);
            Answers(said.GetProperty("id").GetInt32()).Writer.TryWrite(said);
        }

        string errors = await _errors;
        foreach (Channel<JsonElement> answers in _calls.Values)
        {
            answers.Writer.TryComplete(new InvalidOperationException($"the peer has ended\n{errors}"));
        }
    }

    /// <summary>One call of the peer.</summary>
    internal sealed class PeerCall(LinePeer peer, int id)
    {
        private readonly Channel<JsonElement> _answers = peer.Answers(id);

        /// <summary>Tells the peer one thing more.</summary>
        public async Task Tell(Dictionary<string, object> line)
        {
            string text = JsonSerializer.Serialize(new Dictionary<string, object>(line) { ["id"] = id });
            await peer._process.StandardInput.WriteLineAsync(text);
            await peer._process.StandardInput.FlushAsync();
        }

        /// <summary>The next message of the server; fails when the call ended instead.</summary>
        public async Task<JsonElement> Heard()
        {
            JsonElement said = await Next();
            return said.TryGetProperty("heard", out JsonElement heard) ? heard : throw new PeerCallException(said);
        }

        /// <summary>The status that the call ends with, read past the messages before it.</summary>
        public async Task<string> Ended()
        {
            while (true)
            {
                if ((await Next()).TryGetProperty("ended", out JsonElement ended))
                {
                    return ended.GetString() ?? "";
                }
            }
        }

        private async Task<JsonElement> Next()
        {
            using CancellationTokenSource limit = new(FloristTool.Patience);
            return await _answers.Reader.ReadAsync(limit.Token);
        }
    }
}

/// <summary>A call ended where a message was expected.</summary>
internal sealed class PeerCallException(JsonElement said) : Exception(said.GetRawText());
