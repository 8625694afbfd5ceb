using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Grpc.Kestrel.Tests.Probe;

namespace Grpc.Kestrel.Tests.Testing;

/// <summary>A call made of plain HTTP, so that tests see the wire and not a client's reading of it.</summary>
internal static class RawCall
{
    public static HttpRequestMessage Request(string method, params byte[][] frames) =>
        Request(method, new ByteArrayContent(Join(frames)));

    public static HttpRequestMessage Request(string method, HttpContent content)
    {
        HttpRequestMessage request = new(HttpMethod.Post, "/probe.v1.Probe/" + method)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TryAddWithoutValidation("te", "trailers");
        return request;
    }

    public static HttpRequestMessage With(this HttpRequestMessage request, string name, params string[] values)
    {
        Assert.True(request.Headers.TryAddWithoutValidation(name, values));
        return request;
    }

    public static byte[] Frame(IMessage message) => Frame(0, message.ToByteArray());

    public static byte[] Frame(byte flag, byte[] payload)
    {
        byte[] frame = new byte[5 + payload.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), payload.Length);
        payload.CopyTo(frame, 5);
        return frame;
    }

    public static byte[] Frame(string text, string action = "", int number = 0) =>
        Frame(new ProbeRequest { Text = text, Action = action, Number = number });

    public static byte[] Gzip(byte[] plain) => Compress(plain, s => new GZipStream(s, CompressionLevel.Fastest));

    public static byte[] Zlib(byte[] plain) => Compress(plain, s => new ZLibStream(s, CompressionLevel.Fastest));

    public static async Task<RawAnswer> Call(this HttpClient client, HttpRequestMessage request)
    {
        using HttpResponseMessage response = await client.SendAsync(request);
        byte[] body = await response.Content.ReadAsByteArrayAsync();
        return new RawAnswer(response, body);
    }

    private static byte[] Compress(byte[] plain, Func<Stream, Stream> compressor)
    {
        using MemoryStream target = new();
        using (Stream stream = compressor(target))
        {
            stream.Write(plain);
        }

        return target.ToArray();
    }

    private static byte[] Join(byte[][] frames)
    {
        using MemoryStream all = new();
        foreach (byte[] frame in frames)
        {
            all.Write(frame);
        }

        return all.ToArray();
    }
}

/// <summary>An answer as it came over the wire.</summary>
internal sealed class RawAnswer
{
    public RawAnswer(HttpResponseMessage response, byte[] body)
    {
        HttpStatus = (int)response.StatusCode;
        ContentType = response.Content.Headers.ContentType?.ToString();
        Headers = Fields(response.Headers);
        Trailers = Fields(response.TrailingHeaders);
        Body = body;
        for (int at = 0; at < body.Length && HttpStatus == 200;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(at + 1));
            Messages.Add((body[at], body.AsSpan(at + 5, length).ToArray()));
            at += 5 + length;
        }
    }

    public int HttpStatus { get; }

    public byte[] Body { get; }

    public string? ContentType { get; }

    public Dictionary<string, string> Headers { get; }

    public Dictionary<string, string> Trailers { get; }

    public List<(byte Flag, byte[] Payload)> Messages { get; } = [];

    public bool IsTrailersOnly => Headers.ContainsKey("grpc-status") && Trailers.Count == 0 && Messages.Count == 0;

    /// <summary>The status, wherever it came; null when there is none.</summary>
    public string? Status => Trailers.GetValueOrDefault("grpc-status") ?? Headers.GetValueOrDefault("grpc-status");

    /// <summary>The message of the status as it was encoded; null when there is none.</summary>
    public string? Message => Trailers.GetValueOrDefault("grpc-message") ?? Headers.GetValueOrDefault("grpc-message");

    public ProbeReply Reply(int index = 0) => ProbeReply.Parser.ParseFrom(Messages[index].Payload);

    private static Dictionary<string, string> Fields(HttpHeaders fields) => fields.ToDictionary(
        field => field.Key, field => string.Join("|", field.Value), StringComparer.OrdinalIgnoreCase);
}
