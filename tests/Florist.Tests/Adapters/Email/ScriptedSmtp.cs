using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Florist.Tests.Adapters.Email;

/// <summary>A server on loopback that does, for each connection, exactly what a test tells it to.</summary>
internal sealed class ScriptedSmtp : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    public ScriptedSmtp(Func<SmtpPeer, Task> script)
    {
        _listener.Start();
        _accepting = Accept(script);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public ConcurrentQueue<string> Heard { get; } = new();

    public int Connections { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task Accept(Func<SmtpPeer, Task> script)
    {
        List<Task> peers = [];
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Connections++;
                peers.Add(Serve(client, script));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(peers);
        }
    }

    private async Task Serve(TcpClient client, Func<SmtpPeer, Task> script)
    {
        using SmtpPeer peer = new(client, Heard, _stop.Token);
        try
        {
            await script(peer);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client went away or the test is over; what was heard until then is what the test looks at.
            peer.Dispose();
        }
    }
}

/// <summary>The server's end of one connection.</summary>
internal sealed class SmtpPeer : IDisposable
{
    private readonly TcpClient _client;
    private readonly NetworkStream _stream;
    private readonly ConcurrentQueue<string> _heard;

    public SmtpPeer(TcpClient client, ConcurrentQueue<string> heard, CancellationToken stop)
    {
        _client = client;
        _stream = client.GetStream();
        _heard = heard;
        Stop = stop;
    }

    public CancellationToken Stop { get; }

    public async Task Say(string text) => await _stream.WriteAsync(Encoding.ASCII.GetBytes(text), Stop);

    public async Task<string> Hear()
    {
        StringBuilder line = new();
        byte[] one = new byte[1];
        while (true)
        {
            await _stream.ReadExactlyAsync(one, Stop);
            if (one[0] == '\n')
            {
                string text = line.ToString().TrimEnd('\r');
                _heard.Enqueue(text);
                return text;
            }

            line.Append((char)one[0]);
        }
    }

    public async Task HearContent()
    {
        while (await Hear() != ".")
        {
        }
    }

    /// <summary>Reads some bytes and throws them away.</summary>
    public async Task Swallow(int count) => await _stream.ReadExactlyAsync(new byte[count], Stop);

    /// <summary>Hangs up so that the client's next write or read fails.</summary>
    public void Cut()
    {
        _client.LingerState = new LingerOption(true, 0);
        _client.Close();
    }

    /// <summary>Says nothing until the test is over.</summary>
    public Task Silence() => Task.Delay(Timeout.Infinite, Stop);

    /// <summary>Answers every command as a server should, until the command that begins with the given word.</summary>
    public async Task<string> ServeUntil(
        string word, string hello = "250-scripted\r\n250-SIZE 100000000\r\n250 8BITMIME\r\n")
    {
        while (true)
        {
            string command = await Hear();
            if (word.Length > 0 && command.StartsWith(word, StringComparison.Ordinal))
            {
                return command;
            }

            await Say(command.Split(' ', ':')[0] switch
            {
                "EHLO" => hello,
                "DATA" => "354 go on\r\n",
                "QUIT" => "221 bye\r\n",
                _ => "250 2.0.0 ok\r\n",
            });
            if (command == "DATA")
            {
                await HearContent();
                await Say("250 2.0.0 queued as 7\r\n");
            }
        }
    }

    public void Dispose() => _client.Dispose();
}
