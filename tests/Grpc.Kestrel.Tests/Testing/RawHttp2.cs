using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Grpc.Kestrel.Tests.Testing;

/// <summary>One frame of HTTP/2 (RFC 9113, section 4.1).</summary>
internal sealed record RawFrame(byte Type, byte Flags, int Stream, byte[] Payload)
{
    public const byte Data = 0;
    public const byte Headers = 1;
    public const byte Reset = 3;
    public const byte Settings = 4;
    public const byte Ping = 6;
    public const byte GoAway = 7;
    public const byte WindowUpdate = 8;
    public const byte EndStream = 1;
    public const byte EndHeaders = 4;
    public const byte Ack = 1;

    public bool EndsStream => Type is Data or Headers && (Flags & EndStream) != 0;

    public uint ErrorCode => BinaryPrimitives.ReadUInt32BigEndian(Payload);
}

/// <summary>A connection of hand-made HTTP/2 frames, for what an HTTP client would tidy up or hide.</summary>
internal sealed class RawHttp2 : IDisposable
{
    private readonly TcpClient tcp = new();
    private Stream? stream;

    private Stream Wire => stream ?? throw new InvalidOperationException("The connection is not open.");

    public static async Task<RawHttp2> Connect(Uri address)
    {
        RawHttp2 connection = new();
        await connection.tcp.ConnectAsync(IPAddress.Loopback, address.Port);
        connection.tcp.NoDelay = true;
        connection.stream = connection.tcp.GetStream();
        await connection.Wire.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
        await connection.Send(new RawFrame(RawFrame.Settings, 0, 0, []));
        return connection;
    }

    public async Task Send(RawFrame frame)
    {
        byte[] bytes = new byte[9 + frame.Payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, frame.Payload.Length << 8);
        bytes[3] = frame.Type;
        bytes[4] = frame.Flags;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(5), frame.Stream);
        frame.Payload.CopyTo(bytes, 9);
        await Wire.WriteAsync(bytes);
    }

    /// <summary>Opens a stream with a call of a method of the probe.</summary>
    public Task Call(int streamId, string method, params (string Name, string Value)[] fields)
    {
        using MemoryStream block = new();
        foreach ((string name, string value) in (IEnumerable<(string, string)>)
            [
                (":method", "POST"), (":scheme", "http"), (":path", "/probe.v1.Probe/" + method),
                (":authority", "localhost"), ("content-type", "application/grpc"), ("te", "trailers"), .. fields,
            ])
        {
            // A literal field without indexing and without Huffman coding (RFC 7541, section 6.2.2).
            block.WriteByte(0);
            WriteText(block, name);
            WriteText(block, value);
        }

        return Send(new RawFrame(RawFrame.Headers, RawFrame.EndHeaders, streamId, block.ToArray()));
    }

    public Task Data(int streamId, byte[] bytes, bool isEnd = false) =>
        Send(new RawFrame(RawFrame.Data, isEnd ? RawFrame.EndStream : (byte)0, streamId, bytes));

    public Task Reset(int streamId, uint errorCode)
    {
        byte[] payload = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(payload, errorCode);
        return Send(new RawFrame(RawFrame.Reset, 0, streamId, payload));
    }

    /// <summary>Reads until a stream is reset or a ping is answered, and returns the frames of streams.</summary>
    public async Task<List<RawFrame>> ReadUntil(byte type)
    {
        List<RawFrame> frames = [];
        while (true)
        {
            RawFrame frame = await Read();
            if (frame.Stream != 0 && frame.Type != RawFrame.WindowUpdate)
            {
                frames.Add(frame);
            }

            if (frame.Type == type)
            {
                return frames;
            }
        }
    }

    /// <summary>Pings and returns the frames of streams that the server had sent before it answered.</summary>
    public async Task<List<RawFrame>> SentSoFar()
    {
        await Send(new RawFrame(RawFrame.Ping, 0, 0, new byte[8]));
        return await ReadUntil(RawFrame.Ping);
    }

    public void Dispose() => tcp.Dispose();

    private static void WriteText(MemoryStream block, string text)
    {
        Assert.InRange(text.Length, 0, 126);
        block.WriteByte((byte)text.Length);
        block.Write(Encoding.ASCII.GetBytes(text));
    }

    private async Task<RawFrame> Read()
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
        byte[] head = new byte[9];
        await Wire.ReadExactlyAsync(head, patience.Token);
        byte[] payload = new byte[BinaryPrimitives.ReadInt32BigEndian(head) >> 8];
        await Wire.ReadExactlyAsync(payload, patience.Token);
        RawFrame frame = new(head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payload);
        if (frame is { Type: RawFrame.Settings, Flags: 0 })
        {
            await Send(new RawFrame(RawFrame.Settings, RawFrame.Ack, 0, []));
        }

        return frame;
    }
}
