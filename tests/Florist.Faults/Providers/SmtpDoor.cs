using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Florist.Faults.Providers;

/// <summary>
/// As much of a submission server as a sender needs: it accepts every message and knows it by its Message-ID. Nobody
/// can ask it afterwards, as nobody can ask a real one.
/// </summary>
internal sealed class SmtpDoor(SentLedger ledger, Func<DateTimeOffset> now) : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Begins to listen.</summary>
    public void Open()
    {
        listener.Start();
        _ = Serve();
    }

    public void Dispose() => listener.Dispose();

    private async Task Serve()
    {
        while (true)
        {
            TcpClient client = await listener.AcceptTcpClientAsync();
            _ = Talk(client);
        }
    }

    private async Task Talk(TcpClient client)
    {
        using (client)
        {
            try
            {
                await using NetworkStream stream = client.GetStream();
                using StreamReader reader = new(stream, Encoding.Latin1);
                await using StreamWriter writer = new(stream, Encoding.Latin1) { NewLine = "\r\n", AutoFlush = true };
                await writer.WriteLineAsync("220 provider ESMTP");
                await Converse(reader, writer);
            }
            catch (IOException)
            {
                // The sender was killed.
            }
        }
    }

    private async Task Converse(StreamReader reader, StreamWriter writer)
    {
        string to = "";
        while (await reader.ReadLineAsync() is { } line)
        {
            string verb = line.Split(' ', ':')[0].ToUpperInvariant();
            to = verb == "RCPT" ? line.Split('<', '>')[1] : to;
            switch (verb)
            {
                case "EHLO" or "HELO":
                    await writer.WriteAsync("250-provider\r\n250 8BITMIME\r\n");
                    break;
                case "DATA":
                    await writer.WriteLineAsync("354 go on");
                    if (await Content(reader) is not { } key)
                    {
                        return;
                    }

                    ledger.Accept(new SentMessage("email", key, to, "", now()));
                    await writer.WriteLineAsync("250 2.0.0 taken");
                    break;
                case "QUIT":
                    await writer.WriteLineAsync("221 bye");
                    return;
                default:
                    await writer.WriteLineAsync("250 2.0.0 ok");
                    break;
            }
        }
    }

    // The key stands before the @ of the Message-ID. Null: the connection broke off within the message.
    private static async Task<string?> Content(StreamReader reader)
    {
        string? key = null;
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line == ".")
            {
                return key ?? throw new InvalidDataException("a message without a Message-ID");
            }

            key ??= line.StartsWith("Message-ID: <", StringComparison.OrdinalIgnoreCase)
                ? line["Message-ID: <".Length..line.IndexOf('@', StringComparison.Ordinal)]
                : null;
        }

        return null;
    }
}
