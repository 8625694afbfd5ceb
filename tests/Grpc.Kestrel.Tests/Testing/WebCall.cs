using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Grpc.Kestrel.Tests.Probe;

namespace Grpc.Kestrel.Tests.Testing;

/// <summary>A gRPC-Web call made of plain HTTP.</summary>
internal static class WebCall
{
    public const string Binary = "application/grpc-web";
    public const string Text = "application/grpc-web-text";

    public static HttpRequestMessage Request(string method, string contentType, byte[] body, Version? version = null)
    {
        HttpRequestMessage request = new(HttpMethod.Post, "/probe.v1.Probe/" + method)
        {
            Version = version ?? HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        return request.With("x-grpc-web", "1");
    }

    public static byte[] Base64(byte[] bytes) => Encoding.ASCII.GetBytes(Convert.ToBase64String(bytes));

    public static async Task<WebAnswer> CallWeb(this HttpClient client, HttpRequestMessage request)
    {
        using HttpResponseMessage response = await client.SendAsync(request);
        return new WebAnswer(response, await response.Content.ReadAsByteArrayAsync());
    }
}

/// <summary>An answer of gRPC-Web: messages, and trailers as the last frame or among the headers.</summary>
internal sealed class WebAnswer
{
    public WebAnswer(HttpResponseMessage response, byte[] body)
    {
        HttpStatus = (int)response.StatusCode;
        ContentType = response.Content.Headers.ContentType?.ToString();
        Headers = response.Headers.ToDictionary(
            field => field.Key, field => string.Join("|", field.Value), StringComparer.OrdinalIgnoreCase);
        Body = body;
        byte[] frames = ContentType == WebCall.Text ? Decode(body) : body;
        for (int at = 0; at < frames.Length;)
        {
            Assert.False(HasTrailers, "There is something after the trailers.");
            int length = BinaryPrimitives.ReadInt32BigEndian(frames.AsSpan(at + 1));
            byte[] payload = frames.AsSpan(at + 5, length).ToArray();
            if ((frames[at] & 0x80) != 0)
            {
                HasTrailers = true;
                TrailerLines = Encoding.ASCII.GetString(payload);
            }
            else
            {
                Messages.Add((frames[at], payload));
            }

            at += 5 + length;
        }
    }

    public int HttpStatus { get; }

    public string? ContentType { get; }

    public byte[] Body { get; }

    public Dictionary<string, string> Headers { get; }

    public List<(byte Flag, byte[] Payload)> Messages { get; } = [];

    public bool HasTrailers { get; }

    public string TrailerLines { get; } = "";

    public ProbeReply Reply(int index = 0) => ProbeReply.Parser.ParseFrom(Messages[index].Payload);

    // A sequence of pieces, each with padding of its own.
    private static byte[] Decode(byte[] body)
    {
        string text = Encoding.ASCII.GetString(body);
        using MemoryStream bytes = new();
        for (int at = 0; at < text.Length; at += 4)
        {
            bytes.Write(Convert.FromBase64String(text.Substring(at, 4)));
        }

        return bytes.ToArray();
    }
}
